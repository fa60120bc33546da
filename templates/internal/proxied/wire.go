package proxied

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// wire declares a struct that stands for another one, and the two functions between them:
//
//	type usersUserWire struct { ID int64; Hash string }
//	func usersUserWireOf(x users.User) usersUserWire { return usersUserWire{ID: x.ID, Hash: x.Hash} }
//	func ofUsersUserWire(x usersUserWire) users.User { return users.User{ID: x.ID, Hash: x.Hash} }
func (p *printer) wire(w *plan.Wire) {
	var fields []jen.Code
	var to, from []printing.Entry
	for _, f := range w.Fields {
		fields = append(fields, jen.Id(f.Name).Add(p.wireType(f.Form)))
		to = append(to, printing.Entry{Name: f.Name, Value: p.to(f.Form, jen.Id("x").Dot(f.Name))})
		from = append(from, printing.Entry{Name: f.Name, Value: p.from(f.Form, jen.Id("x").Dot(f.Name))})
	}
	doc := fmt.Sprintf("%s is %s on its way: every field, whatever its tags and methods say.", w.Name, types.TypeString(w.Type, (*types.Package).Name))
	p.Put(printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Type().Id(w.Name).Struct(fields...)))
	p.Put(jen.Func().Id(w.To).Params(jen.Id("x").Add(p.Typ(w.Type))).Id(w.Name).Block(jen.Return(printing.Literal(jen.Id(w.Name), to...))))
	p.Put(jen.Func().Id(w.From).Params(jen.Id("x").Id(w.Name)).Add(p.Typ(w.Type)).Block(jen.Return(printing.Literal(p.Typ(w.Type), from...))))
}

// wireType is the type that values have on the way.
func (p *printer) wireType(f *plan.WireForm) *jen.Statement {
	switch {
	case f.Wire != nil:
		return jen.Id(f.Wire.Name)
	case f.Elem != nil:
		switch u := f.Type.Underlying().(type) {
		case *types.Map:
			return jen.Map(p.Typ(u.Key())).Add(p.wireType(f.Elem))
		case *types.Slice:
			return jen.Index().Add(p.wireType(f.Elem))
		default:
			return jen.Op("*").Add(p.wireType(f.Elem))
		}
	case f.Under != nil:
		return p.Typ(f.Under)
	}
	return p.Typ(f.Type)
}

// to is a value in the form that it has on the way.
func (p *printer) to(f *plan.WireForm, x *jen.Statement) *jen.Statement {
	switch {
	case f.Wire != nil:
		return jen.Id(f.Wire.To).Call(x)
	case f.Elem != nil:
		return p.each(f, x, p.function(f.Elem, true))
	case f.Under != nil:
		return cast(p.Typ(f.Under), x)
	}
	return x
}

// from is a value of the interface's of one that came.
func (p *printer) from(f *plan.WireForm, x *jen.Statement) *jen.Statement {
	switch {
	case f.Wire != nil:
		return jen.Id(f.Wire.From).Call(x)
	case f.Elem != nil:
		return p.each(f, x, p.function(f.Elem, false))
	case f.Under != nil:
		return cast(p.Typ(f.Type), x)
	}
	return x
}

func cast(t, x *jen.Statement) *jen.Statement { return t.Parens(x) }

// each converts what a slice, a map or a pointer holds.
func (p *printer) each(f *plan.WireForm, x, function *jen.Statement) *jen.Statement {
	switch u := f.Type.Underlying().(type) {
	case *types.Map:
		key := jen.Func().Params(jen.Id("key").Add(p.Typ(u.Key()))).Add(p.Typ(u.Key())).Add(printing.Inline(jen.Return(jen.Id("key"))))
		return p.Convert("Map").Call(x, key, function)
	case *types.Slice:
		return p.Convert("Slice").Call(x, function)
	default:
		return p.Convert("Pointer").Call(x, function)
	}
}

// function is the conversion of one element.
func (p *printer) function(f *plan.WireForm, to bool) *jen.Statement {
	switch {
	case f.Wire != nil && to:
		return jen.Id(f.Wire.To)
	case f.Wire != nil:
		return jen.Id(f.Wire.From)
	case to:
		return jen.Func().Params(jen.Id("x").Add(p.Typ(f.Type))).Add(p.wireType(f)).Add(printing.Inline(jen.Return(p.to(f, jen.Id("x")))))
	default:
		return jen.Func().Params(jen.Id("x").Add(p.wireType(f))).Add(p.Typ(f.Type)).Add(printing.Inline(jen.Return(p.from(f, jen.Id("x")))))
	}
}
