package verify_test

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// A row that somebody changed in one store alone is found, named by field, and withholds the certificate.
func ExampleRun() {
	ctx := context.Background()
	migration, stores, err := rig.Sample(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	for n := range 100 {
		item := rig.NewItem(rig.ID(n), 1)
		stores[phase.Old].Corrupt(item.ID, &item)
		stores[phase.New].Corrupt(item.ID, &item)
	}
	cut := rig.NewItem(rig.ID(7), 1)
	cut.Name = cut.Name[:3]
	stores[phase.New].Corrupt(cut.ID, &cut)

	report, err := verify.Run(ctx, migration, "Item", verify.Config{Rate: -1})
	fmt.Println(report.Compared, "compared,", report.Differed(), "different, certified:", report.Certified, err)
	for _, mismatch := range report.Differences {
		fmt.Println(mismatch.Key, mismatch.Differences[0].Path)
	}

	stores[phase.New].Corrupt(cut.ID, nil)
	repair, err := verify.Run(ctx, migration, "Item", verify.Config{Rate: -1, Repair: true})
	fmt.Println(repair.OnlyOld, "only in old,", repair.Repaired, "marked for the reconciler", err)
	// Output:
	// 100 compared, 1 different, certified: false <nil>
	// Item/item-0000007 Name
	// 1 only in old, 1 marked for the reconciler <nil>
}
