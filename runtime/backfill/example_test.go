package backfill_test

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// In OldPrimary writes reach both stores, and what was in the old one before is still missing in the new one.
func ExampleRun() {
	ctx := context.Background()
	migration, stores, err := rig.Sample(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	for n := range 1200 {
		if err := stores[phase.Old].Put(ctx, rig.NewItem(rig.ID(n), 1)); err != nil {
			fmt.Println(err)
			return
		}
	}

	report, err := backfill.Run(ctx, migration, "Item", backfill.Config{Rate: -1})
	fmt.Println(report.Copied, "copied in", report.Chunks, "chunks, complete:", report.Complete, err)
	fmt.Println(stores[phase.New].Len(), "in the new store")

	report, err = backfill.Run(ctx, migration, "Item", backfill.Config{})
	fmt.Println(report.Chunks, "chunks the second time", err)
	// Output:
	// 1200 copied in 3 chunks, complete: true <nil>
	// 1200 in the new store
	// 0 chunks the second time <nil>
}
