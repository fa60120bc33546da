package place

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/internal/plan"
)

// ReportClashes reports files that two requests would write, and files in the way that are not ours.
func ReportClashes(repositories []*plan.Repository, reports *report.List) {
	owner := map[string]*plan.Repository{}
	for _, r := range repositories {
		files := []string{r.Output.File, r.Output.TestFile}
		if r.Queued != nil {
			files = append(files, r.Queued.File)
		}
		for _, name := range files {
			if name == "" {
				continue
			}
			if other := owner[name]; other != nil {
				reports.Addf(r.Pos, "give one of the two another name: -out file.go", "%s would be written for %s and for %s",
					filepath.Base(name), other.Interface.Name(), r.Interface.Name())
			}
			owner[name] = r
			content, err := os.ReadFile(name)
			if err == nil && len(bytes.TrimSpace(content)) > 0 && !source.IsOwn(content) {
				reports.Addf(r.Pos, "move it, or name another file: -out file.go", "%s is there already, and dualgen did not write it", filepath.Base(name))
			}
		}
	}
}
