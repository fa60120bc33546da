package generator

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// callbackOf is a method's parameter that is a function over the repository itself, func(Users) error, maybe with a context
// before it; nil if there is none.
func (b *builder) callbackOf(d *decision) *plan.Callback {
	for i, p := range d.Params {
		sig, ok := p.Type.Underlying().(*types.Signature)
		if !ok {
			continue
		}
		c := &plan.Callback{Param: i, Context: -1, Repository: -1}
		for n := range sig.Params().Len() {
			switch t := sig.Params().At(n).Type(); {
			case isContext(t):
				c.Context = n
			case b.isItself(t):
				c.Repository = n
			}
		}
		if c.Repository >= 0 {
			return c
		}
	}
	return nil
}

// isTransaction reports whether a method says by its name and by its signature that it runs a transaction: InTx(ctx, func(Users)
// error) error.
func (b *builder) isTransaction(d *decision) bool {
	words := []string{"tx", "txn", "transaction", "transact", "transactional", "transactionally", "atomic", "atomically"}
	said := slices.ContainsFunc(text.Camel(d.Name), func(word string) bool { return slices.Contains(words, strings.ToLower(word)) })
	return said && b.callbackOf(d) != nil
}

// transactionForm is how a transaction is written.
func (b *builder) transactionForm() string {
	return fmt.Sprintf("InTx(ctx context.Context, f func(%s) error) error", b.object.Name())
}

// runsUnderContext reports whether a method is given a function of a context alone: what that writes may be part of a transaction
// that travels in the context.
func (d *decision) runsUnderContext() bool {
	return slices.ContainsFunc(d.Params, func(p *plan.Param) bool {
		sig, ok := p.Type.Underlying().(*types.Signature)
		return ok && sig.Params().Len() == 1 && isContext(sig.Params().At(0).Type()) &&
			sig.Results().Len() == 1 && isError(sig.Results().At(0).Type())
	})
}

// checkTransaction refuses a transaction whose calls cannot be followed, and notes its function.
func (b *builder) checkTransaction(d *decision) {
	form := b.transactionForm()
	c := b.callbackOf(d)
	if c == nil {
		b.ask(d, "write it like "+form, "%s is said to be a transaction, but runs no function over %s", d.Name, b.object.Name())
		return
	}
	sig := d.Params[c.Param].Type.Underlying().(*types.Signature)
	others := sig.Params().Len() - 1
	if c.Context >= 0 {
		others--
	}
	results := sig.Results()
	if others > 0 || results.Len() != 1 || !isError(results.At(0).Type()) || len(d.nonError()) > 0 || d.Error < 0 || d.Params[c.Param].Variadic {
		b.ask(d, "write it like "+form+"\nand hand other values over by variables of the caller's",
			"%s cannot be followed: its function takes %s, maybe after a context, and returns an error, and so must %s", d.Name, b.object.Name(), d.Name)
		return
	}
	d.Callback = c
	d.because("The phase's primary runs it; what its writes touch is copied after the commit.")
}

// nameView names the repository inside a transaction.
func (b *builder) nameView() {
	if !b.transacts() {
		return
	}
	fields := newAllocator(b.methodNames()...)
	b.repo.View = &plan.View{
		Name:    b.names.name(text.LowerFirst(b.object.Name()) + "Tx"),
		Wrapper: fields.field("dual"), Tx: fields.field("tx"), Store: fields.field("store"),
	}
}

// transacts reports whether the interface has a transaction.
func (b *builder) transacts() bool {
	return slices.ContainsFunc(b.methods, func(d *decision) bool { return d.Callback != nil })
}

// overStore plans how a transaction's function becomes one over the store: v is the store's parameter.
func (b *builder) overStore(i int, d *decision, v *types.Var) plan.Conv {
	s, have := b.stores[i], d.Params[d.Callback.Param].Type
	if types.Identical(have, v.Type()) {
		return plan.Same{}
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	refuse := func(what string) plan.Conv {
		b.ask(d, fmt.Sprintf("give it a function func(%s) error", typeString(s.typ)),
			"%s of the %s store %s", d.Calls[i].Method, sides[i], what)
		return plan.Same{}
	}
	if !ok || sig.Results().Len() != 1 || !isError(sig.Results().At(0).Type()) {
		return refuse("takes " + typeString(v.Type()) + " where a function is needed that returns an error")
	}
	conv := plan.OverStore{To: v.Type(), TypeParams: b.repo.TypeParams, Repository: d.Callback.Repository}
	context, store := -1, -1
	for n := range sig.Params().Len() {
		t := sig.Params().At(n).Type()
		switch {
		case isContext(t):
			context = n
		case types.Identical(t, s.typ):
			store, conv.Shim = n, b.repo.Stores[i].Shim
		case types.Implements(t, b.iface):
			store = n
		default:
			return refuse(fmt.Sprintf("gives its function a %s, which is neither the store %s nor a %s", typeString(t), typeString(s.typ), b.object.Name()))
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
