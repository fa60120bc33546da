package phase_test

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/phase"
)

func ExamplePhase() {
	for p := phase.OldOnly; p <= phase.NewOnly; p++ {
		fmt.Printf("%-10v  primary %v  mirrored %-5v  guarded %v\n", p, p.Primary(), p.Mirrored(), p.Guarded())
	}
	// Output:
	// OldOnly     primary old  mirrored false  guarded false
	// OldPrimary  primary old  mirrored true   guarded false
	// OldGuarded  primary old  mirrored true   guarded true
	// NewGuarded  primary new  mirrored true   guarded true
	// NewPrimary  primary new  mirrored true   guarded false
	// NewOnly     primary new  mirrored false  guarded false
}

// In the guarded phases a mirror beside the primary could show readers a write before it is certain.
func ExampleSettings_Validate() {
	settings := phase.Settings{Mirror: phase.Parallel}
	fmt.Println(settings.Validate(phase.OldPrimary) == nil, settings.Validate(phase.OldGuarded) == nil)
	// Output: true false
}
