package reconcile_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
	"github.com/dualgen/dualgen/runtime/verify"
)

// An instance whose build is not the one that was verified copies nothing: it would leave out what it does not know. Once
// it is admitted, it does.
func TestOtherBuildsCopyNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 1)
		key := rig.Key(rig.ID(0))
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []dual.Key{key}, phase.Old))
		pin := func(shapes map[string]string) {
			_, err := control.Update(t.Context(), r.Control, func(record *control.Record) error {
				record.Shapes = shapes
				record.Epoch++
				return nil
			})
			require.NoError(t, err)
			time.Sleep(time.Minute)
		}
		reconciler := reconcile.New(r.Migration, reconcile.Config{Rate: -1})
		pin(map[string]string{rig.Kind: "At,Count,Email,ID,Name,Note,Tags 2"})
		_, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, dual.ErrOtherShape)
		require.ErrorContains(t, err, "the first alone has Email")
		_, err = backfill.Run(t.Context(), r.Migration, rig.Kind, backfill.Config{})
		require.ErrorIs(t, err, dual.ErrOtherShape)
		_, err = verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{})
		require.ErrorIs(t, err, dual.ErrOtherShape)
		require.False(t, r.Equal())
		pin(nil)
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, 1, pass.Copied)
		require.True(t, r.Equal())
	})
}

// away is a control store that this instance cannot reach for a while.
type away struct {
	control.Control
	now atomic.Bool
}

func (a *away) Load(ctx context.Context) (control.Record, error) {
	if a.now.Load() {
		return control.Record{}, errors.New("away")
	}
	return a.Control.Load(ctx)
}

func (a *away) Renew(ctx context.Context, i control.Instance, lease time.Duration) error {
	if a.now.Load() {
		return errors.New("away")
	}
	return a.Control.Renew(ctx, i, lease)
}

// An instance that lost its lease copies nothing: the fleet may have moved on, and verified another build. It does not know. Without
// the rule it copies. The lease may run out before a pass, or in the middle of one.
func TestWithoutLeaseNothingIsCopied(t *testing.T) {
	for _, test := range []struct {
		name   string
		within bool
		off    hooks.Rules
	}{{"before a pass", false, hooks.Rules{}}, {"within a pass", true, hooks.Rules{}},
		{"rule off", false, hooks.Rules{NoCopierLease: true}}, {"rule off, within", true, hooks.Rules{NoCopierLease: true}}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				remote := new(away)
				r := rig.New(t, rig.Options{Hooks: &hooks.Hooks{Off: test.off}, Wrap: func(c control.Control) control.Control {
					remote.Control = c
					return remote
				}})
				r.Fill(phase.Old, 3)
				for n := range 3 {
					require.NoError(t, r.Journal.MarkDirty(t.Context(), []dual.Key{rig.Key(rig.ID(n))}, phase.Old))
				}
				time.Sleep(time.Minute)
				lose := func() {
					if !remote.now.Swap(true) {
						time.Sleep(20 * time.Second)
					}
				}
				if test.within {
					r.Faults.Add(dualtest.Rule{Store: "old", Method: "Get", Fault: func(ctx context.Context, call *dualtest.Call) error {
						defer lose()
						return call.Effect(ctx)
					}})
				} else {
					lose()
				}
				reconciler := reconcile.New(r.Migration, reconcile.Config{Rate: -1, Workers: 1, Timeout: time.Minute, Lease: time.Hour})
				pass, err := reconciler.Once(t.Context())
				switch {
				case test.off.NoCopierLease:
					require.NoError(t, err)
					require.Equal(t, 3, pass.Copied)
				case test.within:
					require.ErrorIs(t, err, dual.ErrLeaseLost)
					require.Zero(t, pass.Copied, "the copy under way outlived the lease: it is made again")
					require.Equal(t, 3, r.Unclean())
				default:
					require.ErrorIs(t, err, dual.ErrLeaseLost)
					require.Zero(t, pass.Copied)
					_, err = backfill.Run(t.Context(), r.Migration, rig.Kind, backfill.Config{})
					require.ErrorIs(t, err, dual.ErrLeaseLost)
					_, err = verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{})
					require.ErrorIs(t, err, dual.ErrLeaseLost)
				}
				remote.now.Store(false)
			})
		})
	}
}
