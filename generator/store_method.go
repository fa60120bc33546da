package generator

import (
	"go/token"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// storeMethod makes a method of the internal store interface of one that both stores have, in the repository's own types.
func (b *builder) storeMethod(e *entity, role string, said text.Word) *decision {
	if d := b.extraCalled(said.Text); d != nil {
		return d
	}
	for _, s := range b.stores {
		if s.method[said.Text] == nil {
			return nil
		}
	}
	sig := b.roleSignature(e, role, b.stores[0].signature(said.Text))
	d := b.describe(&method{name: said.Text, sig: sig, pos: said.Pos})
	d.Entity = e.Entity
	d.Kind, d.Delete = plan.Write, role == "delete"
	switch role {
	case "get", "scan":
		d.Kind = plan.Read
	case "delete":
		d.rule.trait = removes
	default:
		d.rule.trait = whole
	}
	d.Key.Form = plan.KeyOne
	if key, _ := b.keyOfEntity(d, e); key.Form != 0 {
		d.Key = key
	} else if key, _ := b.keyOfParams(d, e); key.Form != 0 {
		d.Key = key
	}
	b.extra = append(b.extra, d)
	return d
}

// extraCalled is the method of that name that only the stores have, if a directive has named it already.
func (b *builder) extraCalled(name string) *decision {
	for _, d := range b.extra {
		if d.Name == name {
			return d
		}
	}
	return nil
}

// roleSignature is what a method for a role looks like in the repository's own types.
func (b *builder) roleSignature(e *entity, role string, like *types.Signature) *types.Signature {
	variable := func(name string, t types.Type) *types.Var { return types.NewVar(token.NoPos, b.pkg.Types, name, t) }
	var params, results []*types.Var
	hasContext := like.Params().Len() > 0 && isContext(like.Params().At(0).Type())
	if hasContext {
		params = append(params, variable("ctx", like.Params().At(0).Type()))
	}
	fail := variable("", types.Universe.Lookup("error").Type())
	switch role {
	case "get":
		results = []*types.Var{variable("", e.Type), fail}
	case "put":
		params, results = append(params, variable(text.LowerFirst(e.Name), e.Type)), []*types.Var{fail}
	case "scan":
		return b.scanSignature(e, like)
	default:
		results = []*types.Var{fail}
	}
	if role != "put" {
		for _, p := range e.parts {
			params = append(params, variable(text.LowerFirst(p.name), p.Type))
		}
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), false)
}

// scanSignature is a listing method's signature with the store's own entity type replaced by the repository's.
func (b *builder) scanSignature(e *entity, like *types.Signature) *types.Signature {
	var params, results []*types.Var
	offset := 0
	if like.Params().Len() > 0 && isContext(like.Params().At(0).Type()) {
		offset = 1
	}
	for i := range like.Params().Len() {
		v := like.Params().At(i)
		if n := i - offset; n >= 0 && n < len(e.parts) && strings.HasPrefix(text.BareName(v.Name()), "after") {
			v = types.NewVar(token.NoPos, b.pkg.Types, v.Name(), e.parts[n].Type)
		}
		params = append(params, v)
	}
	for i := range like.Results().Len() {
		v := like.Results().At(i)
		if slice, ok := v.Type().Underlying().(*types.Slice); ok {
			if _, isStruct := namedStruct(elementOf(slice).typ); isStruct != nil {
				v = types.NewVar(token.NoPos, b.pkg.Types, "", types.NewSlice(e.Type))
			}
		}
		results = append(results, v)
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(results...), false)
}
