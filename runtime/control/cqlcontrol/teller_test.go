package cqlcontrol

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What has ended is told soon, once for many; after a failure it is told again, and at the end without delay.
func TestTeller(t *testing.T) {
	var ends, told, tells atomic.Int64
	var broken atomic.Bool
	tell := teller{stop: make(chan struct{}), tell: func(context.Context) error {
		tells.Add(1)
		if broken.Load() {
			return errors.New("no hosts available in the pool")
		}
		told.Store(ends.Load())
		return nil
	}}
	end := func() {
		ends.Add(1)
		tell.ended()
	}
	allTold := func() bool { return told.Load() == ends.Load() }

	for range 1000 {
		end()
	}
	require.Eventually(t, allTold, 2*time.Minute, time.Millisecond)
	require.Less(t, tells.Load(), int64(500))

	broken.Store(true)
	failed := tells.Load()
	end()
	require.Eventually(t, func() bool { return tells.Load() > failed }, 2*time.Minute, time.Millisecond)
	require.False(t, allTold())
	broken.Store(false)
	require.Eventually(t, allTold, 2*time.Minute, time.Millisecond, "nothing else has ended")

	end()
	tell.close()
	require.True(t, allTold())
	end()
	require.Eventually(t, allTold, 2*time.Minute, time.Millisecond, "a call that ends later is told too")
}
