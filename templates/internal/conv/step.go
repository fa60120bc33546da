package conv

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// function writes a step as a function: by its name where it has one, else as a literal.
func (b *Body) function(s plan.Step, fallible bool) jen.Code {
	steps := Flat(s.Conv)
	if _, same := s.Conv.(plan.Same); same && fallible {
		return b.Convert("TryKeep").Types(b.Typ(s.To))
	} else if same {
		return b.Convert("Keep").Types(b.Typ(s.To))
	}
	if call, ok := steps[0].(plan.Apply); ok && len(steps) == 1 && plan.Fallible(call) == fallible && nameable(call) {
		return b.callee(call)
	}
	inner := &Body{File: b.File, Scope: &printing.Scope{Taken: b.Scope.Taken.Clone(), Ctx: b.Ctx, Err: b.Err}}
	x := inner.Local("x")
	inner.Fail = func(err jen.Code, _ string) jen.Code { return jen.Return(inner.Zero(s.To), err) }
	result := b.Typ(s.To)
	if fallible {
		result = jen.Params(result, jen.Error())
	}
	inner.Returns(s.Conv, jen.Id(x), fallible)
	return jen.Func().Params(jen.Id(x).Add(b.Typ(s.From))).Add(result).Add(block(inner.Statements))
}

// block is a function literal's body, in one line if it is one statement.
func block(statements []jen.Code) *jen.Statement {
	if len(statements) == 1 {
		return jen.Custom(jen.Options{Open: "{", Close: "}"}, statements...)
	}
	return jen.Block(statements...)
}

// nameable says whether a call's function can be passed on by its name: it takes nothing but the value.
func nameable(c plan.Apply) bool {
	generated := c.Func.Package == nil
	return !c.Func.Context && len(c.Operands) == 0 && (generated || len(c.Types) > 0 || !generic(c.Func))
}

// generic says whether a function has type parameters that a mere name leaves open.
func generic(ref *plan.FuncRef) bool {
	path := ref.Package.Path()
	return path == printing.ConvertPath || path == "slices" || path == "maps"
}

// Returns ends a body with the result of a conversion. A last step that can fail is returned as it is.
func (b *Body) Returns(c plan.Conv, x jen.Code, fallible bool) {
	steps := Flat(c)
	last := steps[len(steps)-1]
	if fallible && plan.Fallible(last) {
		x = b.Value(plan.Chain(steps[:len(steps)-1]), x, "raw", "")
		b.Add(jen.Return(b.Expr(last, x)))
		return
	}
	x = b.Value(c, x, "y", "")
	if fallible {
		b.Add(jen.Return(x, jen.Nil()))
		return
	}
	b.Add(jen.Return(x))
}
