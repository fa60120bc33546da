package flagsource_test

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/flagsource"
	"github.com/dualgen/dualgen/runtime/journal"
)

// fixed is a flag that a person wrote into a file.
type fixed string

func (f fixed) Desired(context.Context) (flagsource.Answer, error) {
	return flagsource.Answer{Text: string(f), Certain: true, Why: "the file says so"}, nil
}

func (fixed) Changes() <-chan struct{} { return nil }

func Example() {
	ctx, store := context.Background(), control.NewMemory()
	if err := control.Init(ctx, store, "example"); err != nil {
		fmt.Println(err)
		return
	}
	follower, err := flagsource.New(flagsource.Config{
		Source: fixed("live"), Control: store, Journal: journal.NewMemory(), Stages: flagsource.LaunchDarkly, Logger: quiet,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(follower.Step(ctx), follower.Status().Actual)
	fmt.Println(follower.Step(ctx), follower.Status().Actual)
	fmt.Println(follower.Status().Stay)
	// Output:
	// true OldPrimary
	// false OldPrimary
	// dualgen: cannot go from OldPrimary to OldGuarded:
	//   kinds: no instance has reported what it copies (start an instance with the generated wrapper)
}
