package waiting_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/queue"
	"github.com/dualgen/dualgen/runtime/queue/table"
	"github.com/dualgen/dualgen/test/situations/waiting"
	"github.com/dualgen/dualgen/test/situations/waiting/pgnotes"
	"github.com/jmoiron/sqlx"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestQueuedThroughThePhases: while the fleet goes from old to new, each write waits in the queue, and its caller reads it once it was
// applied. Both stores hold the same at the end.
func TestQueuedThroughThePhases(t *testing.T) {
	ctx := t.Context()
	db, err := sql.Open("pgx", servertest.Postgres(t))
	must(t, err)
	t.Cleanup(func() { db.Close() })
	old, new := pgnotes.Notes{DB: db, Table: "notes_old"}, pgnotes.Notes{DB: db, Table: "notes_new"}
	must(t, old.Make(ctx))
	must(t, new.Make(ctx))
	backend, err := sqlcontrol.Open(sqlx.NewDb(db, "pgx"), sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "notes"})
	must(t, err)
	t.Cleanup(func() { backend.Close(context.Background()) })
	must(t, backend.Migrate(ctx))
	must(t, control.Init(ctx, backend.Control(), "test"))
	m, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal()})
	must(t, err)
	t.Cleanup(func() { m.Close(context.Background()) })

	q, err := table.Open(db, table.Options{})
	must(t, err)
	must(t, q.Migrate(ctx))
	var notes waiting.Notes = waiting.NewQueuedNotes(waiting.NewDualNotes(old, new, m), q)
	consuming, stop := context.WithCancel(ctx)
	done := make(chan error)
	go func() { done <- q.Consume(consuming, notes.(*waiting.QueuedNotes).Apply, queue.Config{}) }()

	for p := phase.OldOnly; p <= phase.NewOnly; p++ {
		to(t, backend.Control(), m, p)
		for i := range 5 {
			writing, receipt := queue.WithReceipt(ctx)
			id := fmt.Sprint("note ", i)
			must(t, notes.Save(writing, waiting.Note{ID: id, Text: p.String()}))
			must(t, notes.SetStars(writing, id, int(p)))
			must(t, receipt.Wait(ctx, q))
			got, err := notes.Get(ctx, id)
			must(t, err)
			if want := (waiting.Note{ID: id, Text: p.String(), Stars: int(p)}); got != want {
				t.Fatalf("%v: read %+v of %+v", p, got, want)
			}
		}
		must(t, notes.Delete(ctx, "note 0"))
		must(t, notes.Delete(ctx, "note 0")) // nobody is there to hear that there is none
	}
	updateOfNothing(t, notes, q)
	for status, err := q.Status(ctx); status.Pending > 0 || err != nil; status, err = q.Status(ctx) {
		must(t, err)
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	<-done
	if rows, err := new.List(ctx, "", 10); err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}

	// What JSON would lose is refused before it is answered.
	if err := notes.Save(ctx, waiting.Note{ID: "x", Secret: "s"}); !errors.Is(err, queue.ErrLost) {
		t.Fatal(err)
	}
}

// updateOfNothing: an update of what is not there blocks nothing, and is told to who waits.
func updateOfNothing(t *testing.T, notes waiting.Notes, q queue.Queue) {
	writing, receipt := queue.WithReceipt(t.Context())
	must(t, notes.SetStars(writing, "nobody", 5))
	if err := receipt.Wait(t.Context(), q); !errors.Is(err, waiting.ErrNotFound) {
		t.Fatal(err)
	}
}

// to moves the fleet of one instance. What gates ask for is not what this is about.
func to(t *testing.T, c control.Control, m *dual.Migration, p phase.Phase) {
	t.Helper()
	record, err := control.Update(t.Context(), c, func(r *control.Record) error {
		r.Phase, r.Epoch, r.Kinds, r.Proved, r.MirroredSince = p, r.Epoch+1, []string{"Note"}, []string{"Note"}, 1
		return nil
	})
	must(t, err)
	for m.Status().Acked < record.Epoch || m.Ready() != nil {
		time.Sleep(10 * time.Millisecond)
	}
}
