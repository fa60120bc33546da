package kind

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// RefuseWhole refuses, at once, an interface that is no repository: a client of a service, a driver that runs statements, or what has
// more methods whose names say nothing of reading and writing than others. Where a directive says something of its entities or of its
// methods, a person has looked, and each method is asked about.
func RefuseWhole(in *model.Interface) bool {
	why := noRepository(in)
	if why == "" || isBegun(in) {
		return false
	}
	for _, m := range in.Methods {
		m.Kind, m.Levels.Kind = plan.Primary, model.Asked
	}
	in.Reports.Put(report.Diagnostic{
		Pos: in.Pos, Cause: report.Open, About: in.Object.Name(), Matter: "no repository",
		What: fmt.Sprintf("%s is likely no repository: %s", in.Object.Name(), why),
		Remedy: "declare an interface of the methods that read and write what is stored, and wrap that: type Store interface { … }, with the //go:generate line above it" +
			"\nor describe what this one stores, to be asked about each of its methods: //dualgen:entity Name key=… above the interface",
	})
	return true
}

// isBegun reports whether a directive says what an interface stores, or what one of its methods does.
func isBegun(in *model.Interface) bool {
	return len(in.Said.Entities) > 0 || slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		return m.Said.Kind != nil || m.Said.Of != nil || m.Said.Key != nil || m.Said.Mirror != nil
	})
}

// tooMany is how many methods say nothing by their names in an interface that is refused for that.
const tooMany = 20

// noRepository says why an interface is likely no repository, or "".
func noRepository(in *model.Interface) string {
	var calls, runs, silent []string
	for _, m := range in.Methods {
		switch {
		case takesCallOptions(m):
			calls = append(calls, m.Name)
		case runsStatements(m):
			runs = append(runs, m.Name)
		}
		if !m.Words.Known() || innerVerb(in, m) != "" {
			silent = append(silent, m.Name)
		}
	}
	switch {
	case len(calls) > 0 && len(calls) == len(in.Methods):
		return "it is the client of a gRPC service, whose methods take requests and options of a call; what the service stores is behind it"
	case len(runs) > 0:
		return fmt.Sprintf("%s %s a statement, as a driver of a database does: what that writes nothing says", text.And(runs), map[bool]string{true: "runs", false: "run"}[len(runs) == 1])
	case len(silent) >= tooMany && 2*len(silent) > len(in.Methods):
		return fmt.Sprintf("the names of %d of its %d methods say nothing of reading and writing: %s and others", len(silent), len(in.Methods), strings.Join(silent[:3], ", "))
	}
	return ""
}

// takesCallOptions reports whether a method takes the options of a gRPC call.
func takesCallOptions(m *model.Method) bool {
	return slices.ContainsFunc(m.Params, func(p *plan.Param) bool {
		named, ok := types.Unalias(shape.ElementOf(p.Type).Type).(*types.Named)
		return ok && p.Variadic && named.Obj().Name() == "CallOption" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "google.golang.org/grpc"
	})
}

// runsStatements reports whether a method runs a statement that it is handed with its arguments: Exec(ctx, sql string, args ...any).
func runsStatements(m *model.Method) bool {
	first := strings.ToLower(firstWord(m.Name))
	if !slices.Contains([]string{"exec", "execute", "query"}, first) || !m.Sig.Variadic() {
		return false
	}
	args := m.NonContext()
	if len(args) != 2 || !m.Params[args[1]].Variadic {
		return false
	}
	basic, ok := m.Params[args[0]].Type.Underlying().(*types.Basic)
	any, is := shape.ElementOf(m.Params[args[1]].Type).Type.Underlying().(*types.Interface)
	return ok && basic.Kind() == types.String && is && any.NumMethods() == 0
}
