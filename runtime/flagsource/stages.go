package flagsource

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Stages maps the names of another vocabulary to phases. The names of the phases themselves are always understood.
type Stages map[string]phase.Phase

// Parse returns the phase that a text names.
func (s Stages) Parse(text string) (phase.Phase, error) {
	if p, ok := s[text]; ok {
		return p, nil
	}
	if p, err := phase.Parse(text); err == nil {
		return p, nil
	}
	names := []string{}
	for p := phase.OldOnly; p.Valid(); p++ {
		names = append(names, p.String())
	}
	names = append(names, slices.Sorted(maps.Keys(s))...)
	return 0, fmt.Errorf("dualgen: %q is not the name of a phase (%s)", text, strings.Join(names, ", "))
}

// The vocabularies of others. docs/flagsource.md says what each name promises there, and what it gets here.
var (
	// LaunchDarkly is the six stages of a LaunchDarkly migration flag. Its flags of two and four stages use some of the names.
	LaunchDarkly = Stages{
		"off":       phase.OldOnly,
		"dualwrite": phase.OldPrimary,
		"shadow":    phase.OldGuarded,
		"live":      phase.NewGuarded,
		"rampdown":  phase.NewPrimary,
		"complete":  phase.NewOnly,
	}
	// Eriksen is the states that SparkPost's dual writer is walked through.
	Eriksen = Stages{
		"disabled": phase.OldOnly,
		"enabled":  phase.OldPrimary,
		"swapped":  phase.NewPrimary,
		"removed":  phase.NewOnly,
	}
	// Scientist is the words of GitHub's Scientist: the experiment runs the candidate beside the control, whose answer counts.
	Scientist = Stages{
		"control":    phase.OldOnly,
		"experiment": phase.OldPrimary,
		"candidate":  phase.NewPrimary,
	}
	// BirdNETGo is the states of BirdNET-Go's database migration. Its "paused" names no phase: pause the backfill instead.
	BirdNETGo = Stages{
		"idle":         phase.OldOnly,
		"initializing": phase.OldOnly,
		"dual_write":   phase.OldPrimary,
		"migrating":    phase.OldPrimary,
		"validating":   phase.OldPrimary,
		"cutover":      phase.NewPrimary,
		"completed":    phase.NewOnly,
	}
)
