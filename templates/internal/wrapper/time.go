package wrapper

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// beginArgs is the runtime's method that counts a call in, what goes before it, and its arguments behind the first. A call
// on keys that have a time tells it:
//
//	call, err := d.migration.BeginAt(d.get, day)
//
//	call, err := d.migration.BeginEach(d.saveAll, len(readings), func(n int) time.Time { return readings[n].Day })
//
// An entity behind a nil pointer has none, and is old's:
//
//	var at time.Time
//	if reading != nil {
//		at = reading.Day
//	}
//	call, err := d.migration.BeginAt(d.save, at)
func beginArgs(f *printing.File, m *plan.Method, s *printing.Scope) (name string, before, args []jen.Code) {
	if m.Time == nil {
		return "Begin", nil, nil
	}
	part := m.Time.Part
	param := m.Params[part.Param]
	if m.Time.Each {
		n := s.Name("n")
		element := jen.Id(param.Name).Index(jen.Id(n))
		at := jen.Func().Params(jen.Id(n).Int()).Add(f.Std("time", "Time"))
		if isNilable(param.Type.Underlying().(*types.Slice).Elem()) && selects(part) {
			at.Block(
				jen.If(jen.Add(element).Op("==").Nil()).Block(jen.Return(f.Std("time", "Time").Values())),
				jen.Return(instant(f, m.Time, element.Clone())))
		} else {
			at.Add(printing.Inline(jen.Return(instant(f, m.Time, element))))
		}
		return "BeginEach", nil, []jen.Code{jen.Len(jen.Id(param.Name)), at}
	}
	value := instant(f, m.Time, jen.Id(param.Name))
	if !isNilable(param.Type) || !selects(part) {
		return "BeginAt", nil, []jen.Code{value}
	}
	at := s.Name("at")
	return "BeginAt", []jen.Code{
		jen.Var().Id(at).Add(f.Std("time", "Time")),
		jen.If(jen.Id(param.Name).Op("!=").Nil()).Block(jen.Id(at).Op("=").Add(value)),
	}, []jen.Code{jen.Id(at)}
}

// selects reports whether a part is behind what it is taken from.
func selects(part plan.KeyPart) bool { return len(part.Path) > 0 || part.Deref }

// isNilable reports whether a value may be a nil pointer or interface.
func isNilable(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false // it may be no pointer
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// instant is the time at a path: reading.Day, or time.UnixMilli(reading.At).
func instant(f *printing.File, t *plan.Time, value *jen.Statement) *jen.Statement {
	value = keyed.PartOf(value, t.Part)
	if t.Unit == "" {
		return value
	}
	if !types.Identical(t.Part.Type, types.Typ[types.Int64]) {
		value = jen.Int64().Call(value)
	}
	switch t.Unit {
	case "s":
		return f.Std("time", "Unix").Call(value, jen.Lit(0))
	case "ms":
		return f.Std("time", "UnixMilli").Call(value)
	case "us":
		return f.Std("time", "UnixMicro").Call(value)
	default:
		return f.Std("time", "Unix").Call(jen.Lit(0), value)
	}
}
