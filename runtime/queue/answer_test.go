package queue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/queue"
)

// An error of the interface is an answer, but for one whose write may have been made.
func TestAnswers(t *testing.T) {
	errNone := errors.New("none")
	call := func(failed error, answers ...error) error {
		return queue.Call(t.Context(), queue.Entry{Args: []byte(`{}`)}, func(context.Context, struct{}) error { return failed }, answers...)
	}
	require.NoError(t, call(nil, errNone))
	answer, ok := queue.AnswerIn(call(fmt.Errorf("update: %w", errNone), errNone))
	require.True(t, ok)
	assert.Equal(t, "none", answer.Text)
	require.ErrorIs(t, answer, errNone)
	for _, other := range []error{call(errNone), call(errors.New("none"), errNone), call(errors.Join(errNone, dual.ErrUnknown), errNone)} {
		_, ok := queue.AnswerIn(other)
		require.False(t, ok, other)
	}
}
