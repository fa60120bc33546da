package begin

import (
	"context"
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// Named loads the package of an interface and finds it by its name, ./dir.Type or importpath.Type, with the //go:generate line above
// it if there is one.
func Named(ctx context.Context, config *source.Config, name string) (*load.Subject, error) {
	ref, err := source.ParseTypeName(name)
	if err != nil || len(ref.Args) > 0 || ref.Pointer {
		return nil, &source.UsageError{Err: noInterface(config.Dir, name)}
	}
	if ref.Pkg == "" {
		ref.Pkg = "."
	}
	pattern := ref.Pkg
	if strings.HasPrefix(pattern, ".") {
		pattern = source.Absolute(config.Dir, pattern)
	}
	found, err := source.FindIn(config, pattern)
	if err != nil {
		return nil, err
	}
	program, err := load.Tree(ctx, config, found, pattern)
	if err != nil {
		return nil, err
	}
	var pkg *packages.Package
	if pkg = program.ByPath[pattern]; pkg == nil {
		pkg = program.ByDir[pattern]
	}
	if pkg == nil || pkg.Types == nil || len(pkg.Errors) > 0 && len(pkg.Types.Scope().Names()) == 0 {
		return nil, &source.UsageError{Err: fmt.Errorf("package %s cannot be loaded%s", ref.Pkg, load.FirstError(pkg))}
	}
	object := pkg.Types.Scope().Lookup(ref.Name)
	if object == nil {
		return nil, &source.UsageError{Err: fmt.Errorf("package %s has no type %s; %s", ref.Pkg, ref.Name, report.Hint(ref.Name, load.TypeNames(pkg.Types)))}
	}
	reports := &report.List{}
	for _, r := range found.Requests {
		if s := load.FindSubject(program, r, &report.List{}); s != nil && s.Object == object {
			s.Reports = reports
			return s, nil
		}
	}
	pos := program.Place(object.Pos())
	above := token.Position{Filename: pos.Filename, Line: pos.Line, Column: 1}
	s := load.FindSubject(program, &source.Request{File: pos.Filename, Pos: above}, reports)
	if s == nil {
		return nil, reports.Err()
	}
	return s, nil
}
