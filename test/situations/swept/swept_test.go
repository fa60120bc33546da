package swept

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestWhatWasSweptStaysAway: jobs that were taken away many at a time are not served after the switch, and their kind is unclean until
// a verify pass.
func TestWhatWasSweptStaysAway(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		jobs := NewDualJobs(&Queue{}, &Queue{}, w.Migration)
		for id := range int64(5) {
			if err := jobs.SaveJob(t.Context(), &Job{ID: id + 1}); err != nil {
				t.Fatal(err)
			}
		}
		w.To(phase.OldGuarded)
		if n, err := jobs.RangePurgeJobs(t.Context(), 2); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		if r, err := jobs.RangeFinishJobs(t.Context(), RangeFinishJobsRequest{3, 4}); r.Finished != 2 || err != nil {
			t.Fatal(r, err)
		}
		if left := w.Unclean(); len(left) != 1 || !left[0].Key.Whole {
			t.Errorf("unclean is %+v, and not the whole kind", left)
		}
		w.To(phase.NewPrimary)
		for id := range int64(5) {
			if _, err := jobs.GetJob(t.Context(), id+1); errors.Is(err, ErrNotFound) != (id < 4) {
				t.Errorf("job %d: %v", id+1, err)
			}
		}
	})
}
