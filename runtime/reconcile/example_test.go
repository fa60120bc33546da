package reconcile_test

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// A service starts go reconcile.Run(ctx, migration, reconcile.Config{}) in every instance. Here is one pass by hand.
func ExampleReconciler_Once() {
	ctx := context.Background()
	migration, stores, err := rig.Sample(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)

	// A write reached the old store, and its mirror failed: the key is dirty, and old is right.
	key := journal.Key{Kind: "Item", ID: "7"}
	fmt.Println(stores[phase.Old].Put(ctx, rig.NewItem("7", 2)))
	fmt.Println(migration.Journal().MarkDirty(ctx, []journal.Key{key}, phase.Old))
	time.Sleep(5 * migration.Settle()) // what timed out has landed by now

	pass, err := reconcile.New(migration, reconcile.Config{}).Once(ctx)
	fmt.Println(pass.Copied, "copied", err)
	copied, err := stores[phase.New].Get(ctx, "7")
	fmt.Println(copied.Name, err)
	_, unclean, err := migration.Journal().Lookup(ctx, key)
	fmt.Println("unclean:", unclean, err)
	// Output:
	// <nil>
	// <nil>
	// 1 copied <nil>
	// name of 7 v2 <nil>
	// unclean: false <nil>
}
