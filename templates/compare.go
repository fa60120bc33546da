package templates

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// diffFunc lists the fields in which two values differ:
//
//	func diffUser(a, b User) []dual.Difference {
//		var found []dual.Difference
//		if a.Name != b.Name {
//			found = append(found, dual.Difference{Path: "Name", Old: a.Name, New: b.Name})
//		}
//		found = append(found, convert.Within("Tags", convert.DiffSlices(a.Tags, b.Tags, diffTag))...)
//		return found
//	}
func (f *file) diffFunc(repo *plan.Repository, fn *plan.DiffFunc) *jen.Statement {
	b := f.newBody()
	c := comparer{b, b.local("a"), b.local("b"), b.local("found")}
	doc := fmt.Sprintf("%s lists the differences between two values of %s.", fn.Ref.Name, typeText(repo, fn.Type))
	return commented(wrap(doc, commentWidth),
		f.declare(fn.Ref).Params(jen.List(jen.Id(c.a), jen.Id(c.b)).Add(f.typ(fn.Type))).
			Index().Add(f.dual("Difference")).Block(c.statements(fn)...))
}

// comparer writes a comparator's body.
type comparer struct {
	*body
	a, b, found string
}

func (c comparer) statements(fn *plan.DiffFunc) []jen.Code {
	if fn.Finite {
		whole := *fn
		whole.Finite = false
		ends := []jen.Code{c.convert("MustEnd").Call(jen.Id(c.a)), c.convert("MustEnd").Call(jen.Id(c.b))}
		return append(ends, c.statements(&whole)...)
	}
	switch {
	case fn.Whole != nil:
		return c.whole(fn.Whole)
	case len(fn.Fields) == 0:
		return []jen.Code{jen.Return(jen.Nil())}
	}
	statements := []jen.Code{jen.Var().Id(c.found).Index().Add(c.dual("Difference"))}
	for _, field := range fn.Fields {
		statements = append(statements, c.field(field))
	}
	return append(statements, jen.Return(jen.Id(c.found)))
}

// whole compares values that have no fields to name:
//
//	if a == b {
//		return nil
//	}
//	return []dual.Difference{{Old: a, New: b}}
func (c comparer) whole(compare plan.Compare) []jen.Code {
	a, b := jen.Id(c.a), jen.Id(c.b)
	if call := c.call(compare, a, b); call != nil {
		return []jen.Code{jen.Return(call)}
	}
	difference := jen.Values(jen.Id("Old").Op(":").Id(c.a), jen.Id("New").Op(":").Id(c.b))
	return []jen.Code{
		jen.If(c.same(compare, a, b)).Block(jen.Return(jen.Nil())),
		jen.Return(jen.Index().Add(c.dual("Difference")).Values(difference)),
	}
}

// field compares one field.
func (c comparer) field(field plan.FieldCompare) *jen.Statement {
	a, b := c.read(field, c.a), c.read(field, c.b)
	if call := c.call(field.Compare, a, b); call != nil {
		within := call
		if field.Name != "" {
			within = c.convert("Within").Call(jen.Lit(field.Name), call)
		}
		return jen.Id(c.found).Op("=").Append(jen.Id(c.found), within.Op("..."))
	}
	entries := []jen.Code{jen.Id("Old").Op(":").Add(a), jen.Id("New").Op(":").Add(b)}
	if field.Name != "" {
		entries = append([]jen.Code{jen.Id("Path").Op(":").Lit(field.Name)}, entries...)
	}
	difference := c.dual("Difference").Values(entries...)
	return jen.If(c.differ(field.Compare, a, b)).Block(
		jen.Id(c.found).Op("=").Append(jen.Id(c.found), difference))
}

// read is one side of a field.
func (c comparer) read(field plan.FieldCompare, of string) *jen.Statement {
	if field.Read == nil {
		return jen.Id(of).Dot(field.Name)
	}
	return c.closure(field.Read, jen.Id(of))
}

// call is a comparison that returns differences by itself, or nil for one that is a test.
func (c comparer) call(compare plan.Compare, a, b jen.Code) *jen.Statement {
	switch compare := compare.(type) {
	case plan.CompareDiff:
		return c.ref(compare.Func).Call(a, b)
	case plan.CompareEach:
		elem := c.ref(compare.Elem)
		if compare.ElemType != nil {
			elem.Types(c.typ(compare.ElemType))
		}
		return c.ref(compare.Func).Call(a, b, elem)
	}
	return nil
}

// same is the condition under which two values are equal.
func (c comparer) same(compare plan.Compare, a, b jen.Code) *jen.Statement {
	switch compare := compare.(type) {
	case plan.CompareEqual:
		return jen.Add(a).Op("==").Add(b)
	case plan.CompareMethod:
		return jen.Add(a).Dot(compare.Name).Call(b)
	case plan.CompareTest:
		args := []jen.Code{a, b}
		for _, operand := range compare.Operands {
			args = append(args, c.operand(operand))
		}
		return c.ref(compare.Func).Call(args...)
	default:
		panic("templates: a comparison of no kind")
	}
}

// differ is the condition under which two values are not equal.
func (c comparer) differ(compare plan.Compare, a, b jen.Code) *jen.Statement {
	if _, plain := compare.(plan.CompareEqual); plain {
		return jen.Add(a).Op("!=").Add(b)
	}
	return jen.Op("!").Add(c.same(compare, a, b))
}
