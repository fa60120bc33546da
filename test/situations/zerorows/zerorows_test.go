package zerorows

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
	_ "github.com/go-sql-driver/mysql"
)

func open(t *testing.T) Table {
	t.Helper()
	db, err := sql.Open("mysql", servertest.MariaDB(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(Schema); err != nil {
		t.Fatal(err)
	}
	return Table{db}
}

// TestEqualRowsAreCopied: a backfill over rows that the table has already finishes, and the fleet goes on.
func TestEqualRowsAreCopied(t *testing.T) {
	w, old, new := walk.Start(t), &Memory{}, open(t)
	for i := range 120 {
		rate := Rate{fmt.Sprintf("pair %03d", i), 100}
		if err := errors.Join(old.Create(t.Context(), rate), new.Create(t.Context(), rate)); err != nil {
			t.Fatal(err)
		}
	}
	rates := NewDualRates(old, new, w.Migration)
	w.To(phase.OldPrimary)
	if report, err := w.Backfill("Rate"); err != nil || report.Failed > 0 || !report.Complete {
		t.Errorf("%+v %v", report, err)
	}
	w.To(phase.NewPrimary)
	if got, err := rates.Get(t.Context(), "pair 119"); err != nil || got.Cents != 100 {
		t.Error(got, err)
	}
}

// TestEqualUpdateTurnsClean: an update that changes nothing leaves nothing unclean, and one that changes something arrives.
func TestEqualUpdateTurnsClean(t *testing.T) {
	w, new := walk.Start(t), open(t)
	rates := NewDualRates(&Memory{}, new, w.Migration)
	w.To(phase.OldPrimary)
	if err := rates.Create(t.Context(), Rate{"a", 100}); err != nil {
		t.Fatal(err)
	}
	for _, cents := range []int64{100, 100, 200} {
		if err := rates.Update(t.Context(), Rate{"a", cents}); err != nil {
			t.Fatal(err)
		}
		w.Clean()
		if got, err := new.Get(t.Context(), "a"); err != nil || got.Cents != cents {
			t.Errorf("the table has %+v %v", got, err)
		}
	}
}
