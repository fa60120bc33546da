package fallback_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// config is that of one more instance of the fleet.
func (f *fleet) config() dual.Config {
	return dual.Config{Control: f.backend.Control(), Journal: f.backend.Journal(), Logger: slog.New(slog.DiscardHandler),
		Settle: settle, Lease: lease, Identify: func(_ context.Context, store dual.Store) (control.Identity, error) {
			return control.Identity{Store: store.String()}, nil
		}}
}

// another is one more instance of the fleet.
func (f *fleet) another(t *testing.T) *wrapper {
	t.Helper()
	m, err := dual.NewMigration(f.config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
	w := wrap(f.old, f.new, m)
	require.Eventually(t, func() bool { return m.Ready() == nil }, enough, pause)
	return w
}

// ctl runs a command of the operator.
func (f *fleet) ctl(t *testing.T, args ...string) (status int, out string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = ctl.Run(t.Context(), args, &stdout, &stderr, func(context.Context) (*dual.Migration, error) {
		m, err := dual.NewMigration(f.config())
		if err == nil {
			wrap(f.old, f.new, m)
		}
		return m, err
	})
	return status, stdout.String() + stderr.String()
}

func (f *fleet) ok(t *testing.T, args ...string) string {
	t.Helper()
	status, out := f.ctl(t, args...)
	require.Equal(t, ctl.ExitDone, status, "%v: %s", args, out)
	return out
}

// A canary from Postgres to MariaDB, by the command, while three instances are used: raised, breached by the new store, taken back in all
// of them, raised again and gone on with. No write is lost.
func TestCanaryOnServers(t *testing.T) {
	ctx := t.Context()
	f := open(t, phase.OldPrimary, phase.Settings{})
	instances := []*wrapper{f.wrapper, f.another(t), f.another(t)}
	f.fill(t, 200)
	f.ok(t, "backfill")
	f.ok(t, "verify")
	status, out := f.ctl(t, "set", "--canary", "0.5")
	require.Equal(t, ctl.ExitFailed, status)
	require.Contains(t, out, "could be answered by the one that lacks its last write")
	f.ok(t, "advance")

	require.Contains(t, f.ok(t, "set", "--canary", "0.3"), "canary 0.3: that share of the keys is in NewGuarded, read from new and written there first; lists come from old")
	require.Contains(t, f.ok(t, "status", "--json"), `"canary": 0.3`)

	background, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	for n, w := range instances {
		workers.Go(func() { f.use(background, w, n) })
	}
	defer func() { stop(); workers.Wait() }()
	f.ok(t, "set", "--canary", "0.6")

	_, err := f.new.db.Exec(`RENAME TABLE rows_of TO rows_away`)
	require.NoError(t, err)
	broken := time.Now()
	require.Eventually(t, func() bool {
		for _, w := range instances {
			if w.migration.Settings().Canary != 0 {
				return false
			}
		}
		return true
	}, enough, pause)
	t.Logf("the canary was 0 in every instance %v after the new store broke", time.Since(broken).Round(time.Millisecond))
	_, err = f.new.db.Exec(`RENAME TABLE rows_away TO rows_of`)
	require.NoError(t, err)
	history := f.ok(t, "history")
	require.Contains(t, history, "canary 0.6 to 0")
	require.Contains(t, history, "calls failed on keys that the new store answers first")

	f.reconciled(t)
	f.ok(t, "verify", "--repair")
	f.reconciled(t)
	f.ok(t, "set", "--canary", "0.05")
	status, out = f.ctl(t, "back")
	require.Equal(t, ctl.ExitRefused, status, out)
	require.Contains(t, out, "to 0 before a step elsewhere")
	require.Contains(t, f.ok(t, "advance"), "NewGuarded")
	require.Zero(t, f.migration.Settings().Canary, "the step has moved the other keys too")
	stop()
	workers.Wait()
	f.reconciled(t)
	assert.Equal(t, f.old.all(t), f.new.all(t))
}

// reconciled copies what is unclean.
func (f *fleet) reconciled(t *testing.T) {
	t.Helper()
	r := reconcile.New(f.migration, reconcile.Config{Rate: -1, Settle: settle, Logger: slog.New(slog.DiscardHandler)})
	require.Eventually(t, func() bool {
		_, err := r.Once(t.Context())
		counts, countErr := f.backend.Journal().Counts(t.Context(), "")
		return err == nil && countErr == nil && counts.Unclean()-counts.Active == 0
	}, enough, 100*time.Millisecond)
}

// use writes and reads rows of its own, and rows that the other instances use too.
func (f *fleet) use(ctx context.Context, w *wrapper, n int) {
	for i := 0; ctx.Err() == nil; i++ {
		id := fmt.Sprintf("%06d", (i*7)%200)
		if i%2 == 0 {
			id = fmt.Sprintf("own-%d-%d", n, i%50)
		}
		_ = w.Put(ctx, row{id, fmt.Sprint(n, " ", i)}) // the new store is broken for a while
		_, _ = w.Get(ctx, id)
		time.Sleep(pause)
	}
}

// Writes that were acknowledged are read, whatever becomes of the share meanwhile.
func TestCanaryLosesNoWrite(t *testing.T) {
	ctx := t.Context()
	f := open(t, phase.OldGuarded, phase.Settings{})
	other := f.another(t)
	background, stop := context.WithCancel(ctx)
	var changer sync.WaitGroup
	changer.Go(func() {
		for i := 0; background.Err() == nil; i++ {
			_, _ = control.Update(background, f.backend.Control(), func(r *control.Record) error { // what the gates of a raise ask is another test's
				r.Settings.Canary, r.Crossed, r.Journal = float64(i%3)/2, true, must(f.backend.Journal().Incarnation(background))
				r.Epoch++
				return nil
			})
			time.Sleep(50 * time.Millisecond)
		}
	})
	defer func() { stop(); changer.Wait() }()
	n := races() / 2
	var mu sync.Mutex
	var lost []string
	loses := func(id string) {
		mu.Lock()
		defer mu.Unlock()
		lost = append(lost, id)
	}
	require.NoError(t, race(n, func(id string) error {
		if err := f.Put(ctx, row{id, "1"}); err != nil {
			return err
		}
		if r, err := other.Get(ctx, id); err != nil || r.Text != "1" {
			loses(id)
		}
		if err := other.Put(ctx, row{id, "2"}); err != nil {
			return err
		}
		if r, err := f.Get(ctx, id); err != nil || r.Text != "2" {
			loses(id)
		}
		return nil
	}, func(string) error { return nil }))
	assert.Empty(t, strings.Join(lost, " "))
	stop()
	changer.Wait()
	f.reconciled(t)
	assert.Equal(t, f.old.all(t), f.new.all(t))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
