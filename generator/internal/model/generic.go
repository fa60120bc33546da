package model

import (
	"go/token"
	"go/types"
)

// Generic spells a declaration of the output with the interface's type parameters, where it has some.
func (in *Interface) Generic(named *types.Named) types.Type {
	if len(in.TypeParams) == 0 {
		return named
	}
	own := make([]*types.TypeParam, len(in.TypeParams)) // a type parameter belongs to one declaration
	args := make([]types.Type, len(in.TypeParams))
	for i, p := range in.TypeParams {
		own[i] = types.NewTypeParam(types.NewTypeName(token.NoPos, in.Output, p.Obj().Name(), nil), p.Constraint())
		args[i] = p
	}
	named.SetTypeParams(own)
	if t, err := types.Instantiate(nil, named, args, false); err == nil {
		return t
	}
	return named
}
