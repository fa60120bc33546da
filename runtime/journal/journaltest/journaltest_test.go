package journaltest_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
	"github.com/dualgen/dualgen/runtime/phase"
)

func TestMemory(t *testing.T) {
	journaltest.Run(t, func(*testing.T) journal.Journal { return journal.NewMemory() })
}

// broken is a journal that breaks one rule.
type broken struct {
	journal.Journal
	lookup     func(e journal.Entry, ok bool) (journal.Entry, bool)
	end        func(ctx context.Context, j journal.Journal, k journal.Key, t journal.Token, clean bool) error
	beginMany  func(ctx context.Context, j journal.Journal, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error)
	copied     func(ctx context.Context, j journal.Journal, owner string, k journal.Key) (journal.Token, bool, error)
	marked     func([]journal.Key) []journal.Key
	activity   func([]journal.Key) []journal.Key
	quarantine func(int) int
	expired    func(context.Context, journal.Journal) (int, error)
	unclean    func([]journal.Entry) []journal.Entry
	narrowed   func(journal.Query) journal.Query
	track      func(journal.Seq) journal.Seq
	seq        func(journal.Seq) journal.Seq
	forget     bool // Track forgets what it knew
	begun      func(k journal.Key) journal.Key
}

func (b *broken) Begin(ctx context.Context, owner string, k journal.Key, primary phase.Store) (journal.Token, error) {
	if b.begun != nil {
		k = b.begun(k)
	}
	return b.Journal.Begin(ctx, owner, k, primary)
}

func (b *broken) Lookup(ctx context.Context, k journal.Key) (journal.Entry, bool, error) {
	e, ok, err := b.Journal.Lookup(ctx, k)
	if b.lookup != nil {
		e, ok = b.lookup(e, ok)
	}
	return e, ok, err
}

func (b *broken) End(ctx context.Context, k journal.Key, t journal.Token, clean bool) error {
	if b.end != nil {
		return b.end(ctx, b.Journal, k, t, clean)
	}
	return b.Journal.End(ctx, k, t, clean)
}

func (b *broken) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	if b.beginMany != nil {
		return b.beginMany(ctx, b.Journal, owner, keys, primary)
	}
	return b.Journal.BeginMany(ctx, owner, keys, primary)
}

func (b *broken) BeginCopy(ctx context.Context, owner string, k journal.Key, idle time.Duration) (journal.Token, bool, error) {
	if b.copied != nil {
		return b.copied(ctx, b.Journal, owner, k)
	}
	return b.Journal.BeginCopy(ctx, owner, k, idle)
}

func (b *broken) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if b.marked != nil {
		keys = b.marked(keys)
	}
	return b.Journal.MarkDirty(ctx, keys, primary)
}

func (b *broken) Activity(ctx context.Context, kind string, since journal.Seq) ([]journal.Key, error) {
	keys, err := b.Journal.Activity(ctx, kind, since)
	if b.activity != nil {
		keys = b.activity(keys)
	}
	return keys, err
}

func (b *broken) Fail(ctx context.Context, k journal.Key, t journal.Token, cause string, after int) error {
	if b.quarantine != nil {
		after = b.quarantine(after)
	}
	return b.Journal.Fail(ctx, k, t, cause, after)
}

func (b *broken) Expire(ctx context.Context) (int, error) {
	if b.expired != nil {
		return b.expired(ctx, b.Journal)
	}
	return b.Journal.Expire(ctx)
}

func (b *broken) Unclean(ctx context.Context, q journal.Query) ([]journal.Entry, error) {
	if b.narrowed != nil {
		q = b.narrowed(q)
	}
	entries, err := b.Journal.Unclean(ctx, q)
	if b.unclean != nil {
		entries = b.unclean(entries)
	}
	return entries, err
}

func (b *broken) Track(ctx context.Context, name string) (journal.Seq, error) {
	if b.forget {
		if err := b.Untrack(ctx, name); err != nil {
			return 0, err
		}
	}
	seq, err := b.Journal.Track(ctx, name)
	if b.track != nil {
		seq = b.track(seq)
	}
	return seq, err
}

func (b *broken) Seq(ctx context.Context) (journal.Seq, error) {
	seq, err := b.Journal.Seq(ctx)
	if b.seq != nil {
		seq = b.seq(seq)
	}
	return seq, err
}

// eachAlone is BeginMany without its all or none.
func eachAlone(ctx context.Context, j journal.Journal, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	var tokens []journal.Token
	for _, k := range keys {
		token, err := j.Begin(ctx, owner, k, primary)
		if err != nil {
			return nil, err
		}
		runtime.Gosched()
		tokens = append(tokens, token)
	}
	return tokens, nil
}

// breakages are the rules, each broken.
var breakages = map[string]func(b *broken){
	"no adopt":      func(b *broken) { b.Journal = journal.NewMemory(journal.WithRules(hooks.Rules{NoAdopt: true})) },
	"no overlap":    func(b *broken) { b.Journal = journal.NewMemory(journal.WithRules(hooks.Rules{NoOverlap: true})) },
	"shared tokens": func(b *broken) { b.Journal = journal.NewMemory(journal.WithRules(hooks.Rules{SharedTokens: true})) },
	"a lost token makes an entry": func(b *broken) {
		b.end = func(ctx context.Context, j journal.Journal, k journal.Key, t journal.Token, clean bool) error {
			err := j.End(ctx, k, t, clean)
			if err != nil {
				_ = j.MarkDirty(ctx, []journal.Key{k}, t.Primary)
			}
			return err
		}
	},
	"a lost token is no error": func(b *broken) {
		b.end = func(ctx context.Context, j journal.Journal, k journal.Key, t journal.Token, clean bool) error {
			_ = j.End(ctx, k, t, clean)
			return nil
		}
	},
	"every end is clean": func(b *broken) {
		b.end = func(ctx context.Context, j journal.Journal, k journal.Key, t journal.Token, _ bool) error {
			return j.End(ctx, k, t, true)
		}
	},
	"every end is dirty": func(b *broken) {
		b.end = func(ctx context.Context, j journal.Journal, k journal.Key, t journal.Token, _ bool) error {
			return j.End(ctx, k, t, false)
		}
	},
	"several keys one by one": func(b *broken) { b.beginMany = eachAlone },
	"a copy leaves the key dirty": func(b *broken) {
		b.copied = func(ctx context.Context, j journal.Journal, owner string, k journal.Key) (journal.Token, bool, error) {
			token, ok, err := j.BeginCopy(ctx, owner, k, 0)
			if ok {
				_ = j.MarkDirty(ctx, []journal.Key{k}, token.Primary)
			}
			return token, ok, err
		}
	},
	"a copy asks nothing": func(b *broken) {
		b.copied = func(ctx context.Context, j journal.Journal, owner string, k journal.Key) (journal.Token, bool, error) {
			token, err := j.Begin(ctx, owner, k, phase.Old)
			return token, err == nil, err
		}
	},
	"a copy does not wait": func(b *broken) {
		b.copied = func(ctx context.Context, j journal.Journal, owner string, k journal.Key) (journal.Token, bool, error) {
			return j.BeginCopy(ctx, owner, k, 0)
		}
	},
	"marks the first key only": func(b *broken) { b.marked = func(keys []journal.Key) []journal.Key { return keys[:min(1, len(keys))] } },
	"forgets whole kinds": func(b *broken) {
		b.lookup = func(e journal.Entry, ok bool) (journal.Entry, bool) {
			if e.Key.Whole {
				return journal.Entry{}, false
			}
			return e, ok
		}
	},
	"folds case": func(b *broken) {
		b.begun = func(k journal.Key) journal.Key {
			if k.ID == "A" {
				k.ID = "a"
			}
			return k
		}
	},
	"activity without its last key": func(b *broken) {
		b.activity = func(keys []journal.Key) []journal.Key { return keys[:max(0, len(keys)-1)] }
	},
	"never quarantines":   func(b *broken) { b.quarantine = func(int) int { return 0 } },
	"quarantines at once": func(b *broken) { b.quarantine = func(int) int { return 1 } },
	"leases never end":    func(b *broken) { b.expired = func(context.Context, journal.Journal) (int, error) { return 0, nil } },
	"expiry counts nothing": func(b *broken) {
		b.expired = func(ctx context.Context, j journal.Journal) (int, error) { _, err := j.Expire(ctx); return 0, err }
	},
	"newest first": func(b *broken) {
		b.unclean = func(entries []journal.Entry) []journal.Entry {
			for i, j := 0, len(entries)-1; i < j; i, j = i+1, j-1 {
				entries[i], entries[j] = entries[j], entries[i]
			}
			return entries
		}
	},
	"lists what is not copyable": func(b *broken) { b.narrowed = func(q journal.Query) journal.Query { q.Copyable = false; return q } },
	"lists without limit":        func(b *broken) { b.narrowed = func(q journal.Query) journal.Query { q.Limit = 1 << 30; return q } },
	"lists what is not idle":     func(b *broken) { b.narrowed = func(q journal.Query) journal.Query { q.IdleFor = 0; return q } },
	"lists what is not settled":  func(b *broken) { b.narrowed = func(q journal.Query) journal.Query { q.SettledFor = 0; return q } },
	"a track that forgets":       func(b *broken) { b.forget = true },
	"a sequence that stands":     func(b *broken) { b.seq = func(journal.Seq) journal.Seq { return 1 } },
}

// The suite fails for every journal that breaks a rule.
func TestSuiteFindsBrokenJournals(t *testing.T) {
	for name, breakIt := range breakages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range journaltest.Cases() {
				b := &broken{Journal: journal.NewMemory()}
				breakIt(b)
				if why := failure(c, b); why != "" {
					t.Logf("%s: %s", c.Name, why)
					return
				}
			}
			t.Error("no part of the suite fails")
		})
	}
}

// recorder is a test that is expected to fail.
type recorder struct{ failed chan string }

func (r recorder) Helper()                           {}
func (r recorder) Errorf(format string, args ...any) { r.note(format, args...) }
func (r recorder) Fatalf(format string, args ...any) { r.note(format, args...); runtime.Goexit() }

func (r recorder) note(format string, args ...any) {
	select {
	case r.failed <- fmt.Sprintf(format, args...):
	default:
	}
}

func failure(c journaltest.Case, j journal.Journal) string {
	r := recorder{failed: make(chan string, 1)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.Check(r, j)
	}()
	<-done
	select {
	case why := <-r.failed:
		return why
	default:
		return ""
	}
}
