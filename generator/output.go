package generator

import (
	"fmt"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// place decides which file and package the output goes to: beside the interface, in a package of its own where a store
// imports the interface's package, or where -out says.
func (b *builder) place() {
	out := &b.repo.Output
	dir := b.request.dir()
	base := text.Snake(b.object.Name()) + "_dual.go"
	cycle := b.cycle()
	switch said := b.request.flags.out; {
	case said.Text != "" && !strings.HasSuffix(said.Text, ".go"):
		b.reports.Addf(said.Pos, "name a Go file: -out "+base, "-out %s is no Go file", said.Text)
		return
	case said.Text != "" && strings.HasSuffix(said.Text, "_test.go"):
		b.reports.Addf(said.Pos, "name a file that is part of the package", "-out %s would be a test file", said.Text)
		return
	case said.Text != "":
		out.File = absolute(dir, said.Text)
	case cycle >= 0:
		out.File = filepath.Join(dir, b.pkg.Name+"dual", base)
	default:
		out.File = filepath.Join(dir, base)
	}
	if b.request.flags.test {
		out.TestFile = strings.TrimSuffix(out.File, ".go") + "_test.go"
	}
	out.Constraint = constraintOf(b.file, filepath.Base(b.request.file))
	if !b.setPackage(filepath.Dir(out.File)) {
		return
	}
	if cycle >= 0 && out.Package == b.pkg.Types {
		b.reports.Addf(b.request.flags.out.Pos, fmt.Sprintf("drop -out: the output then goes to %sdual/", b.pkg.Name),
			"the %s store's package imports %s: output beside the interface would be an import cycle", model.Sides[cycle], b.pkg.PkgPath)
	}
	if out.Package != b.pkg.Types {
		b.checkExported()
	}
	b.checkForeign()
}

// setPackage fills in the output's package for its directory.
func (b *builder) setPackage(dir string) bool {
	out := &b.repo.Output
	if dir == b.request.dir() {
		out.Package, out.Name, out.Path = b.pkg.Types, b.pkg.Name, b.pkg.PkgPath
		return true
	}
	if there := b.program.byDir[dir]; there != nil && there.Types != nil && there.Name != "" {
		out.Package, out.Name, out.Path = there.Types, there.Name, there.PkgPath
		return true
	}
	module := b.pkg.Module
	if module == nil {
		b.reports.Add(b.request.pos, "the output belongs to another package than the interface, but there is no module to name it by", "run go mod init")
		return false
	}
	rel, err := filepath.Rel(module.Dir, dir)
	if err != nil || strings.HasPrefix(rel, "..") {
		b.reports.Addf(b.request.flags.out.Pos, "name a file below "+module.Path, "-out lies outside of the module")
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
func (b *builder) cycle() int {
	for i, s := range b.in.Stores {
		if s.Pkg == nil || s.Pkg == b.pkg.Types {
			continue
		}
		if pkg := b.program.byPath[s.Pkg.Path()]; pkg != nil && reaches(pkg, b.pkg.PkgPath, map[*packages.Package]bool{}) {
			return i
		}
	}
	return -1
}

// reaches reports whether a package imports another, directly or not.
func reaches(pkg *packages.Package, path string, seen map[*packages.Package]bool) bool {
	if seen[pkg] {
		return false
	}
	seen[pkg] = true
	for _, imported := range pkg.Imports {
		if imported.PkgPath == path || reaches(imported, path, seen) {
			return true
		}
	}
	return false
}

// checkExported reports what another package cannot name.
func (b *builder) checkExported() {
	remedy := "export it, or write the output beside the interface"
	if !b.object.Exported() {
		b.reports.Addf(b.pos, remedy, "%s is unexported: output in package %s cannot name it", b.object.Name(), b.repo.Output.Name)
		return
	}
	for _, m := range b.subject.methods {
		if !token.IsExported(m.name) && m.origin == b.pkg.Types {
			b.reports.Addf(m.pos, remedy, "%s is unexported: output in package %s cannot have it", m.name, b.repo.Output.Name)
		}
		if name := unexportedIn(m.sig, b.repo.Output.Package); name != "" {
			b.reports.Addf(m.pos, remedy, "%s mentions %s, which is unexported: output in package %s cannot name it", m.name, name, b.repo.Output.Name)
		}
	}
}

// checkForeign reports unexported types of other packages, which come in through embedded interfaces.
func (b *builder) checkForeign() {
	if b.repo.Output.Package != b.pkg.Types {
		return
	}
	for _, m := range b.subject.methods {
		if name := unexportedIn(m.sig, b.pkg.Types); name != "" {
			b.reports.Addf(m.pos, "wrap an interface without it", "%s mentions %s, which is unexported in another package", m.name, name)
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
