package verify

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// Keys that the mirror refuses differ, and the journal knows them. They are no writes in flight: no certificate is issued
// while one of them has failed to be copied, nor once it was given up.
func TestNoCertificateWhileKeysCannotBeCopied(t *testing.T) {
	for _, rule := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 200)
			remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(errors.New("no such column"))})
			r.Put(rig.NewItem("poison", 1))
			reconciler := reconcile.New(r.Migration, reconcile.Config{Rate: -1, QuarantineAfter: 2})
			config := small()
			config.off.stuck = !rule
			for attempt, reason := range []string{"1 keys differ and could not be copied", "1 keys differ and could not be copied"} {
				time.Sleep(time.Minute)
				pass, err := reconciler.Once(t.Context())
				require.NoError(t, err)
				require.Equal(t, 1, pass.Failed, "attempt %d", attempt)
				report, err := Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.Equal(t, !rule, report.Certified, "%+v", report)
				if rule {
					require.Contains(t, report.Reason, reason)
				}
			}
			remove()
			require.NoError(t, r.Stores[1].Put(t.Context(), rig.NewItem("poison", 1))) // equal by accident, and still given up
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Equal(t, !rule, report.Certified)
			if rule {
				require.Contains(t, report.Reason, "1 keys of the kind are given up")
			}
		})
	}
}

// What was written so much during the pass that hardly anything could be counted again is not proved.
func TestNoCertificateWithoutRecount(t *testing.T) {
	for _, rule := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 200)
			config := small()
			config.Buckets, config.off.rule = 2, !rule
			version := 1
			config.OnProgress = func(Progress) {
				version++
				for n := range 40 { // in both buckets, as good as certainly
					r.Put(rig.NewItem(rig.ID(n), version))
				}
			}
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Zero(t, report.Recounted)
			require.Equal(t, !rule, report.Certified)
			if rule {
				require.Contains(t, report.Reason, "50 % is the least")
			}
		})
	}
}

// A certificate of a build that knows other fields than an instance is none.
func TestNoCertificateOfOtherBuilds(t *testing.T) {
	for _, rule := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 20)
			record, err := r.Control.Load(t.Context())
			require.NoError(t, err)
			require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "next", Acked: record.Epoch, Phase: record.Phase,
				Kinds: []string{rig.Kind}, Shapes: map[string]string{rig.Kind: "At,Count,Email,ID,Name,Note,Tags 2"}}, time.Hour))
			config := small()
			config.off.rule = !rule
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Equal(t, !rule, report.Certified)
			if rule {
				require.Contains(t, report.Reason, "another build than instance next has: the second alone has Email")
			}
		})
	}
}
