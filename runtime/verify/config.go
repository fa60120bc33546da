package verify

import (
	"cmp"
	"errors"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/limits"
)

// Config of a verify pass. The zero value is the safest.
type Config struct {
	// Repair marks the keys that differ dirty, so that the reconciler copies them from their primary, and clears the entry
	// of the whole kind if there is one. Defaults to false: nothing is changed.
	Repair bool
	// Sample, above 0, checks only about this share of the keys (0 to 1), each by a read of its own in the other store. A
	// sample proves nothing: it issues no certificate. Defaults to 0, which checks all.
	Sample float64
	// Settle is how long a difference must last before it counts, and at least the stores' own statement timeout.
	// Defaults to the migration's.
	Settle time.Duration
	// Page is how many entities are read at once. Defaults to 1,000.
	Page int
	// MaxRows bounds the entities kept in memory where the stores list in different orders; more of them take more passes.
	// Defaults to 200,000.
	MaxRows int
	// Buckets divides the key space for the second count: a key that is written during the pass leaves its bucket unjudged. Each
	// takes 64 bytes. Defaults to 262,144.
	Buckets int
	// Takeover lets the pass begin though another one over the kind runs, which then issues no certificate. Defaults to false.
	Takeover bool
	// Workers is how many keys are read again at once. Defaults to 8.
	Workers int
	// Shown is how many differences the report quotes. Defaults to 20.
	Shown int
	// Rate is how many entities a second are read at most from both stores together; a negative one means no limit. The
	// rate in use follows the stores' latency and begins at a tenth. Defaults to 50,000.
	Rate float64
	// Timeout is how long one page, or one read of a key, may take. Defaults to 30s.
	Timeout time.Duration
	// Lease is how long the journal keeps the claim on a whole kind of a pass that died. Defaults to 30s.
	Lease time.Duration
	// By names who runs the pass, for people: its certificate and the record's trail say so. Defaults to the instance.
	By string
	// OnProgress is called after each page. Defaults to nothing.
	OnProgress func(Progress)
	// Logger gets what happens. Defaults to slog.Default().
	Logger *slog.Logger
	// Hooks are for this module's own tests. Defaults to none.
	Hooks *hooks.Hooks

	off rules
}

const (
	maxSuspects = 10_000                 // keys that wait for their second look, at most
	maxLooks    = 5                      // how often a key that differs and is being written is looked at again
	minRate     = 100                    // entities a second that are read however slow the stores are
	latency     = 500 * time.Millisecond // how long one page may take before the rate is lowered
)

// rules can be switched off by this package's tests, to show that each is needed.
type rules struct {
	twoSided      bool // look only for the primary's keys in the mirror
	reread        bool // report a difference at first sight
	activity      bool // do not ask whether a key was written during its second look
	secondOpinion bool // do not compare the key sets of a second scan
	running       bool // begin though another pass runs
	rule          bool // do not ask whether the certificate counts
	stuck         bool // certify though keys cannot be copied
	skip          int  // the comparing scan loses every so many keys, as a broken iterator would
}

// Progress is how far a pass is.
type Progress struct {
	Kind     string
	Read     [2]int64 // entities read, by store
	Suspects int      // keys that wait for their second look
	Differ   int64    // keys that differ for certain
}

func (c Config) check() error {
	return errors.Join(limits.Config(c), limits.Share("verify.Config.Sample", c.Sample))
}

func (c Config) withDefaults(m Migration) Config {
	c.Settle = cmp.Or(c.Settle, m.Settle())
	c.Page = cmp.Or(c.Page, 1000)
	c.MaxRows = cmp.Or(c.MaxRows, 200_000)
	c.Buckets = cmp.Or(c.Buckets, 1<<18)
	c.Workers = cmp.Or(c.Workers, 8)
	c.Shown = cmp.Or(c.Shown, 20)
	c.Rate = cmp.Or(c.Rate, 50_000)
	c.Timeout = cmp.Or(c.Timeout, 30*time.Second)
	c.Lease = cmp.Or(c.Lease, 30*time.Second)
	c.By = cmp.Or(c.By, m.Instance())
	c.Logger = cmp.Or(c.Logger, slog.Default())
	return c
}
