package rig

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Sample is a migration of one process in OldPrimary over two empty stores, for examples: a generated constructor would
// add the entity.
func Sample(ctx context.Context) (*dual.Migration, *[2]*dualtest.Store[Item], error) {
	migration, err := dual.NewMigration(dual.Config{Settle: time.Millisecond, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, err
	}
	stores := new([2]*dualtest.Store[Item])
	for _, position := range []phase.Store{phase.Old, phase.New} {
		stores[position] = dualtest.NewStore(dualtest.StoreConfig[Item]{
			Name: position.String(), ID: func(i Item) string { return i.ID }, Clone: Item.Clone,
		})
	}
	dual.AddEntity(migration, stores, Entity())
	coordinator := control.NewCoordinator(migration.Control(), migration.Journal())
	record, err := coordinator.Advance(ctx, control.Step{By: "example"})
	if err != nil {
		return nil, nil, fmt.Errorf("advance: %w", err)
	}
	for migration.Status().Acked < record.Epoch {
		time.Sleep(time.Millisecond)
	}
	return migration, stores, nil
}
