package reconcile

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// Config of a reconciler. The zero value is the safest. A negative number counts as none, but where it has a meaning of its own.
type Config struct {
	// Owner begins the name under which copies hold journal tokens. Defaults to the instance's name and "/reconcile".
	Owner string
	// Settle is how long a key must have been without activity before it is copied. It must be at least the stores' own
	// statement timeout, so that no timed-out write can land after the copy. Defaults to the
	// migration's.
	Settle time.Duration
	// Interval is the pause between passes that found nothing more to do. Defaults to 1s.
	Interval time.Duration
	// Workers is how many copies run at once. Defaults to 4.
	Workers int
	// Rate is how many copies a second run at most; a negative one means no limit. The rate in use follows the stores'
	// latency and begins at a tenth. Defaults to 1,000.
	Rate float64
	// Timeout is how long one copy may take before it is given up and counted as failed. Defaults to 10s.
	Timeout time.Duration
	// Lease is how long the journal waits for a reconciler that died before it takes its keys away. Defaults to 30s.
	Lease time.Duration
	// QuarantineAfter is after how many failed attempts a key is no longer retried; it then blocks advancing until
	// someone looks at it. A negative one means never. Defaults to 10.
	QuarantineAfter int
	// Backoff is how long a key that failed once waits, beyond Settle; the time doubles with each failure. Defaults to 1s.
	Backoff time.Duration
	// MaxBackoff ends the doubling. Defaults to 5m.
	MaxBackoff time.Duration
	// Logger gets what happens. Defaults to slog.Default().
	Logger *slog.Logger
	// Hooks are for this module's own tests. Defaults to none.
	Hooks *hooks.Hooks

	batch int // how many keys one pass lists: 1,024
}

const (
	minRate = 10                     // copies a second that run however slow the stores are
	latency = 100 * time.Millisecond // how long one copy may take before the rate is lowered
)

func (c Config) withDefaults(m Migration) Config {
	c.Owner = cmp.Or(c.Owner, m.Instance()+"/reconcile")
	c.Settle = cmp.Or(max(c.Settle, 0), m.Settle())
	c.Interval = cmp.Or(max(c.Interval, 0), time.Second)
	c.batch = cmp.Or(c.batch, 1024)
	c.Workers = cmp.Or(max(c.Workers, 0), 4)
	c.Rate = cmp.Or(c.Rate, 1000)
	c.Timeout = cmp.Or(max(c.Timeout, 0), 10*time.Second)
	c.Lease = cmp.Or(max(c.Lease, 0), 30*time.Second)
	c.QuarantineAfter = cmp.Or(c.QuarantineAfter, 10)
	c.Backoff = cmp.Or(max(c.Backoff, 0), time.Second)
	c.MaxBackoff = cmp.Or(max(c.MaxBackoff, 0), 5*time.Minute)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c
}

// backoff is how long a key waits beyond the settle window after so many failures.
func (c Config) backoff(attempts int) time.Duration {
	if attempts == 0 {
		return 0
	}
	wait := c.Backoff
	for range attempts - 1 {
		if wait >= c.MaxBackoff {
			break
		}
		wait *= 2
	}
	return min(wait, c.MaxBackoff)
}
