package backfill

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// markless is a journal that cannot mark.
type markless struct {
	*journal.Memory
	now bool
}

var errMarks = errors.New("marks cannot be stored")

func (m *markless) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if m.now {
		return errMarks
	}
	return m.Memory.MarkDirty(ctx, keys, primary)
}

// TestMarksThatFailStopTheRun: without the marks of what was written during a chunk, or during an interrupted one, the backfill is not
// complete. Once they can be stored, it is, and the stores are equal.
func TestMarksThatFailStopTheRun(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			j := &markless{Memory: journal.NewMemory()}
			r := rig.New(t, rig.Options{Journal: j})
			r.Fill(phase.Old, 7)
			key := rig.Key(rig.ID(1))
			config := small()
			if interrupted {
				config = kill(afterWrite, 1, nil)
			}
			at := config.at
			config.at = func(s step, k dual.Key) error {
				if s == beforePut && k == key {
					r.Put(rig.NewItem(key.ID, 2)) // the chunk has the old one in hand
					j.now = true
				}
				if at != nil {
					return at(s, k)
				}
				return nil
			}
			_, err := Run(t.Context(), r.Migration, rig.Kind, config)
			if interrupted {
				require.ErrorIs(t, err, errKilled)
				_, err = Run(t.Context(), r.Migration, rig.Kind, small())
			}
			require.ErrorIs(t, err, errMarks)
			record, err := r.Control.Load(t.Context())
			require.NoError(t, err)
			require.False(t, record.Backfills[rig.Kind].Complete)
			j.now = false
			report, err := Run(t.Context(), r.Migration, rig.Kind, small())
			require.NoError(t, err)
			require.True(t, report.Complete)
			drain(t, r)
			require.True(t, r.Equal())
		})
	}
}

// TestFencedRunSaysThatItCannotMark: a run that was taken over and cannot mark its chunk says both.
func TestFencedRunSaysThatItCannotMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, j := new(paused), &markless{Memory: journal.NewMemory()}
		r := rig.New(t, rig.Options{Journal: j, Wrap: func(c control.Control) control.Control { first.Control = c; return first }})
		second := r.Open(nil)
		r.Fill(phase.Old, 7)
		listed(r, afterKey)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(1), Last: 1, Fault: func(ctx context.Context, call *dualtest.Call) error {
			ctx = context.WithoutCancel(ctx)
			first.now.Store(true)
			time.Sleep(20 * time.Second)
			_, err := Run(ctx, second, rig.Kind, small())
			require.NoError(t, err)
			j.now = true
			return call.Effect(ctx)
		}})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorIs(t, err, ErrFenced)
		require.ErrorIs(t, err, errMarks)
	})
}

// TestRowsThatAreHeldAreNoFailures: failures count in a row. A row that the mirror holds already ends the row.
func TestRowsThatAreHeldAreNoFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 7)
		for n := 1; n < 7; n += 2 {
			item := rig.NewItem(rig.ID(n), 1)
			r.Stores[phase.New].Corrupt(item.ID, &item)
		}
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(nil)})
		config := small()
		config.maxFailures = 2
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.EqualValues(t, 4, report.Failed)
		require.EqualValues(t, 3, report.Same)
		require.Equal(t, 4, r.Unclean())
	})
}
