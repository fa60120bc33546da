package handle

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestHandlesAreClosed: a read that returns what must be closed is not sent to the mirror, and the caller's own handle works.
func TestHandlesAreClosed(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Sensor{}, &Sensor{}
		readings := NewDualReadings(old, new, w.Migration)
		w.To(phase.OldPrimary)
		w.Set(phase.Settings{Compare: 1})
		if err := readings.Save(t.Context(), Reading{1, 20.5}); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			cursor, err := readings.Query(t.Context(), 20)
			if err != nil {
				t.Fatal(err)
			}
			if reading, ok := cursor.Next(); !ok || reading.ID != 1 {
				t.Errorf("the caller's cursor gives %v %v", reading, ok)
			}
			if err := cursor.Close(); err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if old.Open.Load() != 0 || new.Open.Load() != 0 || new.Opened.Load() != 0 {
			t.Errorf("open are %d and %d; the mirror opened %d", old.Open.Load(), new.Open.Load(), new.Opened.Load())
		}
		if compared, err := readings.Get(t.Context(), 1); err != nil || compared.Value != 20.5 {
			t.Error(compared, err)
		}
		time.Sleep(time.Second)
		if w.Stats().Compared == 0 {
			t.Error("no read was compared at all")
		}
	})
}
