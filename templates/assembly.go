package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// assemble makes a struct by its constructor and setters, and returns the expression of it. value writes what becomes a part.
//
//	user, err := domain.NewUser(u.ID, u.Name)
//	if err != nil {
//		return domain.User{}, err
//	}
//	user.SetEmail(u.Email)
func (b *body) assemble(a *plan.Assembly, value func(i int) jen.Code) jen.Code {
	local, parts := b.construct(a, value)
	whole := jen.Add(local)
	if a.Construct != nil && a.Pointer {
		whole = jen.Op("*").Add(local)
	}
	for ; parts < len(a.Parts); parts++ {
		b.set(a.Parts[parts], local, whole, value(parts))
	}
	return whole
}

// construct calls the constructor, or declares the zero value, and returns the local with the result, and how many parts went
// into it.
func (b *body) construct(a *plan.Assembly, value func(i int) jen.Code) (local *jen.Statement, parts int) {
	if a.Construct == nil {
		typ := b.typ(a.Type) // its package before the local, which must not hide it
		local = jen.Id(b.local(localWord(a.Type)))
		b.add(jen.Var().Add(local, typ))
		return local, 0
	}
	var args []jen.Code
	if a.Construct.Context {
		args = append(args, jen.Id(b.ctx))
	}
	for parts < len(a.Parts) && a.Parts[parts].Param {
		args = append(args, value(parts))
		parts++
	}
	if a.Spread {
		args[len(args)-1] = jen.Add(args[len(args)-1]).Op("...")
	}
	call := b.ref(a.Construct).Add(arguments(args))
	if len(a.Parts) == parts && !a.Pointer && !a.Construct.Fallible {
		return call, parts
	}
	local = jen.Id(b.local(localWord(a.Type)))
	if a.Construct.Fallible {
		b.declared = true
		b.add(
			jen.List(local, jen.Id(b.err)).Op(":=").Add(call),
			jen.If(jen.Id(b.err).Op("!=").Nil()).Block(b.fail(jen.Id(b.err), "")),
		)
	} else {
		b.add(jen.Add(local).Op(":=").Add(call))
	}
	if a.Pointer {
		b.add(jen.If(jen.Add(local).Op("==").Nil()).Block(b.fail(b.convert("ErrNull"), "")))
	}
	return local, parts
}

// set gives a struct one of its parts:
//
//	if err := user.SetEmail(email); err != nil {
//		return domain.User{}, convert.At("Email", err)
//	}
func (b *body) set(part plan.Part, local, whole *jen.Statement, value jen.Code) {
	if part.Set == nil {
		field := jen.Add(local)
		for _, name := range part.Field {
			field.Dot(name)
		}
		b.add(field.Op("=").Add(value))
		return
	}
	call := jen.Add(local).Dot(part.Set.Name).Call(value)
	switch {
	case part.Set.Fallible:
		b.add(jen.If(jen.Id(b.err).Op(":=").Add(call), jen.Id(b.err).Op("!=").Nil()).Block(b.fail(jen.Id(b.err), part.Name)))
	case part.Set.Returns:
		b.add(jen.Add(whole).Op("=").Add(call))
	default:
		b.add(call)
	}
}

// arguments writes the arguments of a call, one a line where there are many.
func arguments(args []jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: len(args) > 3}, args...)
}
