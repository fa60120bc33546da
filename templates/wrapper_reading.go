package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// readingType is the type of a read's dual.Reading.
func (f *file) readingType(repo *plan.Repository, m *plan.Method) *jen.Statement {
	return f.dual("Reading").Types(f.bundleType(repo, m.Args), f.bundleType(repo, m.Values))
}

// reading tells the runtime how a read's results are compared:
//
//	dual.Reading[string, User]{
//		Diff:   diffUser,
//		Absent: func(_ User, err error) bool { return errors.Is(err, ErrNotFound) },
//	}
func (f *file) reading(repo *plan.Repository, m *plan.Method) *jen.Statement {
	absent := f.absentResult(repo, m)
	if m.Absent != nil {
		absent = f.ref(m.Absent)
	}
	var fields []entry
	add := func(name string, value *jen.Statement) {
		if value != nil {
			fields = append(fields, entry{name, value})
		}
	}
	if m.DiffValues != nil {
		add("Diff", f.ref(m.DiffValues))
		add("Absent", absent)
	}
	if m.CloneArgs != nil {
		add("CloneArgs", f.ref(m.CloneArgs))
	}
	if m.CloneValues != nil {
		add("Clone", f.ref(m.CloneValues))
	}
	return literal(f.readingType(repo, m), fields...)
}

// absentResult is a function that tells whether a read's result means that there is no such entity, or nil where none
// does: an error, a flag, or a nil entity.
func (f *file) absentResult(repo *plan.Repository, m *plan.Method) *jen.Statement {
	n := m.Calls[0].NotFound
	if n == nil || len(m.Values.Index) == 0 {
		return nil
	}
	var signs []*jen.Statement
	value, err := "_", "_"
	if n.Caller != nil {
		err = "err"
		signs = append(signs, f.std("errors", "Is").Call(jen.Id("err"), f.ref(n.Caller)))
	}
	values := unpack(m.Values, "value")
	if n.CallerFound {
		value = "value"
		signs = append(signs, unless(m, &err, jen.Op("!").Add(values[len(values)-1])))
	} else if n.CallerNil {
		value = "value"
		signs = append(signs, unless(m, &err, jen.Add(values[0]).Op("==").Nil()))
	}
	if len(signs) == 0 {
		return nil
	}
	condition := signs[0]
	for _, sign := range signs[1:] {
		condition.Op("||").Add(sign)
	}
	return jen.Func().Params(jen.Id(value).Add(f.bundleType(repo, m.Values)), jen.Id(err).Error()).Bool().
		Add(inline(jen.Return(condition)))
}

// unless is a condition on a result that holds only where the method returned no error: err == nil && value == nil.
func unless(m *plan.Method, err *string, condition *jen.Statement) *jen.Statement {
	if m.Error < 0 {
		return condition
	}
	*err = "err"
	return jen.Id("err").Op("==").Nil().Op("&&").Add(condition)
}
