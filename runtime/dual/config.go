package dual

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Config is what a migration needs to know. The zero Config is a migration of one process, held in memory, at OldOnly.
type Config struct {
	// Name is the migration's name, for logs and people. Defaults to the name that the control store has it under, which
	// decides who is one fleet (sqlcontrol.Options.Migration), else to "migration".
	Name string
	// Control holds the flag record and the fleet. Defaults to a control.NewMemory of its own at OldOnly.
	Control control.Control
	// Journal holds the unclean keys. All instances of a fleet share one. Defaults to a journal.NewMemory of its own.
	Journal journal.Journal
	// Joins says, by position, whose write methods run journal.Statement first in their own transaction, so that the
	// journal's row is written in the primary's round trip. It has an effect with a journal that can, in OldPrimary and
	// NewPrimary without parallel mirrors. Defaults to none.
	Joins [2]bool
	// Identify says which store a store is, and what its schema is, so that a migration between a store and itself is
	// refused, and a proof of parity does not outlive the schema it was made under: see sqlcontrol.Identify and
	// cqlcontrol.Identify. It is asked at the start and once a minute. Defaults to nil: nobody knows.
	Identify func(ctx context.Context, store Store) (control.Identity, error)
	// Refused reports errors by which a store refuses a call for what the call is, such as a violated constraint, beside those
	// that the package knows (see docs/failure-modes.md). The store's method must have ended whatever it began when it returns
	// one. The keys of such a write are compared, and copied where they differ, at once. The directive refused says the same beside
	// an interface. Defaults to nil: none.
	Refused func(error) bool
	// Instance names this process in the fleet. Of two that are alive under one name, the second lets no call in. Defaults to host,
	// process id and a random part.
	Instance string
	// Logger takes the events that the package comment lists. Defaults to slog.Default().
	Logger *slog.Logger

	// MirrorTimeout bounds one mirror write, and one read of a comparison; it may last an eighth longer. Defaults to 5s.
	MirrorTimeout time.Duration
	// MirrorPatience is how many mirror writes in a row may run into MirrorTimeout before the mirror is left to the
	// reconciler, for a MirrorTimeout; then one is tried. Defaults to 5.
	MirrorPatience int
	// Settle is at least the stores' own statement timeout: what a store was asked to do is done, or never will be, when it
	// has passed. Comparisons wait it out before they report. Defaults to 10s.
	Settle time.Duration
	// Workers is how many mirror writes run in the background at once, and how many comparisons. Defaults to 16.
	Workers int
	// Queue is how many asynchronous mirror writes wait for a worker; those beyond are left to the reconciler. Defaults to
	// 1024.
	Queue int
	// Lease is how long the fleet counts on this instance after it was last heard of. Defaults to 15s.
	Lease time.Duration
	// OnLeaseLost says what happens when the lease cannot be renewed. Defaults to RefuseCalls. A control store in this
	// process's memory needs no lease.
	OnLeaseLost LeasePolicy
	// ShowValues shows field values in mismatches. Defaults to false: salted hashes, since values may be personal data.
	ShowValues bool
	// OnMismatch is called with each confirmed difference, from a background goroutine. Defaults to none.
	OnMismatch func(Mismatch)
	// Observer is told how long calls and stores took. Defaults to nil: nobody looks at a clock.
	Observer Observer

	// Hooks is for the runtime's own tests: its type is internal, and it stays nil everywhere else.
	Hooks *hooks.Hooks
}

// LeasePolicy says what an instance does that cannot renew its lease.
type LeasePolicy uint8

// The lease policies. The zero value is the safest.
const (
	// RefuseCalls refuses calls with ErrLeaseLost once the lease ran out, so that the fleet can go on without the instance.
	RefuseCalls LeasePolicy = iota
	// KeepLast goes on in the last phase. The fleet waits then, until the instance is back or an operator has ended and
	// evicted it.
	KeepLast
)

func (c *Config) fill() error {
	if c.MirrorTimeout < 0 || c.Settle < 0 || c.Lease < 0 || c.Workers < 0 || c.MirrorPatience < 0 || c.Queue < 0 {
		return errors.New("dualgen: a duration or a number in dual.Config is negative")
	}
	if c.OnLeaseLost > KeepLast {
		return fmt.Errorf("dualgen: %d is no LeasePolicy", c.OnLeaseLost)
	}
	if named, ok := c.Control.(interface{ MigrationName() string }); ok {
		orDefault(&c.Name, named.MigrationName())
	}
	orDefault(&c.Name, "migration")
	orDefault(&c.MirrorTimeout, 5*time.Second)
	orDefault(&c.MirrorPatience, 5)
	orDefault(&c.Settle, 10*time.Second)
	orDefault(&c.Workers, 16)
	orDefault(&c.Queue, 1024)
	orDefault(&c.Lease, 15*time.Second)
	if c.Instance == "" {
		c.Instance = instanceName()
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.Logger = c.Logger.With("migration", c.Name, "instance", c.Instance)
	if c.Journal == nil {
		c.Journal = journal.NewMemory()
	}
	if c.Control != nil {
		return nil
	}
	c.Control = control.NewMemory()
	return control.Init(context.Background(), c.Control, c.Instance)
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func instanceName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s-%d-%s", host, os.Getpid(), rand.Text()[:8])
}

// leased reports whether calls depend on the instance's lease.
func (c *Config) leased(h hooks.Hooks) bool { return c.counted(h) && !h.Off.NoLease }

// counted reports whether the fleet may count on calls to end with the instance's lease.
func (c *Config) counted(h hooks.Hooks) bool {
	if c.OnLeaseLost == KeepLast {
		return false
	}
	return h.Leases || !c.inProcess()
}

// inProcess reports whether the control store lives in this process, so that the fleet is this process alone.
func (c *Config) inProcess() bool {
	inProcess, ok := c.Control.(interface{ InProcess() bool })
	return ok && inProcess.InProcess()
}
