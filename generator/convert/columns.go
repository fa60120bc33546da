package convert

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// column is one field of a struct as a store sees it: fields of embedded structs count as the struct's own. Directives may
// have it read and written by methods and a constructor.
type column struct {
	path  []*types.Var // from the struct to the field; more than one through embedded structs, none where it is out of reach
	tags  []string     // the names that its tags give it, in the order of tagKeys
	label string       // its name in directives, where it is not the field's
	get   *getter      // that reads it; nil for the field itself
	set   *setter      // that writes it; nil for the field itself
	param *types.Var   // of the constructor that takes it; nil for none
	bad   bool         // what is wrong with it was reported
}

func (c *column) field() *types.Var { return c.path[len(c.path)-1] }

func (c *column) name() string {
	if c.label != "" {
		return c.label
	}
	return c.field().Name()
}

// readable says whether there is a way to read a column, writable whether there is one to write it.
func (c *column) readable() bool { return c.get != nil || len(c.path) > 0 }
func (c *column) writable() bool { return c.set != nil || c.param != nil || len(c.path) > 0 }

// reads is the first step of a conversion of a readable column, after its selectors, and the type that it gives.
func (c *column) reads() (selectors []string, step plan.Conv, t types.Type) {
	if c.get != nil {
		step, t = c.get.reads()
		return nil, step, t
	}
	return names(c.path), plan.Same{}, c.field().Type()
}

// value is reads with the selectors as steps of their own.
func (c *column) value() (read plan.Conv, t types.Type) {
	_, step, t := c.reads()
	if c.get != nil {
		return step, t
	}
	return selecting(c.path), t
}

// takes is the type of what writes a writable column.
func (c *column) takes() types.Type {
	switch {
	case c.param != nil:
		return c.param.Type()
	case c.set != nil:
		return c.set.typ
	default:
		return c.field().Type()
	}
}

// names are the selectors of a path.
func names(path []*types.Var) []string {
	list := make([]string, len(path))
	for i, field := range path {
		list[i] = field.Name()
	}
	return list
}

// tagKeys are the struct tags that name a column, the most telling first.
var tagKeys = []string{"db", "cql", "json", "bson", "dynamodbav"}

// storeTags are those whose "-" says that the store has no such column.
var storeTags = []string{"db", "cql", "bson", "dynamodbav"}

// columns lists the fields of a struct. Those that a deeper embedded struct hides behind a shallower one are left out, as
// Go's promotion does. inStore leaves out what the store's tags leave out.
func (p *Planner) columns(t types.Type, inStore bool) []*column {
	var all []*column
	for _, c := range p.flatten(t, nil, inStore) {
		i := slices.IndexFunc(all, func(other *column) bool { return other.name() == c.name() })
		switch {
		case i < 0:
			all = append(all, c)
		case len(c.path) < len(all[i].path):
			all[i] = c
		}
	}
	return all
}

func (p *Planner) flatten(t types.Type, above []*types.Var, inStore bool) []*column {
	s := t.Underlying().(*types.Struct)
	var all []*column
	for i := range s.NumFields() {
		field, tag := s.Field(i), structTag(s, i)
		if field.Name() == "_" || !p.reaches(field) || inStore && leftOut(tag) {
			continue
		}
		path := append(above[:len(above):len(above)], field)
		if field.Embedded() && len(tagNames(tag)) == 0 && p.promotes(field.Type(), above) {
			all = append(all, p.flatten(field.Type(), path, inStore)...)
			continue
		}
		all = append(all, &column{path: path, tags: tagNames(tag)})
	}
	return all
}

// promotes says whether the fields of an embedded type are columns of their own: it is a struct with fields to reach, and
// not a value such as a time.
func (p *Planner) promotes(t types.Type, above []*types.Var) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 || p.opaque(t) || isTime(t) {
		return false
	}
	_, option := optionOf(t)
	_, text := textOf(t)
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
