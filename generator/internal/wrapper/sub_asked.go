package wrapper

import (
	"fmt"
	"go/types"
	"path"
	"path/filepath"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/place"
	"github.com/dualgen/dualgen/generator/internal/store"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// askSub asks for the //go:generate line of an interface that is handed out.
func (w *Wrapper) askSub(m *load.Method, name *types.TypeName, handed [2]types.Type) {
	what := fmt.Sprintf("%s hands out a %s, and no //go:generate line asks for the wrapper of that: what is written through it would not be mirrored", m.Name, name.Name())
	if name.Pkg() != w.Pkg.Types && !w.inProgram(name) {
		w.Reports.Addf(m.Pos, fmt.Sprintf("declare an interface of your own with the line above it, and let %s return that:\n%s\ntype %s interface{ %s.%[3]s }",
			m.Name, w.subLine(name, handed), name.Name(), name.Pkg().Name()), "%s", what)
		return
	}
	at := w.Program.Position(name.Pos())
	w.Reports.Addf(m.Pos, fmt.Sprintf("write above %s, in %s:\n%s", name.Name(), placeOf(at.Filename, at.Line, w.Request.Dir()), w.subLine(name, handed)), "%s", what)
}

// placeOf is a line of a file as a person finds it from a directory.
func placeOf(file string, line int, dir string) string {
	if rel, err := filepath.Rel(dir, file); err == nil {
		file = filepath.ToSlash(rel)
	}
	return fmt.Sprintf("line %d of %s", line, file)
}

// subLine is the line that asks for the wrapper of what stores hand out.
func (w *Wrapper) subLine(name *types.TypeName, handed [2]types.Type) string {
	line := "//go:generate go tool dualgen"
	for i, t := range handed {
		if ref := w.storeWord(name, t); ref != "" {
			line += " -" + model.Sides[i] + " " + ref
		}
	}
	return line + w.outBeside(name, handed)
}

// outBeside is the flag that sends the wrapper of what is handed out to the package of the one that hands it out, so that one
// conformance test tries both; "" where it goes there by itself, or where its interface is in another package of the program.
func (w *Wrapper) outBeside(name *types.TypeName, handed [2]types.Type) string {
	if name.Pkg() != w.Pkg.Types && w.inProgram(name) {
		return ""
	}
	from, to := w.Request.Dir(), filepath.Dir(w.Repo.Output.File)
	if to == w.byItself(handed) {
		return ""
	}
	out, err := filepath.Rel(from, filepath.Join(to, text.Snake(name.Name())+"_dual.go"))
	if err != nil {
		return ""
	}
	if out = filepath.ToSlash(out); strings.ContainsAny(out, " \t") {
		out = fmt.Sprintf("%q", out)
	}
	return " -out " + out
}

// byItself is the directory of the wrapper of what is handed out, where no flag says another one.
func (w *Wrapper) byItself(handed [2]types.Type) string {
	for _, t := range handed {
		if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
			t = pointer.Elem()
		}
		if named, ok := types.Unalias(t).(*types.Named); ok && place.Imports(w.Subject, named.Obj().Pkg()) {
			return place.Apart(w.Subject)
		}
	}
	return w.Request.Dir()
}

// inProgram reports whether an interface stands in the modules that are generated for.
func (w *Wrapper) inProgram(name *types.TypeName) bool {
	pkg := w.Program.Universe.Listed[name.Pkg().Path()]
	return pkg != nil && pkg.Module != nil && pkg.Module.Main
}

// storeWord is a store's type as the line above an interface names it; "" for the interface itself, and for what no other package
// can name.
func (w *Wrapper) storeWord(name *types.TypeName, t types.Type) string {
	mark := ""
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
		if !store.NeedsPointer(t) {
			mark = "*"
		}
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj() == name || named.Obj().Pkg() == nil {
		return ""
	}
	object := named.Obj()
	if !object.Exported() && object.Pkg() != name.Pkg() {
		return ""
	}
	if object.Pkg() == name.Pkg() {
		return mark + object.Name()
	}
	word := object.Pkg().Path() + "." + object.Name()
	if named.TypeArgs().Len() > 0 {
		word = fmt.Sprintf("%q", types.TypeString(named, nil))
	}
	if rest, below := strings.CutPrefix(word, path.Clean(name.Pkg().Path())+"/"); below {
		word = "./" + rest
	}
	return mark + word
}
