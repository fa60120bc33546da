package dual_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// reached waits until the migration's instance has acknowledged the fleet's epoch.
func reached(m *dual.Migration, record control.Record) {
	for m.Status().Acked < record.Epoch {
		time.Sleep(time.Millisecond)
	}
}

// A migration of one process, held in memory. A generated constructor takes the two stores and the migration.
func ExampleNewMigration() {
	ctx := context.Background()
	migration, err := dual.NewMigration(dual.Config{Name: "notes", Logger: quiet()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	old, new := newStore("old"), newStore("new")
	notes := newDualNotes(old, new, migration)

	coordinator := control.NewCoordinator(migration.Control(), migration.Journal())
	record, err := coordinator.Advance(ctx, control.Step{By: "example"})
	if err != nil {
		fmt.Println(err)
		return
	}
	reached(migration, record)
	fmt.Println(migration.Phase())

	err = notes.Put(ctx, note{ID: "1", Text: "hello"})
	fmt.Println(err, old.content()["1"].Text, new.content()["1"].Text)
	// Output:
	// OldPrimary
	// <nil> hello hello
}

// A mirror that fails is no concern of the caller: the key stays unclean until it is copied.
func ExampleMigration_Stats() {
	ctx := context.Background()
	migration, err := dual.NewMigration(dual.Config{Logger: quiet()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	old, new := newStore("old"), newStore("new")
	notes := newDualNotes(old, new, migration)
	record, err := control.NewCoordinator(migration.Control(), migration.Journal()).Advance(ctx, control.Step{})
	if err != nil {
		fmt.Println(err)
		return
	}
	reached(migration, record)

	new.fail(func(context.Context, string) error { return errors.New("no space left") })
	fmt.Println(notes.Put(ctx, note{ID: "1", Text: "hello"}))
	stats := migration.Stats().Methods["notes.Put"]
	fmt.Println(stats.Calls, stats.Mirrored, stats.MirrorFailed)
	counts, err := migration.Journal().Counts(ctx, "")
	fmt.Println(counts.Unclean(), err)
	// Output:
	// <nil>
	// 1 0 1
	// 1 <nil>
}

// Frozen writes are refused before any store is touched.
func ExampleCallError() {
	ctx := context.Background()
	migration, err := dual.NewMigration(dual.Config{Logger: quiet()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	notes := newDualNotes(newStore("old"), newStore("new"), migration)
	frozen := dual.Settings{Freeze: dual.FreezeWrites}
	record, err := control.NewCoordinator(migration.Control(), migration.Journal()).Set(ctx, frozen, control.Step{})
	if err != nil {
		fmt.Println(err)
		return
	}
	reached(migration, record)

	err = notes.Put(ctx, note{ID: "1"})
	fmt.Println(errors.Is(err, dual.ErrReadOnly))
	fmt.Println(err)
	// Output:
	// true
	// notes.Put in OldOnly: dualgen: read-only while the migration is frozen
}
