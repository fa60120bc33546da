package generator

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// nameView names the repository inside a transaction.
func (b *builder) nameView() {
	if !b.in.Transacts() {
		return
	}
	fields := newAllocator(b.in.MethodNames()...)
	b.repo.View = &plan.View{
		Name:    b.names.name(text.LowerFirst(b.object.Name()) + "Tx"),
		Wrapper: fields.field("dual"), Tx: fields.field("tx"), Store: fields.field("store"),
	}
}

// overStore plans how a transaction's function becomes one over the store: v is the store's parameter.
func (b *builder) overStore(i int, d *model.Method, v *types.Var) plan.Conv {
	s, have := b.in.Stores[i], d.Params[d.Callback.Param].Type
	if types.Identical(have, v.Type()) {
		return plan.Same{}
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	refuse := func(what string) plan.Conv {
		b.in.Ask(d, fmt.Sprintf("give it a function func(%s) error", shape.String(s.Type)),
			"%s of the %s store %s", d.Calls[i].Method, model.Sides[i], what)
		return plan.Same{}
	}
	if !ok || sig.Results().Len() != 1 || !shape.IsError(sig.Results().At(0).Type()) {
		return refuse("takes " + shape.String(v.Type()) + " where a function is needed that returns an error")
	}
	conv := plan.OverStore{To: v.Type(), TypeParams: b.repo.TypeParams, Repository: d.Callback.Repository}
	context, store := -1, -1
	for n := range sig.Params().Len() {
		t := sig.Params().At(n).Type()
		switch {
		case shape.IsContext(t):
			context = n
		case types.Identical(t, s.Type):
			store, conv.Shim = n, b.repo.Stores[i].Shim
		case types.Implements(t, b.iface):
			store = n
		default:
			return refuse(fmt.Sprintf("gives its function a %s, which is neither the store %s nor a %s", shape.String(t), shape.String(s.Type), b.object.Name()))
		}
	}
	if store < 0 {
		return refuse("gives its function no store")
	}
	for n := range have.Underlying().(*types.Signature).Params().Len() {
		if n == d.Callback.Repository {
			conv.Params = append(conv.Params, store)
		} else {
			conv.Params = append(conv.Params, context)
		}
	}
	return conv
}
