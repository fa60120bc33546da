package conv

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// Assemble makes a struct by its constructor and setters, and returns the expression of it. value writes what becomes a part.
//
//	user, err := domain.NewUser(u.ID, u.Name)
//	if err != nil {
//		return domain.User{}, err
//	}
//	user.SetEmail(u.Email)
func (b *Body) Assemble(a *plan.Assembly, value func(i int) jen.Code) jen.Code {
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
func (b *Body) construct(a *plan.Assembly, value func(i int) jen.Code) (local *jen.Statement, parts int) {
	if a.Construct == nil {
		typ := b.Typ(a.Type) // its package before the local, which must not hide it
		local = jen.Id(b.Local(localWord(a.Type)))
		b.Add(jen.Var().Add(local, typ))
		return local, 0
	}
	var args []jen.Code
	if a.Construct.Context {
		args = append(args, jen.Id(b.Ctx))
	}
	for parts < len(a.Parts) && a.Parts[parts].Param {
		args = append(args, value(parts))
		parts++
	}
	if a.Spread {
		args[len(args)-1] = jen.Add(args[len(args)-1]).Op("...")
	}
	call := b.Ref(a.Construct).Add(arguments(args))
	if len(a.Parts) == parts && !a.Pointer && !a.Construct.Fallible {
		return call, parts
	}
	local = jen.Id(b.Local(localWord(a.Type)))
	if a.Construct.Fallible {
		b.Declared = true
		b.Add(
			jen.List(local, jen.Id(b.Err)).Op(":=").Add(call),
			jen.If(jen.Id(b.Err).Op("!=").Nil()).Block(b.Fail(jen.Id(b.Err), "")),
		)
	} else {
		b.Add(jen.Add(local).Op(":=").Add(call))
	}
	if a.Pointer {
		b.Add(jen.If(jen.Add(local).Op("==").Nil()).Block(b.Fail(b.Convert("ErrNull"), "")))
	}
	return local, parts
}

// set gives a struct one of its parts:
//
//	if err := user.SetEmail(email); err != nil {
//		return domain.User{}, convert.At("Email", err)
//	}
func (b *Body) set(part plan.Part, local, whole *jen.Statement, value jen.Code) {
	if part.Set == nil {
		field := jen.Add(local)
		for _, name := range part.Field {
			field.Dot(name)
		}
		b.Add(field.Op("=").Add(value))
		return
	}
	call := jen.Add(local).Dot(part.Set.Name).Call(value)
	switch {
	case part.Set.Fallible:
		b.Add(jen.If(jen.Id(b.Err).Op(":=").Add(call), jen.Id(b.Err).Op("!=").Nil()).Block(b.Fail(jen.Id(b.Err), part.Name)))
	case part.Set.Returns:
		b.Add(jen.Add(whole).Op("=").Add(call))
	default:
		b.Add(call)
	}
}

// arguments writes the arguments of a call, one a line where there are many.
func arguments(args []jen.Code) *jen.Statement {
	return jen.Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: len(args) > 3}, args...)
}
