package place

import (
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/internal/plan"
)

// Queued decides where the front goes whose writes are queued; nil for nowhere. It stands beside the wrapper, whose keys it needs.
func Queued(s *load.Subject, out *plan.Output) *plan.Queued {
	switch {
	case !s.Request.Flags.Queued:
		return nil
	case len(s.Params) > 0:
		s.Reports.Addf(s.Request.Pos, "drop -queued, or wrap an instantiation of it", "-queued: %s is generic, and what waits in a queue needs a type", s.Object.Name())
		return nil
	}
	return &plan.Queued{File: strings.TrimSuffix(out.File, ".go") + "_queued.go"}
}
