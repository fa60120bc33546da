package backfill

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// Config of a backfill. The zero value is the safest.
type Config struct {
	// Holder names this run for people, in the record and in messages. Defaults to the
	// instance's name.
	Holder string
	// Chunk is how many entities one page has at most; a page is made smaller so that it takes a few seconds. Where the mirror
	// takes many entities by one call, that many a call, and a page has Workers times as many.
	// Defaults to 500.
	Chunk int
	// Workers is how many calls of the mirror run at once. Defaults to 4.
	Workers int
	// Rate is how many entities a second are written at most; a negative one means no limit. The rate in use follows the
	// mirror's latency and begins at a tenth. Defaults to 5,000.
	Rate float64
	// Timeout is how long one page or one write may take. Defaults to 10s.
	Timeout time.Duration
	// Lease is how long a run that died keeps others out. Defaults to 15s, in Share to 6s.
	Lease time.Duration
	// Settle is how long after that a write of the dead run may still land: at least the mirror's own statement timeout.
	// Defaults to the migration's.
	Settle time.Duration
	// Restart begins at the start, even if the backfill is complete or can be resumed. Defaults to false.
	Restart bool
	// Since copies only what was stored then or later, by the kind's listing for that (dual.Entity.ScanSince): where the rest was
	// copied by other means. What was deleted since, and what changes without that listing's notice, is left to verify. Defaults
	// to the zero time: all is copied.
	Since time.Time
	// Ranges is how many ranges Share divides a kind into, at most 256. Defaults to 32.
	Ranges int
	// Splits are the IDs of the keys that divide a kind, in the order in which the store lists them, where Share cannot find some by
	// itself: it does so where keys are numbers or UUIDs. Keys in another order cost time, and nothing else. Defaults to none.
	Splits []string
	// OnProgress is called after each chunk. Defaults to nothing.
	OnProgress func(Progress)
	// Logger gets what happens. Defaults to slog.Default().
	Logger *slog.Logger

	// Hooks are for this module's own tests. Defaults to none.
	Hooks *hooks.Hooks

	at          func(step, dual.Key) error
	maxFailures int // how many entities in a row may fail before the run stops: 100
}

const (
	minRate = 10                    // entities a second that are written however slow the mirror is
	latency = 50 * time.Millisecond // how long one write may take before the rate is lowered
)

// step is a moment at which a test may kill the run.
type step string

// The moments of a chunk.
const (
	beforeCheckpoint step = "before checkpoint"
	afterCheckpoint  step = "after checkpoint"
	afterRead        step = "after read"
	beforePut        step = "before put"
	afterPut         step = "after put"
	afterWrite       step = "after write"
	afterActivity    step = "after activity"
	afterMarks       step = "after marks"
	beforeComplete   step = "before complete"
	afterComplete    step = "after complete"
)

func (c Config) withDefaults(m Migration) Config {
	c.Holder = cmp.Or(c.Holder, m.Instance())
	c.Chunk = cmp.Or(c.Chunk, 500)
	c.Workers = cmp.Or(c.Workers, 4)
	c.Rate = cmp.Or(c.Rate, 5000)
	c.Timeout = cmp.Or(c.Timeout, 10*time.Second)
	c.Lease = cmp.Or(c.Lease, 15*time.Second)
	c.Settle = cmp.Or(c.Settle, m.Settle())
	c.maxFailures = cmp.Or(c.maxFailures, 100)
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c
}

// reach tells a test that the run came to a step; the test's error kills it there.
func (c Config) reach(s step, key dual.Key) error {
	if c.at == nil {
		return nil
	}
	return c.at(s, key)
}
