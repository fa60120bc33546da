package bundles

import (
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// ArgsName is the name of the arguments inside a function that the runtime calls.
func ArgsName(f *printing.File, m *plan.Method, s *printing.Scope) string {
	switch {
	case m.Args.Name != "":
		return s.Args
	case len(m.Args.Index) == 1:
		return m.Params[m.Args.Index[0]].Name
	default:
		return "_"
	}
}
