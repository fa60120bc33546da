package access

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// Column is one field of a struct as a store sees it: fields of embedded structs count as the struct's own. Directives may
// have it read and written by methods and a constructor.
type Column struct {
	Path  []*types.Var // from the struct to the field; more than one through embedded structs, none where it is out of reach
	Tags  []string     // the names that its tags give it, in the order of tagKeys
	label string       // its name in directives, where it is not the field's
	Get   *getter      // that reads it; nil for the field itself
	Set   *setter      // that writes it; nil for the field itself
	Param *types.Var   // of the constructor that takes it; nil for none
	Bad   bool         // what is wrong with it was reported
}

func (c *Column) Field() *types.Var { return c.Path[len(c.Path)-1] }

func (c *Column) Name() string {
	if c.label != "" {
		return c.label
	}
	return c.Field().Name()
}

// Readable says whether there is a way to read a column, writable whether there is one to write it.
func (c *Column) Readable() bool { return c.Get != nil || len(c.Path) > 0 }

func (c *Column) Writable() bool { return c.Set != nil || c.Param != nil || len(c.Path) > 0 }

// Reads is the first step of a conversion of a readable column, after its selectors, and the type that it gives.
func (c *Column) Reads() (selectors []string, step plan.Conv, t types.Type) {
	if c.Get != nil {
		step, t = c.Get.reads()
		return nil, step, t
	}
	return build.Names(c.Path), plan.Same{}, c.Field().Type()
}

// Value is reads with the selectors as steps of their own.
func (c *Column) Value() (read plan.Conv, t types.Type) {
	_, step, t := c.Reads()
	if c.Get != nil {
		return step, t
	}
	return build.Selecting(c.Path), t
}

// Takes is the type of what writes a writable column.
func (c *Column) Takes() types.Type {
	switch {
	case c.Param != nil:
		return c.Param.Type()
	case c.Set != nil:
		return c.Set.Typ
	default:
		return c.Field().Type()
	}
}

// tagKeys are the struct tags that name a column, the most telling first.
var tagKeys = []string{"db", "cql", "json", "bson", "dynamodbav"}

// storeTags are those whose "-" says that the store has no such column.
var storeTags = []string{"db", "cql", "bson", "dynamodbav"}

// Columns lists the fields of a struct. Those that a deeper embedded struct hides behind a shallower one are left out, as
// Go's promotion does. inStore leaves out what the store's tags leave out.
func (p *Planner) Columns(t types.Type, inStore bool) []*Column {
	var all []*Column
	for _, c := range p.flatten(t, nil, inStore) {
		i := slices.IndexFunc(all, func(other *Column) bool { return other.Name() == c.Name() })
		switch {
		case i < 0:
			all = append(all, c)
		case len(c.Path) < len(all[i].Path):
			all[i] = c
		}
	}
	return all
}

func (p *Planner) flatten(t types.Type, above []*types.Var, inStore bool) []*Column {
	s := t.Underlying().(*types.Struct)
	var all []*Column
	for i := range s.NumFields() {
		field, tag := s.Field(i), structTag(s, i)
		if field.Name() == "_" || !p.Reaches(field) || inStore && leftOut(tag) {
			continue
		}
		path := append(above[:len(above):len(above)], field)
		if field.Embedded() && len(tagNames(tag)) == 0 && p.promotes(field.Type(), above) {
			all = append(all, p.flatten(field.Type(), path, inStore)...)
			continue
		}
		all = append(all, &Column{Path: path, Tags: tagNames(tag)})
	}
	return all
}

// promotes says whether the fields of an embedded type are columns of their own: it is a struct with fields to reach, and
// not a value such as a time.
func (p *Planner) promotes(t types.Type, above []*types.Var) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 || p.Opaque(t) || gotype.IsTime(t) {
		return false
	}
	_, option := build.OptionOf(t)
	_, text := build.TextOf(t)
	return !option && !text && len(above) < maxEmbedding
}

// maxEmbedding ends embedded structs that embed each other through generic types.
const maxEmbedding = 16

func structTag(s *types.Struct, i int) reflect.StructTag { return reflect.StructTag(s.Tag(i)) }

func tagNames(tag reflect.StructTag) []string {
	var names []string
	for _, key := range tagKeys {
		name, _, _ := strings.Cut(tag.Get(key), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func leftOut(tag reflect.StructTag) bool {
	return slices.ContainsFunc(storeTags, func(key string) bool { return tag.Get(key) == "-" })
}
