package reconcile_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
	"github.com/dualgen/dualgen/runtime/verify"
)

const wholeShape, lesserShape = "At,Count,ID,Name,Note,Tags 1", "At,Count,ID,Name,Tags 1"

// lesser is the entity of a build that does not know Note.
func lesser() dual.Entity[*dualtest.Store[rig.Item], rig.Item] {
	e := rig.Entity()
	e.Shape = lesserShape
	put, get := e.Put, e.Get
	e.Put = func(ctx context.Context, s *dualtest.Store[rig.Item], i rig.Item) error {
		i.Note = nil
		return put(ctx, s, i)
	}
	e.Get = func(ctx context.Context, s *dualtest.Store[rig.Item], key dual.Key) (rig.Item, bool, error) {
		i, found, err := get(ctx, s, key)
		i.Note = nil
		return i, found, err
	}
	return e
}

// fleet is a rig whose build knows all fields, copied and with one key unclean.
func fleet(t *testing.T) *rig.Rig {
	r := rig.New(t, rig.Options{})
	e := rig.Entity()
	e.Shape = wholeShape
	dual.AddEntity(r.Migration, &r.Stores, e)
	r.Fill(phase.Old, 20)
	time.Sleep(time.Minute)
	_, err := backfill.Run(t.Context(), r.Migration, rig.Kind, backfill.Config{Rate: -1})
	require.NoError(t, err)
	return r
}

// leave makes a key unclean: a write whose mirror failed.
func leave(t *testing.T, r *rig.Rig) {
	require.NoError(t, r.Stores[phase.Old].Put(context.Background(), rig.NewItem(rig.ID(0), 2)))
	require.NoError(t, r.Journal.MarkDirty(context.Background(), []dual.Key{rig.Key(rig.ID(0))}, phase.Old))
}

// A build with fewer fields comes and goes while a pass of the other one runs, and copies a key that the pass has compared: a deploy and its
// rollback. No certificate of that pass counts, whether or not there was one before it.
func TestBuildThatComesWithinPass(t *testing.T) {
	for name, certified := range map[string]bool{"first pass": false, "there is a certificate": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := fleet(t)
				if certified {
					report, err := verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{Rate: -1})
					require.NoError(t, err)
					require.True(t, report.Certified, report.Reason)
				}
				scans := 0
				r.Faults.Add(dualtest.Rule{Store: "old", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
					if scans++; scans == 3 {
						leave(t, r)
						comesAndGoes(t, r)
					}
					return call.Effect(ctx)
				}})
				report, err := verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{Rate: -1, Page: 5})
				require.NoError(t, err)
				require.Greater(t, scans, 2)
				require.False(t, r.Equal(), "what came copied less")
				require.False(t, report.Certified)
				require.Contains(t, report.Reason, "another build came to write and copy: instance b")
			})
		})
	}
}

func comesAndGoes(t *testing.T, r *rig.Rig) {
	b, err := dual.NewMigration(dual.Config{Control: r.Control, Journal: r.Journal, Settle: rig.Settle, Instance: "b"})
	require.NoError(t, err)
	dual.AddEntity(b, &r.Stores, lesser())
	time.Sleep(time.Minute)
	require.NoError(t, b.Ready())
	_, err = reconcile.New(b, reconcile.Config{Rate: -1}).Once(context.Background())
	require.NoError(t, err)
	require.NoError(t, b.Close(context.Background()))
}

// remote is a control store that cannot be reached, once it is away.
type remote struct{ away }

func (d *remote) Watch(ctx context.Context, revision uint64) error {
	if d.now.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	return d.Control.Watch(ctx, revision)
}

// A copy of the lesser build is under way when that build loses the control store, and its lease there, but not the journal. A pass finds no
// other build, and the copy lands after it: its key stays unclean, for a build that is counted on.
func TestCopyOutlivesLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := fleet(t)
		leave(t, r)
		time.Sleep(time.Minute)
		gone := &remote{away{Control: r.Control}}
		b, err := dual.NewMigration(dual.Config{Control: gone, Journal: r.Journal, Settle: time.Second, Lease: 3 * time.Second, Instance: "b"})
		require.NoError(t, err)
		dual.AddEntity(b, &r.Stores, lesser())
		time.Sleep(3 * time.Second)
		require.NoError(t, b.Ready())
		hung := make(chan struct{})
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			gone.now.Store(true)
			close(hung)
			time.Sleep(9 * time.Second) // a slow statement, within Timeout
			return call.Effect(ctx)
		}})
		copied := make(chan int)
		go func() {
			pass, _ := reconcile.New(b, reconcile.Config{Rate: -1}).Once(context.Background()) // its error is that of the lease
			copied <- pass.Copied
		}()
		<-hung
		time.Sleep(4 * time.Second)
		require.ErrorIs(t, b.Admitted(), dual.ErrLeaseLost)
		_, err = verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{Rate: -1, Settle: time.Second})
		require.NoError(t, err)
		require.Zero(t, <-copied)
		require.False(t, r.Equal())
		require.Equal(t, 1, r.Unclean())
		gone.now.Store(false)
		require.NoError(t, b.Close(context.Background()))
	})
}
