package hidden

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestArchivedMailComesBack: what was archived before the migration, and meanwhile, can be brought back after the switch.
func TestArchivedMailComesBack(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		new := &Cabinet{}
		mails := NewDualMails(&Office{}, new, w.Migration)
		save := func(id string) {
			t.Helper()
			if err := errors.Join(mails.Save(t.Context(), Mail{id, "subject"}), mails.Delete(t.Context(), id)); err != nil {
				t.Fatal(err)
			}
		}
		save("before")
		w.To(phase.OldGuarded)
		new.mails.Down()
		save("meanwhile")
		new.mails.Up()
		w.Clean()
		w.To(phase.NewOnly)
		for _, id := range []string{"before", "meanwhile"} {
			if _, err := mails.Get(t.Context(), id); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s is shown before it is brought back (%v)", id, err)
			}
			if err := mails.Unarchive(t.Context(), id); err != nil {
				t.Errorf("%s cannot be brought back: %v", id, err)
			}
			if got, err := mails.Get(t.Context(), id); err != nil || got.Subject != "subject" {
				t.Errorf("%s is %+v %v", id, got, err)
			}
		}
	})
}
