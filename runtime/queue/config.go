package queue

import (
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Config is how a process consumes a queue.
type Config struct {
	// Owner names the process among those that consume the queue. Defaults to the host's name and something random.
	Owner string
	// Workers is how many keys are written at once. Defaults to 16.
	Workers int
	// Timeout bounds one attempt. Defaults to 10s.
	Timeout time.Duration
	// Settle is at least the stores' own statement timeout: what a store was asked to do is done, or never will be, when it has passed. An
	// entry whose outcome nobody knows waits it out, and so does another process that takes the keys of one which died. Defaults to 10s.
	Settle time.Duration
	// Lease is how long the others count on this process after it was last heard of. Defaults to 15s.
	Lease time.Duration
	// Attempts is how often an entry is tried before it is given up. Attempts that the migration refused do not count. Defaults to 10.
	Attempts int
	// Poll is how often the queue is looked at where nobody tells of a new entry. Defaults to 25ms.
	Poll time.Duration
	// Keep is how long an applied entry is remembered by its ID. Defaults to 1h.
	Keep time.Duration
	// Logger is told of failing entries. Defaults to slog.Default().
	Logger *slog.Logger
}

// Complete fills the defaults in.
func (c Config) Complete() Config {
	orDefault(&c.Workers, 16)
	orDefault(&c.Timeout, 10*time.Second)
	orDefault(&c.Settle, 10*time.Second)
	orDefault(&c.Lease, 15*time.Second)
	orDefault(&c.Attempts, 10)
	orDefault(&c.Poll, 25*time.Millisecond)
	orDefault(&c.Keep, time.Hour)
	if c.Owner == "" {
		host, _ := os.Hostname() // the rest is enough
		c.Owner = host + "/" + NewID()[:12]
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return c
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Verdict is what becomes of an entry that could not be applied.
type Verdict struct {
	Park  bool          // it is given up, and blocks its key
	Count bool          // the attempt counts
	After time.Duration // else it is tried again after so long
}

// Judge says what becomes of an entry whose attempt failed. A call that the migration refused before a store was touched (frozen, not
// ready, without a lease) says nothing about the entry.
func (c Config) Judge(e Entry, err error) Verdict {
	for _, refused := range []error{dual.ErrReadOnly, dual.ErrStopped, dual.ErrNotReady, dual.ErrLeaseLost, dual.ErrEvicted, dual.ErrClosed,
		dual.ErrBusy, dual.ErrJournalUnavailable, dual.ErrJournalLost, dual.ErrOtherStores, dual.ErrKindUnproved, dual.ErrOtherShape} {
		if errors.Is(err, refused) && !errors.Is(err, dual.ErrUnknown) {
			return Verdict{After: c.Poll + rand.N(time.Second)}
		}
	}
	if IsPermanent(err) || e.Attempts+1 >= c.Attempts {
		return Verdict{Park: true, Count: true}
	}
	return Verdict{Count: true, After: c.Settle + min(time.Second<<min(e.Attempts, 8), time.Minute)}
}
