package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// optionFunc converts between the ways to say that a value is missing:
//
//	func stringPointerFromNullString(n sql.NullString) *string {
//		if !n.Valid {
//			return nil
//		}
//		return &n.String
//	}
func (f *file) optionFunc(repo *plan.Repository, fn *plan.OptionFunc) *jen.Statement {
	b, param := f.converterBody(repo, fn.Ref, fn.From, fn.To)
	x := jen.Id(param)
	if missing := f.missing(fn, param); missing != nil {
		b.add(jen.If(missing).Block(f.returnMissing(fn)))
	}
	if fn.In.Infinity != "" && fn.Out.Infinity == "" {
		b.add(jen.If(jen.Id(param).Dot(fn.In.Infinity).Op("!=").Lit(0)).Block(b.fail(f.convert("ErrInfinite"), "")))
	}
	switch {
	case fn.In.Form == plan.OptionPointer:
		x = deref(fn.Elem, jen.Id(param))
	case fn.In.Value != "":
		x = jen.Id(param).Dot(fn.In.Value)
	}
	if fn.Out.Form == plan.OptionValue {
		b.returns(fn.Elem, x, fn.Ref.Fallible)
	} else {
		b.add(b.returnOption(fn, param, b.value(fn.Elem, x, "value", "")))
	}
	return f.converter(repo, fn.Ref, fn.From, fn.To, param, b.statements)
}

// missing is the condition under which there is no value; nil if there always is one.
func (f *file) missing(fn *plan.OptionFunc, param string) *jen.Statement {
	switch fn.In.Form {
	case plan.OptionPointer:
		return jen.Id(param).Op("==").Nil()
	case plan.OptionStruct:
		return jen.Op("!").Id(param).Dot(fn.In.Valid)
	}
	if !fn.Zero {
		return nil
	}
	if fn.Value != nil {
		return jen.Id(param).Op("==").Add(f.valueOf(fn.Value))
	}
	if named, ok := types.Unalias(fn.From).(*types.Named); ok && named.Obj().Name() == "Time" && named.Obj().Pkg().Path() == "time" {
		return jen.Id(param).Dot("IsZero").Call() // == also compares the location
	}
	zero := f.zero(fn.From)
	if _, ok := fn.From.Underlying().(*types.Basic); !ok {
		zero = jen.Parens(zero)
	}
	return jen.Id(param).Op("==").Add(zero)
}

// valueOf is a constant by its name, or a literal.
func (f *file) valueOf(v *plan.Value) jen.Code {
	if v.Const != nil {
		return f.in(v.Const.Pkg(), v.Const.Name())
	}
	return jen.Id(v.Text)
}

// returnMissing returns what a missing value becomes.
func (f *file) returnMissing(fn *plan.OptionFunc) *jen.Statement {
	results := []jen.Code{f.zero(fn.To)}
	if fn.Value != nil && fn.Out.Form == plan.OptionValue {
		results[0] = f.valueOf(fn.Value)
	}
	switch {
	case fn.Out.Form == plan.OptionValue && fn.Null == plan.NullError:
		results = append(results, f.convert("ErrNull"))
	case fn.Ref.Fallible:
		results = append(results, jen.Nil())
	}
	return jen.Return(results...)
}

// returnOption returns a value that is there, in the form of the other side.
func (b *body) returnOption(fn *plan.OptionFunc, param string, value jen.Code) *jen.Statement {
	switch {
	case fn.Out.Form == plan.OptionPointer:
		value = b.pointerTo(fn, value)
	case fn.Out.Form == plan.OptionStruct && fn.Out.Value != "":
		entries := []jen.Code{jen.Id(fn.Out.Value).Op(":").Add(value)}
		if fn.Out.Infinity != "" && fn.In.Infinity != "" {
			entries = append(entries, jen.Id(fn.Out.Infinity).Op(":").Id(param).Dot(fn.In.Infinity))
		}
		entries = append(entries, jen.Id(fn.Out.Valid).Op(":").True())
		value = jen.Add(b.typ(fn.To)).Values(entries...)
	}
	if fn.Ref.Fallible {
		return jen.Return(value, jen.Nil())
	}
	return jen.Return(value)
}

// pointerTo takes the address of a value: of the parameter's own field where that is it, since the parameter is a copy.
func (b *body) pointerTo(fn *plan.OptionFunc, value jen.Code) jen.Code {
	if _, same := fn.Elem.(plan.Same); same && fn.In.Form == plan.OptionStruct || b.ownLocal(fn) {
		return jen.Op("&").Add(value)
	}
	pointerTo := b.convert("PointerTo")
	if collection(fn.Out.Type) {
		pointerTo.Types(b.typ(fn.Out.Type))
	}
	return pointerTo.Call(value)
}

// ownLocal says whether a value is in a local of its own and of its own type: that of the step that could fail.
func (b *body) ownLocal(fn *plan.OptionFunc) bool {
	steps := flat(fn.Elem)
	return plan.Fallible(steps[len(steps)-1]) && !collection(fn.Out.Type)
}

// collection says whether values of several types are assigned to t, so that a type argument cannot be left to inference.
func collection(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Interface:
		return true
	}
	return false
}
