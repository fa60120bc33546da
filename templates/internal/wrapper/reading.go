package wrapper

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// readingType is the type of a read's dual.Reading.
func readingType(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	return f.Dual("Reading").Types(bundles.BundleType(f, repo, m.Args), bundles.BundleType(f, repo, m.Values))
}

// reading tells the runtime how a read's results are compared:
//
//	dual.Reading[string, User]{
//		Diff:   diffUser,
//		Absent: func(_ User, err error) bool { return errors.Is(err, ErrNotFound) },
//	}
func reading(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	absent := absentResult(f, repo, m)
	if m.Absent != nil {
		absent = f.Ref(m.Absent)
	}
	var fields []printing.Entry
	add := func(name string, value *jen.Statement) {
		if value != nil {
			fields = append(fields, printing.Entry{Name: name, Value: value})
		}
	}
	if m.DiffValues != nil {
		add("Diff", f.Ref(m.DiffValues))
		add("Absent", absent)
	}
	if m.CloneArgs != nil {
		add("CloneArgs", f.Ref(m.CloneArgs))
	}
	if m.CloneValues != nil {
		add("Clone", f.Ref(m.CloneValues))
	}
	return printing.Literal(readingType(f, repo, m), fields...)
}

// absentResult is a function that tells whether a read's result means that there is no such entity, or nil where none
// does: an error, a flag, or a nil entity.
func absentResult(f *printing.File, repo *plan.Repository, m *plan.Method) *jen.Statement {
	n := m.Calls[0].NotFound
	if n == nil || len(m.Values.Index) == 0 {
		return nil
	}
	var signs []*jen.Statement
	value, err := "_", "_"
	if n.Caller != nil {
		err = "err"
		signs = append(signs, f.Std("errors", "Is").Call(jen.Id("err"), f.Ref(n.Caller)))
	}
	values := bundles.Unpack(m.Values, "value")
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
	if gone := expired(f, repo, m, values[0]); gone != nil {
		value = "value"
		signs = append(signs, unless(m, &err, gone))
	}
	condition := signs[0]
	for _, sign := range signs[1:] {
		condition.Op("||").Add(sign)
	}
	return jen.Func().Params(jen.Id(value).Add(bundles.BundleType(f, repo, m.Values)), jen.Id(err).Error()).Bool().
		Add(printing.Inline(jen.Return(condition)))
}

// unless is a condition on a result that holds only where the method returned no error: err == nil && value == nil.
func unless(m *plan.Method, err *string, condition *jen.Statement) *jen.Statement {
	if m.Error < 0 {
		return condition
	}
	*err = "err"
	return jen.Id("err").Op("==").Nil().Op("&&").Add(condition)
}

// expired tells of an entity that its store still has, though it is gone, or is nil for a method that returns no entity that expires:
// dual.Expired(value.Expires).
func expired(f *printing.File, repo *plan.Repository, m *plan.Method, value jen.Code) *jen.Statement {
	for _, e := range repo.Entities {
		if e.Expires == "" {
			continue
		}
		first := m.Results[m.Values.Index[0]].Type
		gone := f.Dual("Expired").Call(jen.Add(value).Dot(e.Expires))
		if types.Identical(first, e.Type) {
			return gone
		}
		if pointer, ok := types.Unalias(first).(*types.Pointer); ok && types.Identical(pointer.Elem(), e.Type) {
			return jen.Add(value).Op("!=").Nil().Op("&&").Add(gone)
		}
	}
	return nil
}
