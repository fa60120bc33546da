// Package results keeps what the proofs counted, for the table of the README.
package results

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// Row is one line of the table of results.
type Row struct {
	Layer      string  `json:"layer"`
	Level      string  `json:"level"` // how much was asked for: nothing, ci or release
	Count      int64   `json:"count"`
	Unit       string  `json:"unit"`
	Violations int64   `json:"violations"`
	Detail     string  `json:"detail,omitempty"`
	Seconds    float64 `json:"seconds"`
}

var reporting sync.Mutex

// Report prints a row, and appends it as a line of JSON to the file that DUALGEN_RESULTS names, if it names one.
func Report(row Row) error {
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
