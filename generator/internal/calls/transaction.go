package calls

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// overStore plans how a transaction's function becomes one over the store: v is the store's parameter.
func (c *Stage) overStore(i int, d *model.Method, v *types.Var) plan.Conv {
	s, have := c.In.Stores[i], d.Params[d.Callback.Param].Type
	if types.Identical(have, v.Type()) && c.HandsOut == "" {
		return plan.Same{}
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	refuse := func(what string) plan.Conv {
		c.unfit = append(c.unfit, unfitTransaction{i, d, fmt.Sprintf("%s of the %s store %s", d.Calls[i].Method, model.Sides[i], what)})
		return plan.Same{}
	}
	if !ok || sig.Results().Len() != 1 || !shape.IsError(sig.Results().At(0).Type()) {
		return refuse("takes " + shape.String(v.Type()) + " where a function is needed that returns an error")
	}
	conv := plan.OverStore{To: v.Type(), TypeParams: c.In.TypeParams, Repository: d.Callback.Repository}
	context, store := -1, -1
	for n := range sig.Params().Len() {
		t := sig.Params().At(n).Type()
		switch {
		case shape.IsContext(t):
			context = n
		case types.Identical(t, s.Type):
			store, conv.Shim = n, c.Shims[i]
		case types.Implements(t, c.In.Underlying) && c.HandsOut != "":
			return refuse(fmt.Sprintf("gives its function a %s: nothing says that the wrapper of what %s hands out can be made of what that hands out", shape.String(t), c.HandsOut))
		case types.Implements(t, c.In.Underlying):
			store = n
		default:
			return refuse(fmt.Sprintf("gives its function a %s, which is neither the store %s nor a %s", shape.String(t), shape.String(s.Type), c.In.Object.Name()))
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

// unfitTransaction is a store's method that runs a function over something else than the store.
type unfitTransaction struct {
	store  int
	method *model.Method
	what   string
}

// askTransactions asks for methods of the stores that run a function over the store, once for each method of the interface.
func (c *Stage) askTransactions() {
	for _, d := range c.In.Methods {
		var whats, lines, words []string
		name := c.ownInTxName(d)
		for i := range c.In.Stores {
			at := slices.IndexFunc(c.unfit, func(u unfitTransaction) bool { return u.store == i && u.method == d })
			switch said := d.Said.Call; {
			case at >= 0:
				whats, lines, words = append(whats, c.unfit[at].what), append(lines, OwnInTx(c.In, i, name)), append(words, model.Sides[i]+"="+name)
			case said != nil && said.Names[i].Text != "":
				words = append(words, model.Sides[i]+"="+said.Names[i].Text)
			}
		}
		if len(whats) > 0 {
			c.In.Ask(d, strings.Join(lines, "\n")+"\nand write "+d.Directive("call", words...)+" "+d.Place(), "%s", strings.Join(whats, ", and "))
		}
	}
}

// ownInTxName is a name for it that no store has yet where a function runs over something else.
func (c *Stage) ownInTxName(d *model.Method) string {
	var taken []string
	for _, u := range c.unfit {
		if u.method == d {
			taken = append(taken, c.In.Stores[u.store].Names()...)
		}
	}
	for _, name := range []string{"InTx", "RunInTx", "InTransaction"} {
		if !slices.Contains(taken, name) {
			return name
		}
	}
	return names.New(taken...).Name("InTx")
}

// OwnInTx is a remedy: a store's own method that runs a function over the store in a transaction.
func OwnInTx(in *model.Interface, i int, name string) string {
	s := in.Stores[i]
	t := shape.StringIn(s.Type, s.Pkg)
	return fmt.Sprintf("give the %s store one over itself: func (s %s) %s(ctx context.Context, f func(%[2]s) error) error", model.Sides[i], t, name)
}
