package crash

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

// Without a journal that outlives the processes, the same kills must be seen to leave the stores apart: an audit that
// finds nothing here would find nothing anywhere.
func TestRedControls(t *testing.T) {
	t.Parallel()
	for _, mode := range []setting.Mode{setting.Memory, setting.Naive} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, pair{name: "red " + string(mode), mode: mode})
			if mode == setting.Memory {
				_, err := w.at.Load().coordinator.Advance(t.Context(), control.Step{By: "crash test"}) // to OldPrimary: both stores are empty
				require.NoError(t, err)
			}
			const rounds, kills = 5, 20
			for range rounds {
				if found := w.redRound(kills); found > 0 {
					t.Logf("%d kills: %d keys lost or different", w.tally.allKills(), found)
					return
				}
			}
			assert.Fail(t, "the audit found nothing", "%d rounds of %d kills", rounds, kills)
		})
	}
}

// redRound is a killRound in one phase. It returns how much the audit found.
func (w *world) redRound(kills int) int {
	w.staff(true)
	w.killAtRandom(context.Background(), kills)
	w.fleet.stop()
	w.fleet.occupy(func(*setting.Settings) {}) // a reconciler, which gets the same chance as elsewhere
	time.Sleep(setting.Lease + 2*w.settle)
	w.fleet.stop()
	report := w.audit(control.Record{Phase: dual.OldPrimary})
	return len(report.Lost) + len(report.Illegal)
}
