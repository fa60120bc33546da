package verify_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// away is a store that does not answer from its third page on, for so long.
func away(r *rig.Rig, lasts time.Duration) {
	var since time.Time
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", First: 3, Fault: func(ctx context.Context, call *dualtest.Call) error {
		if since.IsZero() {
			since = time.Now()
		}
		if time.Since(since) < lasts {
			return errors.New("connection refused")
		}
		return call.Effect(ctx)
	}})
}

// A pass that is under way outlasts a store that is started anew, and goes on where it was; one that stays away ends it.
func TestPassGoesOnAfterAnOutage(t *testing.T) {
	for lasts, survives := range map[time.Duration]bool{2 * time.Minute: true, time.Hour: false} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			r.Fill(phase.Old, 500)
			_, err := backfill.Run(t.Context(), r.Migration, rig.Kind, backfill.Config{Rate: -1})
			require.NoError(t, err)
			away(r, lasts)
			began := time.Now()
			report, err := verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{Page: 100, Rate: -1})
			if !survives {
				require.ErrorContains(t, err, "connection refused")
				require.Less(t, time.Since(began), 10*time.Minute)
				return
			}
			require.NoError(t, err)
			require.True(t, report.Certified, report.Reason)
			require.Equal(t, int64(500), report.Compared)
			require.Equal(t, [2]int64{500, 500}, report.Read, "nothing was read twice")
		})
	}
}

// A store that does not answer at the start ends the pass at once: there is nothing to lose.
func TestNoPatienceAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 5)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: dualtest.FailBefore(errors.New("no such table"))})
		began := time.Now()
		_, err := verify.Run(t.Context(), r.Migration, rig.Kind, verify.Config{})
		require.ErrorContains(t, err, "no such table")
		require.Less(t, time.Since(began), 10*time.Second)
	})
}
