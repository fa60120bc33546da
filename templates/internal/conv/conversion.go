// Package conv writes conversions: a function's body, its local names, and what it does when a conversion fails.
package conv

import (
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Value writes a conversion of x and returns the expression of its result. Steps that can fail become statements before
// it, with local as the wanted name of their results:
//
//	size, err := convert.Int[int32](row.Size)
//	if err != nil {
//		return User{}, convert.At("Size", err)
//	}
func (b *Body) Value(c plan.Conv, x jen.Code, local, where string) jen.Code {
	steps := Flat(c)
	for i, step := range steps {
		if i > 0 && plan.Fallible(steps[i-1]) && takesAddress(step) {
			x = jen.Op("&").Add(x) // of a local of our own
			continue
		}
		if i > 0 && !plan.Fallible(steps[i-1]) {
			x = b.addressed(step, x)
		}
		x = b.Expr(step, x)
		if !plan.Fallible(step) {
			continue
		}
		name := local
		if slices.ContainsFunc(steps[i+1:], plan.Fallible) {
			name = rawName(name)
		}
		name = b.Local(name)
		b.Last = name
		b.Declared = true
		b.Add(
			jen.List(jen.Id(name), jen.Id(b.Err)).Op(":=").Add(x),
			jen.If(jen.Id(b.Err).Op("!=").Nil()).Block(b.Fail(jen.Id(b.Err), where)),
		)
		x = jen.Id(name)
	}
	return x
}

// rawName is the name of a value on its way to the one of a name.
func rawName(name string) string {
	if token.IsKeyword(name) || types.Universe.Lookup(name) != nil {
		return "raw"
	}
	return name + "Raw"
}

// takesAddress says whether a step does no more than to make a pointer.
func takesAddress(c plan.Conv) bool {
	call, ok := c.(plan.Apply)
	return ok && call.Func.Package != nil && call.Func.Package.Path() == printing.ConvertPath && call.Func.Name == "PointerTo" && len(call.Types) == 0
}

// Flat lists the steps of a conversion.
func Flat(c plan.Conv) []plan.Conv {
	switch c := c.(type) {
	case plan.Chain:
		var all []plan.Conv
		for _, step := range c {
			all = append(all, Flat(step)...)
		}
		return all
	case plan.Lossy:
		return Flat(c.Conv)
	default:
		return []plan.Conv{c}
	}
}

// Expr writes one step as an expression over x. If the step can fail, the expression has an error as second result.
func (b *Body) Expr(c plan.Conv, x jen.Code) *jen.Statement {
	switch c := c.(type) {
	case plan.Same:
		return jen.Add(x)
	case plan.Cast:
		return jen.Add(b.conversionType(c.To)).Call(x)
	case plan.Apply:
		return b.apply(c, x)
	case plan.Codec:
		return b.codecCall(c, x)
	case plan.Getter:
		return jen.Add(x).Dot(c.Name).Call()
	case plan.Select:
		return jen.Add(x).Dot(c.Name)
	case plan.Build:
		entries := []jen.Code{jen.Id(c.Field).Op(":").Add(x)}
		if c.Valid != "" {
			entries = append(entries, jen.Id(c.Valid).Op(":").True())
		}
		return jen.Add(b.Typ(c.Type)).Values(entries...)
	case plan.Whole:
		return jen.Add(x).Index(jen.Op(":"))
	case plan.Each:
		return b.each(c, x)
	case plan.OverStore:
		return b.overStore(c, x)
	case plan.Func:
		return b.overFunc(c, x)
	default:
		return b.Closure(c, x)
	}
}

// Closure writes several steps as one expression, for places that take no statements.
func (b *Body) Closure(c plan.Conv, x jen.Code) *jen.Statement {
	e := jen.Add(x)
	for i, step := range Flat(c) {
		if i > 0 {
			e = b.addressed(step, e)
		}
		e = b.Expr(step, e)
	}
	return e
}

// addressed is the result of one step as the next takes it: a method of the pointer is called on no mere result.
func (b *Body) addressed(step plan.Conv, x jen.Code) *jen.Statement {
	if getter, ok := step.(plan.Getter); ok && getter.Pointer {
		return b.Convert("PointerTo").Call(x)
	}
	return jen.Add(x)
}

// Deref is what x points to, for a conversion. What Go looks through pointers for takes the pointer itself.
func Deref(c plan.Conv, x jen.Code) *jen.Statement {
	switch Flat(c)[0].(type) {
	case plan.Getter, plan.Select, plan.Whole:
		return jen.Add(x)
	}
	return jen.Op("*").Add(x)
}

// conversionType writes a type in front of a conversion's parenthesis.
func (b *Body) conversionType(t types.Type) *jen.Statement {
	switch types.Unalias(t).(type) {
	case *types.Named, *types.TypeParam, *types.Basic, *types.Slice, *types.Array, *types.Map:
		return b.Typ(t)
	default:
		return jen.Parens(b.Typ(t))
	}
}

// apply writes a call: f(ctx, x, time.Millisecond), f[T](x).
func (b *Body) apply(c plan.Apply, x jen.Code) *jen.Statement {
	var args []jen.Code
	if c.Func.Context {
		args = append(args, jen.Id(b.Ctx))
	}
	args = append(args, x)
	for _, operand := range c.Operands {
		args = append(args, Operand(b.File, operand))
	}
	return b.callee(c).Call(args...)
}

// callee names the function of an Apply, with its type arguments.
func (b *Body) callee(c plan.Apply) *jen.Statement {
	s := b.Ref(c.Func)
	if len(c.Types) == 0 {
		return s
	}
	var args []jen.Code
	for _, t := range c.Types {
		args = append(args, b.Typ(t))
	}
	return s.Types(args...)
}

func Operand(f *printing.File, o plan.Operand) jen.Code {
	switch o := o.(type) {
	case plan.DurationOperand:
		return duration(f, time.Duration(o))
	case plan.TextOperand:
		return jen.Lit(string(o))
	case plan.NumberOperand:
		return jen.Lit(int(o))
	default:
		panic("templates: an operand of no kind")
	}
}

// durationUnits name the durations that time names, the longest first.
var durationUnits = []struct {
	unit time.Duration
	name string
}{
	{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"},
	{time.Millisecond, "Millisecond"}, {time.Microsecond, "Microsecond"}, {time.Nanosecond, "Nanosecond"},
}

// duration writes a duration: 0, time.Millisecond, 5 * time.Second.
func duration(f *printing.File, d time.Duration) *jen.Statement {
	if d == 0 {
		return jen.Lit(0)
	}
	for _, u := range durationUnits {
		if d%u.unit != 0 {
			continue
		}
		if d == u.unit {
			return f.Std("time", u.name)
		}
		return jen.Lit(int(d / u.unit)).Op("*").Add(f.Std("time", u.name))
	}
	panic("templates: no unit divides a duration")
}

// helpers name the functions of runtime/convert for each shape; with Try before, those for steps that can fail.
var helpers = map[plan.Shape]string{
	plan.SliceShape:   "Slice",
	plan.MapShape:     "Map",
	plan.SetToSlice:   "SetToSlice",
	plan.SliceToSet:   "SliceToSet",
	plan.PointerShape: "Pointer",
	plan.ValueShape:   "Value",
	plan.SeqShape:     "Sequence",
	plan.PairsShape:   "Pairs",
	plan.ResultsShape: "Results",
}

// each converts what a collection holds:
//
//	convert.Slice(row.Tags, tagFromOld)
//	convert.TryMap(row.Prices, func(s string) (Currency, error) { … }, priceFromOld)
func (b *Body) each(c plan.Each, x jen.Code) *jen.Statement {
	fallible := plan.Fallible(c) || c.Shape == plan.ResultsShape && c.ElemFallible()
	name := helpers[c.Shape]
	switch {
	case c.Shape == plan.ValueShape && !plan.Fallible(c.Elem.Conv):
		name, fallible = "ValueAs", false
	case fallible:
		name = "Try" + name
	}
	args := []jen.Code{x}
	if c.Key != nil {
		args = append(args, b.function(*c.Key, fallible))
	}
	args = append(args, b.function(c.Elem, fallible))
	return b.Convert(name).Call(args...)
}
