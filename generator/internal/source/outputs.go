package source

import (
	"os"
	"path/filepath"
	"strings"
)

// emptied are the files that a request would write and that are there without content: a killed tool's leavings.
func emptied(requests []*Request) []string {
	var found []string
	looked := map[string]bool{}
	for _, r := range requests {
		for _, pattern := range r.possibleOutputs() {
			if looked[pattern] {
				continue
			}
			looked[pattern] = true
			matches, err := filepath.Glob(pattern)
			if err != nil {
				continue // only a malformed pattern: nothing can match it
			}
			for _, name := range matches {
				if info, err := os.Stat(name); err == nil && info.Size() == 0 {
					found = append(found, name)
				}
			}
		}
	}
	return found
}

// possibleOutputs are patterns of the files that a request may write, known before its interface is.
func (r *Request) possibleOutputs() []string {
	if out := r.Flags.Out.Text; out != "" {
		name := Absolute(r.Dir(), out)
		return []string{name, strings.TrimSuffix(name, ".go") + "_test.go"}
	}
	return []string{
		filepath.Join(r.Dir(), "*_dual.go"), filepath.Join(r.Dir(), "*_dual_test.go"),
		filepath.Join(r.Dir(), "*dual", "*_dual.go"), filepath.Join(r.Dir(), "*dual", "*_dual_test.go"),
	}
}
