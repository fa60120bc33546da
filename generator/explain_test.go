package generator

import (
	"path/filepath"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/explain"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
)

// TestExplainNeverPanics explains every golden archive: those with questions and faults above all, of which nothing is generated.
func TestExplainNeverPanics(t *testing.T) {
	names, err := filepath.Glob("../testdata/golden/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no golden archives: %v", err)
	}
	shared := newModule(t)
	var archives []*golden
	for _, name := range names {
		archives = append(archives, readGolden(t, name, shared))
	}
	program, found := loadGolden(t, Config{Dir: shared})
	for _, g := range archives {
		t.Run(g.base, func(t *testing.T) {
			for _, b := range wrapper.All(program, g.of(found), &report.List{}) {
				if explain.Of(b).Interface == "" {
					t.Error("an explanation is of no interface")
				}
			}
		})
	}
}
