package proxy

import (
	"context"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// counting yields numbers up to n, then ends as end says.
func counting(n int, made *int, end error) func(context.Context, *args) iter.Seq2[int, error] {
	return func(ctx context.Context, _ *args) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			for i := range n {
				*made = i + 1
				if !yield(i, nil) {
					return
				}
			}
			if end != nil {
				yield(n, end)
			}
		}
	}
}

func TestSequences(t *testing.T) {
	made := 0
	var end error
	c := serve(t, Options{}, func(s *Server) {
		HandleSequence(s, all, func(ctx context.Context, in *args) iter.Seq2[int, error] { return counting(1000, &made, end)(ctx, in) })
	})
	for _, end = range []error{nil, errNone} {
		sequence, got := Sequence[args, int](t.Context(), c, all, args{}), 0
		for range 2 { // it can be ranged over again
			got = 0
			for n, err := range sequence {
				if err != nil {
					require.ErrorIs(t, err, errNone)
					require.Equal(t, 1000, n)
					break
				}
				require.Equal(t, got, n)
				got++
			}
			require.Equal(t, 1000, got)
		}
	}
	for _, err := range Sequence[args, int](t.Context(), c, get, args{}) {
		require.ErrorIs(t, err, ErrShape)
	}
}

// An endless sequence ends in the server when its client breaks off.
func TestSequenceThatIsBrokenOff(t *testing.T) {
	ended := make(chan struct{})
	c := serve(t, Options{}, func(s *Server) {
		HandleSequence(s, all, func(context.Context, *args) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				defer close(ended)
				for n := 0; yield(n, nil); n++ {
				}
			}
		})
	})
	for n, err := range Sequence[args, int](t.Context(), c, all, args{}) {
		require.NoError(t, err)
		if n == 10 {
			break
		}
	}
	<-ended
}

func TestSequenceThatIsCutOffSaysSo(t *testing.T) {
	c := serve(t, Options{}, func(s *Server) {
		HandleSequence(s, all, func(context.Context, *args) iter.Seq2[int, error] {
			return func(yield func(int, error) bool) {
				for n := range flushEvery {
					yield(n, nil)
				}
				panic(http.ErrAbortHandler)
			}
		})
	})
	var last error
	got := 0
	for _, last = range Sequence[args, int](t.Context(), c, all, args{}) {
		got++
	}
	require.ErrorIs(t, last, errCut)
	require.Equal(t, flushEvery+1, got)
}
