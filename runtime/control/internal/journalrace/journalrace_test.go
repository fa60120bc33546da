package journalrace

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

func options(j journal.Journal) Options {
	return Options{Journals: []journal.Journal{j, j, j}, Writers: 4, Writes: 60, Keys: 3, Makes: 0.1, Sweeps: 0.05}
}

func TestMemory(t *testing.T) {
	for _, guarded := range []bool{false, true} {
		o := options(journal.NewMemory())
		o.Guarded, o.Lease = guarded, 50*time.Millisecond
		require.NoError(t, Run(t.Context(), o))
	}
}

// forgetful is a journal whose tokens mean nothing.
type forgetful struct{ journal.Journal }

func (forgetful) Begin(_ context.Context, owner string, _ journal.Key, primary phase.Store) (journal.Token, error) {
	return journal.Token{Owner: owner, Primary: primary}, nil
}

func (forgetful) End(context.Context, journal.Key, journal.Token, bool) error { return nil }

// optimist is a journal that does not mark overlaps: a dirty key is one whose call failed.
type optimist struct{ journal.Journal }

func (o optimist) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	key.ID += owner // nobody meets anybody
	return o.Journal.Begin(ctx, owner, key, primary)
}

func (o optimist) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	if strings.HasPrefix(token.Owner, "copier") {
		return o.Journal.End(ctx, key, token, clean)
	}
	if !clean {
		if err := o.MarkDirty(ctx, []journal.Key{key}, token.Primary); err != nil {
			return err
		}
	}
	key.ID += token.Owner
	return o.Journal.End(ctx, key, token, true)
}

// letsGo is a journal whose Handover leaves the key without a token.
type letsGo struct{ *journal.Memory }

func (l letsGo) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	return kind, l.Memory.End(ctx, whole, kind, true)
}

func (l letsGo) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	if err := l.Memory.End(ctx, key, token, clean); !errors.Is(err, journal.ErrTokenLost) {
		return err
	}
	return nil
}

// unmarked is a journal that forgets what is listed.
type unmarked struct{ *journal.Memory }

func (unmarked) MarkDirty(context.Context, []journal.Key, phase.Store) error { return nil }

// The race can tell a journal from something that looks like one.
func TestRedControls(t *testing.T) {
	for _, broken := range []struct {
		journal.Journal
		keys          int // few, so that the last writes overlap
		makes, sweeps float64
	}{
		{forgetful{journal.NewMemory()}, 1, 0, 0}, {optimist{journal.NewMemory()}, 1, 0, 0}, {letsGo{journal.NewMemory()}, 1, 1, 0},
		{unmarked{journal.NewMemory()}, 100, 0, 0.05},
	} {
		var err error
		for try := 0; err == nil && try < 30; try++ {
			o := options(broken.Journal)
			o.Writes, o.Keys, o.Makes, o.Sweeps = 5, broken.keys, broken.makes, broken.sweeps
			err = Run(t.Context(), o)
		}
		require.ErrorContains(t, err, "in the old store and", "%T", broken.Journal)
	}
}
