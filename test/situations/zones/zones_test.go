package zones

import (
	"database/sql"
	"testing"
	"time"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
	"github.com/dualgen/dualgen/test/situations/zones/feed"
	"github.com/dualgen/dualgen/test/situations/zones/timetable"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// TestTimesAreStoredAsGiven: in OldOnly, and whenever the old store is written, it is given the very times of the caller.
func TestTimesAreStoredAsGiven(t *testing.T) {
	db, err := sql.Open("pgx", servertest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(timetable.Schema); err != nil {
		t.Fatal(err)
	}
	west := time.FixedZone("west", -9*60*60)
	day, leaves := time.Date(2030, 3, 31, 20, 0, 0, 0, west), time.Date(2030, 3, 31, 23, 30, 0, 0, west)
	old := timetable.Buses{DB: db}
	if err := old.Save(t.Context(), timetable.Row{Line: "directly", Day: day, Departure: leaves, Changed: &leaves}); err != nil {
		t.Fatal(err)
	}
	w := walk.Start(t)
	buses := NewDualBuses(old, &feed.Buses{}, w.Migration)
	stored := func(line string) (text string) {
		t.Helper()
		if err := db.QueryRow("SELECT concat_ws(' ', day, departure, changed) FROM buses WHERE line = $1", line).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, p := range []phase.Phase{phase.OldOnly, phase.OldPrimary} {
		w.To(p)
		if err := buses.Save(t.Context(), Bus{"wrapped", day, leaves, &leaves}); err != nil {
			t.Fatal(err)
		}
		if got, want := stored("wrapped"), stored("directly"); got != want {
			t.Errorf("%v: the old store holds %s, and without the wrapper %s", p, got, want)
		}
	}
}
