package proof

import (
	"fmt"
	"os"
)

// Level is how much of the proof a run makes. It is chosen by the environment variable DUALGEN_PROOF.
type Level string

// The levels.
const (
	Quick   Level = ""        // a part of every world, within a minute: go test ./...
	CI      Level = "ci"      // the figures of every CI run, within ten minutes on two cores
	Release Level = "release" // the figures before a release: hours
)

// LevelFromEnv reads DUALGEN_PROOF.
func LevelFromEnv() (Level, error) {
	switch l := Level(os.Getenv("DUALGEN_PROOF")); l {
	case Quick, CI, Release:
		return l, nil
	default:
		return Quick, fmt.Errorf("DUALGEN_PROOF=%q: want ci, release, or nothing", l)
	}
}

// pick returns the value for the level.
func pick[T any](l Level, quick, ci, release T) T {
	switch l {
	case CI:
		return ci
	case Release:
		return release
	}
	return quick
}
