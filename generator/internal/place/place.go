// Package place decides which files and which package the output of an interface goes to.
package place

import (
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// placer decides where the output of an interface goes.
type placer struct {
	*load.Subject
	stores  [2]*model.Store
	methods []*load.Method // all of the interface
	out     *plan.Output
}

// Output decides which file and package the output goes to: beside the interface, in a package of its own where a store
// imports the interface's package, or where -out says. It reports what cannot be there.
func Output(s *load.Subject, stores [2]*model.Store, methods []*load.Method) plan.Output {
	p := placer{s, stores, methods, &plan.Output{}}
	p.place()
	return *p.out
}

// place finds the file, and then its package.
func (p *placer) place() {
	out := p.out
	dir := p.Request.Dir()
	base := text.Snake(p.Object.Name()) + "_dual.go"
	cycle := p.cycle()
	switch said := p.Request.Flags.Out; {
	case said.Text != "" && !strings.HasSuffix(said.Text, ".go"):
		p.Reports.Addf(said.Pos, "name a Go file: -out "+base, "-out %s is no Go file", said.Text)
		return
	case said.Text != "" && strings.HasSuffix(said.Text, "_test.go"):
		p.Reports.Addf(said.Pos, "name a file that is part of the package", "-out %s would be a test file", said.Text)
		return
	case said.Text != "":
		out.File = source.Absolute(dir, said.Text)
	case cycle >= 0:
		out.File = filepath.Join(Apart(p.Subject), base)
	default:
		out.File = filepath.Join(dir, base)
	}
	if p.Request.Flags.Test {
		out.TestFile = strings.TrimSuffix(out.File, ".go") + "_test.go"
	}
	out.Constraint = source.ConstraintOf(p.File, filepath.Base(p.Request.File))
	if !p.setPackage(filepath.Dir(out.File)) {
		return
	}
	if cycle >= 0 && out.Package == p.Pkg.Types {
		p.Reports.Addf(p.Request.Flags.Out.Pos, fmt.Sprintf("drop -out: the output then goes to %sdual/", p.Pkg.Name),
			"the %s store's package imports %s: output beside the interface would be an import cycle", model.Sides[cycle], p.Pkg.PkgPath)
	}
	if out.Package != p.Pkg.Types {
		p.checkExported()
	}
	p.checkForeign()
}

// setPackage fills in the output's package for its directory.
func (p *placer) setPackage(dir string) bool {
	out := p.out
	if dir == p.Request.Dir() {
		out.Package, out.Name, out.Path = p.Pkg.Types, p.Pkg.Name, p.Pkg.PkgPath
		return true
	}
	if there := p.Program.ByDir[dir]; there != nil && there.Types != nil && there.Name != "" {
		out.Package, out.Name, out.Path = there.Types, there.Name, there.PkgPath
		return true
	}
	module := p.Pkg.Module
	if module == nil {
		p.Reports.Add(p.Request.Pos, "the output belongs to another package than the interface, but there is no module to name it by", "run go mod init")
		return false
	}
	rel, err := filepath.Rel(module.Dir, dir)
	if err != nil || strings.HasPrefix(rel, "..") {
		p.Reports.Addf(p.Request.Flags.Out.Pos, "name a file below "+module.Path, "-out lies outside of the module")
		return false
	}
	out.Path = path.Join(module.Path, filepath.ToSlash(rel))
	out.Name = packageName(dir)
	out.Package = types.NewPackage(out.Path, out.Name)
	return true
}

// packageName is the name of the package in a directory: that of a Go file there, else made of the directory's name.
func packageName(dir string) string {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err == nil {
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
			if err == nil && !strings.HasSuffix(file.Name.Name, "_test") {
				return file.Name.Name
			}
		}
	}
	var name strings.Builder
	for _, r := range filepath.Base(dir) {
		if r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || name.Len() > 0 && r >= '0' && r <= '9' {
			name.WriteRune(r)
		}
	}
	return strings.ToLower(name.String())
}

// cycle is the position of a store whose package imports the interface's, or -1.
func (p *placer) cycle() int {
	for i, s := range p.stores {
		if Imports(p.Subject, s.Pkg) {
			return i
		}
	}
	return -1
}

// Imports reports whether another package, which may be nil, imports that of an interface.
func Imports(s *load.Subject, other *types.Package) bool {
	if other == nil || other == s.Pkg.Types {
		return false
	}
	pkg := s.Program.ByPath[other.Path()]
	return pkg != nil && load.Reaches(pkg, s.Pkg.PkgPath, map[*packages.Package]bool{})
}

// Apart is the directory of output that cannot stand beside the interface.
func Apart(s *load.Subject) string { return filepath.Join(s.Request.Dir(), s.Pkg.Name+"dual") }

// checkExported reports what another package cannot name.
func (p *placer) checkExported() {
	remedy := "export it, or write the output beside the interface"
	if !p.Object.Exported() {
		p.Reports.Addf(p.Pos, remedy, "%s is unexported: output in package %s cannot name it", p.Object.Name(), p.out.Name)
		return
	}
	for _, m := range p.methods {
		if !token.IsExported(m.Name) && m.Origin == p.Pkg.Types {
			p.Reports.Addf(m.Pos, remedy, "%s is unexported: output in package %s cannot have it", m.Name, p.out.Name)
		}
		if name := unexportedIn(m.Sig, p.out.Package); name != "" {
			p.Reports.Addf(m.Pos, remedy, "%s mentions %s, which is unexported: output in package %s cannot name it", m.Name, name, p.out.Name)
		}
	}
}

// checkForeign reports unexported types of other packages, which come in through embedded interfaces.
func (p *placer) checkForeign() {
	if p.out.Package != p.Pkg.Types {
		return
	}
	for _, m := range p.methods {
		if name := unexportedIn(m.Sig, p.Pkg.Types); name != "" {
			p.Reports.Addf(m.Pos, "wrap an interface without it", "%s mentions %s, which is unexported in another package", m.Name, name)
		}
	}
}

// unexportedIn is the name of a type in a signature that a package cannot name, or "".
func unexportedIn(sig *types.Signature, from *types.Package) string {
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			if name := unexportedType(v.Type(), from); name != "" {
				return name
			}
		}
	}
	return ""
}

// unexportedType is the name of a type inside t that a package cannot name, or "".
func unexportedType(t types.Type, from *types.Package) string {
	hidden := func(o *types.TypeName) bool { return o.Pkg() != nil && !o.Exported() && o.Pkg() != from }
	first := func(n int, at func(int) types.Type) string {
		for i := range n {
			if name := unexportedType(at(i), from); name != "" {
				return name
			}
		}
		return ""
	}
	switch t := t.(type) {
	case *types.Named:
		if hidden(t.Obj()) {
			return t.Obj().Name()
		}
		return first(t.TypeArgs().Len(), t.TypeArgs().At)
	case *types.Alias:
		if hidden(t.Obj()) {
			return t.Obj().Name()
		}
	case *types.Pointer:
		return unexportedType(t.Elem(), from)
	case *types.Slice:
		return unexportedType(t.Elem(), from)
	case *types.Array:
		return unexportedType(t.Elem(), from)
	case *types.Chan:
		return unexportedType(t.Elem(), from)
	case *types.Map:
		return first(2, func(i int) types.Type { return [2]types.Type{t.Key(), t.Elem()}[i] })
	case *types.Signature:
		return unexportedIn(t, from)
	}
	return ""
}
