// Package expiry decides which field of an entity says when it is gone.
package expiry

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// Decide notes the field of each entity that a directive speaks of, and reports what is none.
func Decide(in *model.Interface) {
	for _, d := range in.Said.TTLs {
		decide(in, d)
		for _, param := range d.Params {
			checkParam(in, param)
		}
	}
}

// decide notes the field of one entity.
func decide(in *model.Interface, d *directive.TTL) {
	owner, name, _ := strings.Cut(d.Field.Text, ".")
	var names []string
	for _, e := range in.Entities {
		names = append(names, e.Name)
	}
	at := slices.Index(names, owner)
	if at < 0 {
		in.Reports.Addf(d.Field.Pos, "name a field of an entity, as Session.Expires; entities: "+report.Hint(owner, names), "%s names no entity's field", d.Field.Text)
		return
	}
	e := in.Entities[at]
	switch t := fieldOf(e, name); {
	case t == nil:
		in.Reports.Addf(d.Field.Pos, "name a field of the struct that is the entity, and no getter", "%s has no field %s", e.Name, name)
	case !isTime(t):
		in.Reports.Addf(d.Field.Pos, "let the entity hold the moment at which it ends, a time.Time, and each store make of that what it needs",
			"%s is a %s: how long something has left is another value whenever it is copied, and a number does not say its unit", d.Field.Text, shape.String(t))
	case e.Expires != "":
		in.Reports.Addf(d.Pos, "keep one of the two", "//dualgen:ttl is said twice of %s", e.Name)
	case ignored(in, name):
		in.Reports.Addf(d.Pos, "round it instead: //dualgen:compare round="+name+":1s", "%s is ignored where copies are compared: nobody would notice one that never ends", d.Field.Text)
	default:
		e.Expires = name
	}
}

// fieldOf is the type of a field of an entity's struct; nil where it has none of that name.
func fieldOf(e *model.Entity, name string) types.Type {
	if e.Type == nil || e.Entry != nil {
		return nil
	}
	u, ok := e.Type.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for field := range u.Fields() {
		if field.Name() == name {
			return field.Type()
		}
	}
	return nil
}

func isTime(t types.Type) bool { return shape.IsNamed(t, "time", "Time") }

// ignored reports whether copies are compared without a field of that name.
func ignored(in *model.Interface, name string) bool {
	return slices.ContainsFunc(in.Said.Compares, func(c *directive.Compare) bool { return slices.Contains(c.Ignore, name) })
}

// checkParam reports what is no parameter, or no time.
func checkParam(in *model.Interface, param text.Word) {
	method, name, _ := strings.Cut(param.Text, ".")
	for _, m := range in.Methods {
		i := m.ParamCalled(name)
		if m.Name != method || i < 0 {
			continue
		}
		if t := m.Params[i].Type; !isTime(t) {
			in.Reports.Addf(param.Pos, "leave it out: the moment that the store makes of it is in the entity, and is copied", "%s is a %s, and no moment", param.Text, shape.String(t))
		}
		return
	}
	in.Reports.Addf(param.Pos, "name a method and its parameter, as Extend.until", "%s is no parameter of the interface", param.Text)
}
