package control_test

import (
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

func ExampleCoordinator_Advance() {
	store := control.NewMemory()
	if err := control.Init(ctx, store, "example"); err != nil {
		fmt.Println(err)
		return
	}
	coordinator := control.NewCoordinator(store, journal.NewMemory())
	record, err := coordinator.Advance(ctx, control.Step{By: "example"})
	fmt.Println(record.Phase, record.Epoch, err)

	_, err = coordinator.Advance(ctx, control.Step{By: "example"})
	refusal, ok := errors.AsType[*control.Refusal](err)
	fmt.Println(ok)
	for _, obstacle := range refusal.Unmet {
		fmt.Println(obstacle)
	}
	// Output:
	// OldPrimary 2 <nil>
	// true
	// kinds: no instance has reported what it copies (start an instance with the generated wrapper)
}
