package printing

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/types"
	"io"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// Uncopied are the kinds that methods read and write and that nothing can copy, in the order of the methods.
func Uncopied(repo *plan.Repository) []*plan.Entity {
	var kinds []*plan.Entity
	for _, m := range repo.Methods {
		for _, touch := range m.Touches() {
			if e := touch.Entity; e != nil && !slices.Contains(repo.Entities, e) && !slices.Contains(kinds, e) {
				kinds = append(kinds, e)
			}
		}
	}
	return kinds
}

// AddUncopied tells the migration of a kind that nothing can copy:
//
//	dual.AddUncopied(migration, dual.Uncopied{Kind: "Session", Shape: "token 1f2e3d4c"})
func (f *File) AddUncopied(repo *plan.Repository, e *plan.Entity, migration string) *jen.Statement {
	fields := []Entry{{"Kind", jen.Lit(e.Name)}, {"Shape", jen.Lit(ShapeOf(repo, e))}}
	if e.Abandon {
		fields = append(fields, Entry{"Abandon", jen.Lit(true)})
	}
	return f.Dual("AddUncopied").Call(jen.Id(migration), InlineLiteral(f.Dual("Uncopied"), fields...))
}

// ShapeOf is the shape of an entity, by which instances of different builds tell each other apart: the names of its fields,
// sorted, and a digest of the names and types of all that it consists of, and of its key. The order of fields is not part of
// it, nor is what the standard library's types consist of.
func ShapeOf(repo *plan.Repository, e *plan.Entity) string {
	s := shaper{home: repo.Output.Package, met: make(map[types.Type]bool)}
	var names []string
	digest := sha256.New()
	fmt.Fprintf(digest, "%s\n", e.Name)
	for _, part := range e.Key {
		fmt.Fprintf(digest, "key %s %s\n", pathText(part.Path), s.name(part.Type))
	}
	switch {
	case e.Entry != nil:
		names = slices.Clone(e.Entry.Fields)
		s.write(digest, e.Entry.Value)
	case e.Type != nil:
		for _, field := range s.fields(e.Type) {
			names = append(names, field.Name())
		}
		s.write(digest, e.Type)
	}
	if len(names) == 0 {
		names = []string{e.Name}
	}
	slices.Sort(names)
	return strings.Join(names, ",") + " " + hex.EncodeToString(digest.Sum(nil)[:4])
}

// pathText is a key's path: "ID", "Owner.ID()".
func pathText(path []plan.PathStep) string {
	var names []string
	for _, step := range path {
		name := step.Name
		if step.Call {
			name += "()"
		}
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

// shaper writes what a type consists of.
type shaper struct {
	home *types.Package // whose unexported fields count too
	met  map[types.Type]bool
}

// name is a type's name, without what it consists of.
func (s *shaper) name(t types.Type) string {
	if t == nil {
		return ""
	}
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// fields are the fields of a struct, or of what a pointer points to, by name.
func (s *shaper) fields(t types.Type) []*types.Var {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var fields []*types.Var
	for field := range structure.Fields() {
		if field.Exported() || field.Pkg() == s.home {
			fields = append(fields, field)
		}
	}
	slices.SortFunc(fields, func(a, b *types.Var) int { return strings.Compare(a.Name(), b.Name()) })
	return fields
}

// write writes a type, and once each what it consists of.
func (s *shaper) write(w io.Writer, t types.Type) {
	if s.met[t] {
		return
	}
	s.met[t] = true
	fmt.Fprintf(w, "type %s\n", s.name(t))
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for _, field := range s.fields(t) {
			fmt.Fprintf(w, "field %s %s\n", field.Name(), s.name(field.Type()))
		}
		for _, field := range s.fields(t) {
			s.write(w, field.Type())
		}
	case *types.Pointer:
		s.write(w, u.Elem())
	case *types.Slice:
		s.write(w, u.Elem())
	case *types.Array:
		s.write(w, u.Elem())
	case *types.Map:
		s.write(w, u.Key())
		s.write(w, u.Elem())
	default:
		fmt.Fprintf(w, "is %s\n", s.name(u))
	}
}
