package wrapper

import (
	"fmt"
	"go/token"
	"path/filepath"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// subReachable reports whether the output can make another wrapper, and reports what is in the way.
func (w *Wrapper) subReachable(m *load.Method, sub *Wrapper) bool {
	own, other := w.Repo.Output, sub.Repo.Output
	if own.Path == other.Path {
		return true
	}
	if !token.IsExported(sub.Repo.Names.Constructor) {
		w.Reports.Addf(m.Pos, fmt.Sprintf("name the wrapper, in the line above %s: -name Dual%s", sub.Object.Name(), text.UpperFirst(sub.Object.Name())),
			"the output in package %s cannot call %s of package %s, which is unexported", own.Name, sub.Repo.Names.Constructor, other.Name)
		return false
	}
	if !w.imports(sub, own.Path) {
		return true
	}
	out, err := filepath.Rel(w.Request.Dir(), filepath.Join(filepath.Dir(other.File), filepath.Base(own.File)))
	if err != nil {
		out = filepath.Base(own.File)
	}
	w.Reports.Addf(m.Pos, fmt.Sprintf("write both to one package, in the line above %s: -out %s", w.Object.Name(), filepath.ToSlash(out)),
		"the output in package %s would import %s, with the wrapper of %s, and that imports %[1]s: an import cycle", own.Path, other.Path, sub.Object.Name())
	return false
}

// imports reports whether the output of another wrapper imports a package: by its interface, its stores or what it hands out.
func (w *Wrapper) imports(sub *Wrapper, path string) bool {
	paths := []string{sub.Pkg.PkgPath}
	for _, s := range sub.In.Stores {
		if s.Pkg != nil {
			paths = append(paths, s.Pkg.Path())
		}
	}
	for _, at := range paths {
		if pkg := w.Program.ByPath[at]; at == path || pkg != nil && load.Reaches(pkg, path, map[*packages.Package]bool{}) {
			return true
		}
	}
	for _, deeper := range sub.subs {
		if deeper.of != nil && (deeper.of.Repo.Output.Path == path || w.imports(deeper.of, path)) {
			return true
		}
	}
	return false
}
