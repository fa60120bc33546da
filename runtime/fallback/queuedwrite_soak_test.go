package fallback_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/queue"
)

// kills is how often workers are killed.
func kills() int {
	switch os.Getenv("DUALGEN_PROOF") {
	case "":
		return 5
	case "ci":
		return 20
	}
	return 100
}

// entries is how many writes are queued at least while workers are killed.
func entries(t *testing.T) int {
	t.Helper()
	text := os.Getenv("DUALGEN_QUEUE_ENTRIES")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, "DUALGEN_QUEUE_ENTRIES")
	return n
}

// drained returns once nothing waits. An entry that is given up, or a queue that stands still, is told as it is.
func (f front) drained(t *testing.T) {
	t.Helper()
	var last queue.Status
	for since := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		s, err := f.q.Status(t.Context())
		require.NoError(t, err)
		switch {
		case s.Parked > 0:
			given, err := f.q.Parked(t.Context(), 3)
			require.NoError(t, err)
			require.Fail(t, "entries were given up", "%+v: %+v", s, given)
		case s.Pending == 0:
			return
		case s.Pending != last.Pending:
			last, since = s, time.Now()
		}
		require.Less(t, time.Since(since), enough, "the queue stands still: %+v", s)
	}
}

// crowded has a writer wait while much is queued, so that what is measured is not how long a queue may get.
func (f front) crowded(ctx context.Context) bool {
	s, err := f.q.Status(ctx)
	return err == nil && s.Pending > 1000
}
