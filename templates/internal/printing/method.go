package printing

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// Missing is the error by which a method says to its caller that there is no such entity, or nil.
func Missing(m *plan.Method) *plan.FuncRef {
	if m == nil || m.Calls[0].NotFound == nil {
		return nil
	}
	return m.Calls[0].NotFound.Caller
}

// NilableParams are the indices of the parameters, or results, behind which one of a method's keys is found, and which may be nil.
func NilableParams(m *plan.Method, key plan.Key) []int {
	var params []int
	if key.Form == plan.KeyEach || key.Form == plan.KeyOutEach {
		return nil
	}
	for _, part := range key.Parts {
		var t types.Type
		if key.Form == plan.KeyResult {
			t = m.Results[part.Param].Type
		} else {
			t = m.Params[part.Param].Type
		}
		if _, ok := types.Unalias(t).(*types.TypeParam); ok {
			continue // it may be no pointer
		}
		switch t.Underlying().(type) {
		case *types.Pointer, *types.Interface:
			if (len(part.Path) > 0 || part.Deref) && !slices.Contains(params, part.Param) {
				params = append(params, part.Param)
			}
		}
	}
	return params
}

// Direct is the call of the store in s.store with the method's own parameters: d.stores[store].Get(ctx, id).
func (s *Scope) Direct(repo *plan.Repository, m *plan.Method) *jen.Statement {
	return jen.Id(repo.Names.Receiver).Dot("stores").Index(jen.Id(s.Store)).Dot(m.Name).Call(Pass(m.Params)...)
}
