package load

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// IsInvalid reports whether the type checker gave a type up.
func IsInvalid(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Kind() == types.Invalid
}

// ContainsInvalid reports whether a type mentions one that the type checker gave up.
func ContainsInvalid(t types.Type, seen map[types.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	inside := func(t types.Type) bool { return ContainsInvalid(t, seen) }
	switch t := t.(type) {
	case *types.Basic:
		return IsInvalid(t)
	case *types.Alias:
		return inside(types.Unalias(t))
	case *types.Named:
		return inside(t.Underlying()) || anyType(t.TypeArgs().Len(), t.TypeArgs().At, inside)
	case *types.Pointer:
		return inside(t.Elem())
	case *types.Slice:
		return inside(t.Elem())
	case *types.Array:
		return inside(t.Elem())
	case *types.Chan:
		return inside(t.Elem())
	case *types.Map:
		return inside(t.Key()) || inside(t.Elem())
	case *types.Struct:
		return anyType(t.NumFields(), func(i int) types.Type { return t.Field(i).Type() }, inside)
	case *types.Tuple:
		return anyType(t.Len(), func(i int) types.Type { return t.At(i).Type() }, inside)
	case *types.Signature:
		return inside(t.Params()) || inside(t.Results())
	case *types.Interface:
		return anyType(t.NumEmbeddeds(), t.EmbeddedType, inside) ||
			anyType(t.NumExplicitMethods(), func(i int) types.Type { return t.ExplicitMethod(i).Type() }, inside)
	}
	return false
}

// anyType reports whether one of n types is as asked.
func anyType(n int, at func(int) types.Type, is func(types.Type) bool) bool {
	for i := range n {
		if is(at(i)) {
			return true
		}
	}
	return false
}

// consequences are errors that come of dropping function bodies, not of the user's code.
var consequences = []string{"missing function body", "func init must have a body", "must have a body", "imported and not used", "declared and not used"}

// ReportErrors reports a package's errors as the compiler would, and returns how many there were.
func ReportErrors(p *Program, reports *report.List, pkg *packages.Package) int {
	count := 0
	for _, err := range pkg.Errors {
		if err.Kind == packages.ListError && err.Pos == "" || isConsequence(err.Msg) {
			continue
		}
		count++
		reports.Add(parsePosition(err.Pos, p.Config.Dir), err.Msg, "dualgen needs the types of the interface and of the stores to compile: mend this first")
	}
	return count
}

// isConsequence reports whether an error is due to how we load.
func isConsequence(msg string) bool {
	for _, known := range consequences {
		if strings.Contains(msg, known) {
			return true
		}
	}
	return false
}

// parsePosition reads the file:line:column of a package's error.
func parsePosition(text, dir string) token.Position {
	pos := token.Position{Filename: text}
	var numbers []int
	for range 2 {
		i := strings.LastIndexByte(pos.Filename, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(pos.Filename[i+1:])
		if err != nil {
			break
		}
		numbers = append(numbers, n)
		pos.Filename = pos.Filename[:i]
	}
	switch len(numbers) {
	case 2:
		pos.Line, pos.Column = numbers[1], numbers[0]
	case 1:
		pos.Line = numbers[0]
	}
	if pos.Filename == "-" || pos.Filename == "" {
		pos.Filename = dir
	} else {
		pos.Filename = source.Absolute(dir, pos.Filename)
	}
	return pos
}

// TypeNames are the exported types of a package.
func TypeNames(pkg *types.Package) []string {
	var names []string
	for _, name := range pkg.Scope().Names() {
		if t, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && t.Exported() {
			names = append(names, name)
		}
	}
	return names
}
