package dual_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// Timed rollover: from a cutoff on, keys belong to the new store. The wrapper is one of an interface with
// //dualgen:rollover Day.
func ExampleMigration_BeginAt() {
	ctx := context.Background()
	migration, err := dual.NewMigration(dual.Config{Logger: quiet()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	old, new := days{}, days{}
	readings := newDualDays(old, new, migration)
	today := time.Now().UTC().Truncate(24 * time.Hour)
	coordinator := control.NewCoordinator(migration.Control(), migration.Journal())

	// Keys may be two days ahead. So a cutoff has to be set more than two days before.
	record, err := coordinator.Lead(ctx, 48*time.Hour, control.Step{})
	if err != nil {
		fmt.Println(err)
		return
	}
	reached(migration, record)
	record, err = coordinator.Cutoff(ctx, today.AddDate(0, 0, 7), control.Step{Confirm: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	reached(migration, record)
	fmt.Println(readings.Put(ctx, reading{Day: today, Value: 1}), len(old), len(new))

	// No store hears of what is too far ahead.
	err = readings.Put(ctx, reading{Day: today.AddDate(0, 0, 8), Value: 1})
	fmt.Println(errors.Is(err, dual.ErrAhead), len(old), len(new))

	// Tomorrow is too near for another cutoff.
	_, err = coordinator.Cutoff(ctx, today.AddDate(0, 0, 1), control.Step{Confirm: true})
	var refusal *control.Refusal
	fmt.Println(errors.As(err, &refusal), refusal.Unmet[0].Gate)
	// Output:
	// <nil> 1 0
	// true 1 0
	// true cutoff
}
