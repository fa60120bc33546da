package shims

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/keyed"
)

// fillBack gives the caller's struct what the store filled in:
//
//	if user != nil {
//		*user = userFromOld(*filled)
//	}
func (s *shimCall) fillBack(filled []fill) {
	for _, fill := range filled {
		param := s.method.Params[fill.arg.Index].Name
		if slice, ok := s.method.Params[fill.arg.Index].Type.Underlying().(*types.Slice); ok {
			s.fillEach(fill, param, slice)
			continue
		}
		before := s.Statements
		s.Statements = nil
		value := s.Value(fill.arg.Back, conv.Deref(fill.arg.Back, jen.Id(fill.local)), "back", param)
		assign := jen.Op("*").Id(param).Op("=").Add(value)
		if fill.arg.Diff != nil {
			assign = s.ifFilled(fill.arg, param, value)
		}
		s.Add(assign)
		inside := s.Statements
		s.Statements = append(before, jen.If(jen.Id(param).Op("!=").Nil()).Block(inside...))
	}
}

// fillEach is fillBack for a list:
//
//	for i, back := range usersFromOld(rows) {
//		if back != nil {
//			*users[i] = *back
//		}
//	}
func (s *shimCall) fillEach(fill fill, param string, slice *types.Slice) {
	value := s.Value(fill.arg.Back, jen.Id(fill.local), "filled", param)
	i, back := s.Local("i"), s.Local("back")
	had, came := jen.Id(param).Index(jen.Id(i)), jen.Id(back)
	if _, pointer := slice.Elem().Underlying().(*types.Pointer); pointer {
		had, came = jen.Op("*").Add(had), jen.Op("*").Add(came)
	}
	body := jen.Add(had).Op("=").Add(came)
	var condition *jen.Statement
	if keyed.NilElements(slice) {
		condition = jen.Id(back).Op("!=").Nil()
	}
	if fill.arg.Diff != nil {
		differ := jen.Len(s.Ref(fill.arg.Diff).Call(had, came)).Op(">").Lit(0)
		if condition != nil {
			differ = condition.Op("&&").Add(differ)
		}
		condition = differ
	}
	if condition != nil {
		body = jen.If(condition).Block(body)
	}
	s.Add(jen.For(jen.List(jen.Id(i), jen.Id(back)).Op(":=").Range().Add(value)).Block(body))
}

// ifFilled assigns what comes back if it is not what is there: what the caller's struct keeps to itself would be lost.
//
//	if back := userFromOld(*filled); len(diffUser(*user, back)) > 0 {
//		*user = back
//	}
func (s *shimCall) ifFilled(arg plan.Arg, param string, value jen.Code) *jen.Statement {
	back := value // a local already, where the conversion can fail
	var declare []jen.Code
	if !plan.Fallible(arg.Back) {
		back = jen.Id(s.Local("back"))
		declare = append(declare, jen.Add(back).Op(":=").Add(value))
	}
	differ := jen.Len(s.Ref(arg.Diff).Call(jen.Op("*").Id(param), back)).Op(">").Lit(0)
	return jen.If(append(declare, differ)...).Block(jen.Op("*").Id(param).Op("=").Add(back))
}
