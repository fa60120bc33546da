package verify

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// remote is a control store that does not answer one call of one of its methods.
type remote struct {
	control.Control
	down  string
	at    int32
	calls atomic.Int32
}

func (r *remote) fails(method string) error {
	if r.down == method && r.calls.Add(1) == r.at {
		return errDown
	}
	return nil
}

func (r *remote) Load(ctx context.Context) (control.Record, error) {
	record, err := r.Control.Load(ctx)
	return record, errors.Join(r.fails("Load"), err)
}

func (r *remote) Instances(ctx context.Context) ([]control.Instance, error) {
	all, err := r.Control.Instances(ctx)
	return all, errors.Join(r.fails("Instances"), err)
}

func (r *remote) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	data, err := r.Control.LoadCheckpoint(ctx, name)
	return data, errors.Join(r.fails("LoadCheckpoint"), err)
}

func (r *remote) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	return errors.Join(r.fails("SaveCheckpoint"), r.Control.SaveCheckpoint(ctx, name, data))
}

// ruled is the rig's migration with that control store.
type ruled struct {
	*dual.Migration
	remote *remote
}

func (r ruled) Control() control.Control { return r.remote }

// A control store that does not answer a question ends the pass, whichever and whichever time, but for those of its last act: the mark that it
// is over.
func TestControlThatDoesNotAnswer(t *testing.T) {
	for method, spared := range map[string]int32{"Load": 0, "Instances": 0, "LoadCheckpoint": 1, "SaveCheckpoint": 1} {
		for _, differ := range []bool{true, false} {
			t.Run(method, func(t *testing.T) {
				asked := unruled(t, method, 0, differ)
				require.Greater(t, asked, spared)
				for at := int32(1); at <= asked-spared; at++ {
					unruled(t, method, at, differ)
				}
			})
		}
	}
}

func unruled(t *testing.T, method string, at int32, differ bool) (asked int32) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		if differ {
			r.Stores[phase.New].Corrupt(rig.ID(5), nil)
		}
		last := activity.Pass{Track: "last", Instance: "gone", Started: time.Now()}
		require.NoError(t, last.Save(t.Context(), r.Control, rig.Kind))
		config := small()
		config.Repair = true
		c := &remote{Control: r.Control, down: method, at: at}
		report, err := Run(t.Context(), ruled{r.Migration, c}, rig.Kind, config)
		if asked = c.calls.Load(); at == 0 {
			require.NoError(t, err)
			require.Equal(t, !differ, report.Certified)
			return
		}
		require.ErrorIs(t, err, errDown, "call %d of %d", at, asked)
		require.False(t, report.Certified)
	})
	return asked
}

// untracking notes which tracks end.
type untracking struct {
	journal.Journal
	ended []string
}

func (u *untracking) Untrack(ctx context.Context, name string) error {
	u.ended = append(u.ended, name)
	return u.Journal.Untrack(ctx, name)
}

// A pass ends the journal's memory of the last one, and its own; one that has ended stands in nobody's way, though its instance lives.
func TestPassEndsTheMemoryOfTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 5)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "other", Acked: record.Epoch, Phase: record.Phase}, time.Hour))
		last := activity.Pass{Track: "last", Instance: "other", Started: time.Now(), Ended: true}
		require.NoError(t, last.Save(t.Context(), r.Control, rig.Kind))
		j := &untracking{Journal: r.Journal}
		_, err = Run(t.Context(), over{r.Migration, j}, rig.Kind, small())
		require.NoError(t, err)
		require.Len(t, j.ended, 2)
		require.Equal(t, "last", j.ended[0])
		_, err = Status(t.Context(), &remote{Control: r.Control, down: "LoadCheckpoint", at: 2}, rig.Kind)
		require.ErrorIs(t, err, errDown)
	})
}

// Every key that one store alone has is reported, in the orders that cannot be merged too.
func TestAllOfOneSideAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, scattered}})
		fill(r, 50)
		for n := range 5 {
			r.Stores[phase.New].Corrupt(rig.ID(7*n), nil)
			r.Stores[phase.Old].Corrupt(rig.ID(7*n+3), nil)
		}
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, "hash", report.Order)
		require.EqualValues(t, []int64{5, 5, 0, 50}, []int64{report.OnlyOld, report.OnlyNew, int64(report.Mismatched), report.Compared})
	})
}
