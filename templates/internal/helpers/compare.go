package helpers

import (
	"fmt"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
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
func diffFunc(f *printing.File, repo *plan.Repository, fn *plan.DiffFunc) *jen.Statement {
	b := conv.NewBody(f)
	c := comparer{b, b.Local("a"), b.Local("b"), b.Local("found")}
	doc := fmt.Sprintf("%s lists the differences between two values of %s.", fn.Ref.Name, printing.TypeText(repo, fn.Type))
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		f.Declare(fn.Ref).Params(jen.List(jen.Id(c.a), jen.Id(c.b)).Add(f.Typ(fn.Type))).
			Index().Add(f.Dual("Difference")).Block(c.statements(fn)...))
}

// comparer writes a comparator's body.
type comparer struct {
	*conv.Body
	a, b, found string
}

func (c comparer) statements(fn *plan.DiffFunc) []jen.Code {
	if fn.Finite {
		whole := *fn
		whole.Finite = false
		ends := []jen.Code{c.Convert("MustEnd").Call(jen.Id(c.a)), c.Convert("MustEnd").Call(jen.Id(c.b))}
		return append(ends, c.statements(&whole)...)
	}
	switch {
	case fn.Whole != nil:
		return c.whole(fn.Whole)
	case len(fn.Fields) == 0:
		return []jen.Code{jen.Return(jen.Nil())}
	}
	statements := []jen.Code{jen.Var().Id(c.found).Index().Add(c.Dual("Difference"))}
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
		jen.Return(jen.Index().Add(c.Dual("Difference")).Values(difference)),
	}
}

// field compares one field.
func (c comparer) field(field plan.FieldCompare) *jen.Statement {
	a, b := c.read(field, c.a), c.read(field, c.b)
	if call := c.call(field.Compare, a, b); call != nil {
		within := call
		if field.Name != "" {
			within = c.Convert("Within").Call(jen.Lit(field.Name), call)
		}
		return jen.Id(c.found).Op("=").Append(jen.Id(c.found), within.Op("..."))
	}
	entries := []jen.Code{jen.Id("Old").Op(":").Add(a), jen.Id("New").Op(":").Add(b)}
	if field.Name != "" {
		entries = append([]jen.Code{jen.Id("Path").Op(":").Lit(field.Name)}, entries...)
	}
	difference := c.Dual("Difference").Values(entries...)
	return jen.If(c.differ(field.Compare, a, b)).Block(
		jen.Id(c.found).Op("=").Append(jen.Id(c.found), difference))
}

// read is one side of a field.
func (c comparer) read(field plan.FieldCompare, of string) *jen.Statement {
	if field.Read == nil {
		return jen.Id(of).Dot(field.Name)
	}
	return c.Closure(field.Read, jen.Id(of))
}

// call is a comparison that returns differences by itself, or nil for one that is a test.
func (c comparer) call(compare plan.Compare, a, b jen.Code) *jen.Statement {
	switch compare := compare.(type) {
	case plan.CompareDiff:
		return c.Ref(compare.Func).Call(a, b)
	case plan.CompareEach:
		elem := c.Ref(compare.Elem)
		if compare.ElemType != nil {
			elem.Types(c.Typ(compare.ElemType))
		}
		return c.Ref(compare.Func).Call(a, b, elem)
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
			args = append(args, conv.Operand(c.Body.File, operand))
		}
		return c.Ref(compare.Func).Call(args...)
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
