package proof

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
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

// ReportRow is one line of the table of results.
type ReportRow struct {
	Layer      string  `json:"layer"`
	Level      Level   `json:"level"`
	Count      int64   `json:"count"`
	Unit       string  `json:"unit"`
	Violations int64   `json:"violations"`
	Detail     string  `json:"detail,omitempty"`
	Seconds    float64 `json:"seconds"`
}

var reporting sync.Mutex

// Report prints a row, and appends it as a line of JSON to the file that DUALGEN_RESULTS names, if it names one.
func Report(row ReportRow) error {
	line, err := json.Marshal(row)
	if err != nil {
		return err
	}
	fmt.Printf("proof: %s\n", line)
	name := os.Getenv("DUALGEN_RESULTS")
	if name == "" {
		return nil
	}
	reporting.Lock()
	defer reporting.Unlock()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	return f.Close()
}
