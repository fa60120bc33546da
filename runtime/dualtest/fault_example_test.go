package dualtest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/runtime/dualtest"
)

func ExampleFaults() {
	faults := new(dualtest.Faults)
	store := dualtest.NewStore(dualtest.StoreConfig[string]{
		Name: "new", ID: func(s string) string { return s }, Faults: faults,
	})
	// The second Put takes effect, but its answer is lost.
	faults.Add(dualtest.Rule{Method: "Put", First: 2, Last: 2, Fault: dualtest.FailAfter(errors.New("connection reset"))})

	ctx := context.Background()
	for _, name := range []string{"ada", "grace", "barbara"} {
		fmt.Println(name, store.Put(ctx, name))
	}
	fmt.Println(store.Len(), "stored")
	// Output:
	// ada <nil>
	// grace connection reset
	// barbara <nil>
	// 3 stored
}
