package templates

import (
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// value writes a conversion of x and returns the expression of its result. Steps that can fail become statements before
// it, with local as the wanted name of their results:
//
//	size, err := convert.Int[int32](row.Size)
//	if err != nil {
//		return User{}, convert.At("Size", err)
//	}
func (b *body) value(c plan.Conv, x jen.Code, local, where string) jen.Code {
	steps := flat(c)
	for i, step := range steps {
		if i > 0 && plan.Fallible(steps[i-1]) && takesAddress(step) {
			x = jen.Op("&").Add(x) // of a local of our own
			continue
		}
		if i > 0 && !plan.Fallible(steps[i-1]) {
			x = b.addressed(step, x)
		}
		x = b.expr(step, x)
		if !plan.Fallible(step) {
			continue
		}
		name := local
		if slices.ContainsFunc(steps[i+1:], plan.Fallible) {
			name = rawName(name)
		}
		name = b.local(name)
		b.last = name
		b.declared = true
		b.add(
			jen.List(jen.Id(name), jen.Id(b.err)).Op(":=").Add(x),
			jen.If(jen.Id(b.err).Op("!=").Nil()).Block(b.fail(jen.Id(b.err), where)),
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
	return ok && call.Func.Package != nil && call.Func.Package.Path() == convertPath && call.Func.Name == "PointerTo" && len(call.Types) == 0
}

// flat lists the steps of a conversion.
func flat(c plan.Conv) []plan.Conv {
	switch c := c.(type) {
	case plan.Chain:
		var all []plan.Conv
		for _, step := range c {
			all = append(all, flat(step)...)
		}
		return all
	case plan.Lossy:
		return flat(c.Conv)
	default:
		return []plan.Conv{c}
	}
}

// expr writes one step as an expression over x. If the step can fail, the expression has an error as second result.
func (b *body) expr(c plan.Conv, x jen.Code) *jen.Statement {
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
		return jen.Add(b.typ(c.Type)).Values(entries...)
	case plan.Whole:
		return jen.Add(x).Index(jen.Op(":"))
	case plan.Each:
		return b.each(c, x)
	case plan.OverStore:
		return b.overStore(c, x)
	case plan.Func:
		return b.overFunc(c, x)
	default:
		return b.closure(c, x)
	}
}

// closure writes several steps as one expression, for places that take no statements.
func (b *body) closure(c plan.Conv, x jen.Code) *jen.Statement {
	e := jen.Add(x)
	for i, step := range flat(c) {
		if i > 0 {
			e = b.addressed(step, e)
		}
		e = b.expr(step, e)
	}
	return e
}

// addressed is the result of one step as the next takes it: a method of the pointer is called on no mere result.
func (b *body) addressed(step plan.Conv, x jen.Code) *jen.Statement {
	if getter, ok := step.(plan.Getter); ok && getter.Pointer {
		return b.convert("PointerTo").Call(x)
	}
	return jen.Add(x)
}

// deref is what x points to, for a conversion. What Go looks through pointers for takes the pointer itself.
func deref(c plan.Conv, x jen.Code) *jen.Statement {
	switch flat(c)[0].(type) {
	case plan.Getter, plan.Select, plan.Whole:
		return jen.Add(x)
	}
	return jen.Op("*").Add(x)
}

// conversionType writes a type in front of a conversion's parenthesis.
func (b *body) conversionType(t types.Type) *jen.Statement {
	switch types.Unalias(t).(type) {
	case *types.Named, *types.TypeParam, *types.Basic, *types.Slice, *types.Array, *types.Map:
		return b.typ(t)
	default:
		return jen.Parens(b.typ(t))
	}
}

// apply writes a call: f(ctx, x, time.Millisecond), f[T](x).
func (b *body) apply(c plan.Apply, x jen.Code) *jen.Statement {
	var args []jen.Code
	if c.Func.Context {
		args = append(args, jen.Id(b.ctx))
	}
	args = append(args, x)
	for _, operand := range c.Operands {
		args = append(args, b.operand(operand))
	}
	return b.callee(c).Call(args...)
}

// callee names the function of an Apply, with its type arguments.
func (b *body) callee(c plan.Apply) *jen.Statement {
	s := b.ref(c.Func)
	if len(c.Types) == 0 {
		return s
	}
	var args []jen.Code
	for _, t := range c.Types {
		args = append(args, b.typ(t))
	}
	return s.Types(args...)
}

func (f *file) operand(o plan.Operand) jen.Code {
	switch o := o.(type) {
	case plan.DurationOperand:
		return f.duration(time.Duration(o))
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
func (f *file) duration(d time.Duration) *jen.Statement {
	if d == 0 {
		return jen.Lit(0)
	}
	for _, u := range durationUnits {
		if d%u.unit != 0 {
			continue
		}
		if d == u.unit {
			return f.std("time", u.name)
		}
		return jen.Lit(int(d / u.unit)).Op("*").Add(f.std("time", u.name))
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
func (b *body) each(c plan.Each, x jen.Code) *jen.Statement {
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
	return b.convert(name).Call(args...)
}

// function writes a step as a function: by its name where it has one, else as a literal.
func (b *body) function(s plan.Step, fallible bool) jen.Code {
	steps := flat(s.Conv)
	if _, same := s.Conv.(plan.Same); same && fallible {
		return b.convert("TryKeep").Types(b.typ(s.To))
	} else if same {
		return b.convert("Keep").Types(b.typ(s.To))
	}
	if call, ok := steps[0].(plan.Apply); ok && len(steps) == 1 && plan.Fallible(call) == fallible && nameable(call) {
		return b.callee(call)
	}
	inner := &body{file: b.file, scope: &scope{taken: b.scope.taken.clone(), ctx: b.ctx, err: b.err}}
	x := inner.local("x")
	inner.fail = func(err jen.Code, _ string) jen.Code { return jen.Return(inner.zero(s.To), err) }
	result := b.typ(s.To)
	if fallible {
		result = jen.Params(result, jen.Error())
	}
	inner.returns(s.Conv, jen.Id(x), fallible)
	return jen.Func().Params(jen.Id(x).Add(b.typ(s.From))).Add(result).Add(block(inner.statements))
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
	return path == convertPath || path == "slices" || path == "maps"
}

// returns ends a body with the result of a conversion. A last step that can fail is returned as it is.
func (b *body) returns(c plan.Conv, x jen.Code, fallible bool) {
	steps := flat(c)
	last := steps[len(steps)-1]
	if fallible && plan.Fallible(last) {
		x = b.value(plan.Chain(steps[:len(steps)-1]), x, "raw", "")
		b.add(jen.Return(b.expr(last, x)))
		return
	}
	x = b.value(c, x, "y", "")
	if fallible {
		b.add(jen.Return(x, jen.Nil()))
		return
	}
	b.add(jen.Return(x))
}
