package convert_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/convert"
)

// results yields texts; one that is empty stands for an error.
func results(texts ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for _, text := range texts {
			var err error
			if text == "" {
				err = errLost
			}
			if !yield(text, err) {
				return
			}
		}
	}
}

var errLost = errors.New("lost")

func TestResultsPassErrorsOn(t *testing.T) {
	var got []string
	for n, err := range convert.TryResults(results("1", "", "x", "4"), strconv.Atoi) {
		got = append(got, fmt.Sprint(n, " ", err != nil))
		if err != nil && !errors.Is(err, errLost) {
			require.ErrorContains(t, err, "[2]: ")
		}
	}
	require.Equal(t, []string{"1 false", "0 true", "0 true", "4 false"}, got)
	for n, err := range convert.Results(results("a", "b"), func(s string) int { return len(s) }) {
		require.NoError(t, err)
		require.Equal(t, 1, n)
		break // the source must not go on
	}
}

func TestSequencesStop(t *testing.T) {
	texts := convert.Sequence(slices.Values([]int{1, 2, 3}), strconv.Itoa)
	require.Equal(t, []string{"1", "2", "3"}, slices.Collect(texts))
	for range texts {
		break
	}
	keys := []string{}
	for k, v := range convert.Pairs(slices.All([]int{7, 8}), strconv.Itoa, strconv.Itoa) {
		keys = append(keys, k+v)
	}
	require.Equal(t, []string{"07", "18"}, keys)
	for range convert.Pairs(slices.All([]int{7, 8}), strconv.Itoa, strconv.Itoa) {
		break
	}
}

func TestNilSequencesStayNil(t *testing.T) {
	require.Nil(t, convert.Sequence[int, string](nil, strconv.Itoa))
	require.Nil(t, convert.Results[int, string](nil, strconv.Itoa))
	require.Nil(t, convert.Pairs[int, string, int, string](nil, strconv.Itoa, strconv.Itoa))
}
