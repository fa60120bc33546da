package wrapper

import (
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// Suite is the conformance test to call for a wrapper: its own, or that of the wrapper that hands it out, which runs it. It is "" where
// there are no tests.
func (w *Wrapper) Suite() string {
	if w.Repo.Output.TestFile == "" {
		return ""
	}
	for _, r := range w.Program.HandingOut(w.Object) {
		s := load.FindSubject(w.Program, r, &report.List{}) // what is reported was reported where it is planned
		if s == nil || r == w.Request {
			continue
		}
		above, decided := Plan(s)
		if !decided || above.Repo.Output.Package != w.Repo.Output.Package {
			continue
		}
		if suite := above.Suite(); suite != "" {
			return suite
		}
	}
	return w.Repo.Names.Conformance
}
