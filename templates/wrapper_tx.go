package templates

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// transact runs a transaction in the phase's primary, and follows what its function does:
//
//	return dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
//		return d.stores[store].InTx(ctx, func(view Users) error {
//			return tx.Run(func() error { return f(usersTx{d, tx, view}) })
//		})
//	})
func (f *file) transact(repo *plan.Repository, m *plan.Method, s *scope) []jen.Code {
	tx, view := s.name("tx"), s.name("view")
	inside := f.callback(repo, m, s, view, func(call jen.Code) jen.Code {
		return jen.Id(tx).Dot("Run").Call(jen.Func().Params().Error().Add(inline(jen.Return(call))))
	}, jen.Id(repo.Names.Receiver), jen.Id(tx))
	params := []jen.Code{
		f.closureContext(m, s), jen.Id(s.store).Add(f.dual("Store")), jen.Id(tx).Op("*").Add(f.dual("Tx")),
	}
	store := jen.Id(repo.Names.Receiver).Dot("stores").Index(jen.Id(s.store))
	return []jen.Code{jen.Return(f.dual("Transact").Call(
		f.background(m, s), jen.Id(s.call),
		jen.Func().Params(params...).Error().Block(jen.Return(store.Dot(m.Name).Call(withCallback(m, inside)...)))))}
}

// callback is the function that the store's transaction runs: func(view Users) error { return f(usersTx{d, tx, view}) }.
// around says how the call of the caller's function is made.
func (f *file) callback(repo *plan.Repository, m *plan.Method, s *scope, view string, around func(jen.Code) jen.Code, wrapper, tx jen.Code) jen.Code {
	param := m.Params[m.Callback.Param]
	sig := param.Type.Underlying().(*types.Signature)
	var params, args []jen.Code
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		if i == m.Callback.Context {
			params = append(params, jen.Id(s.ctx).Add(f.typ(t)))
			args = append(args, jen.Id(s.ctx))
			continue
		}
		params = append(params, jen.Id(view).Add(f.typ(t)))
		args = append(args, brief(instance(repo.View.Name, repo.TypeParams), wrapper, tx, jen.Id(view)))
	}
	call := jen.Id(param.Name).Call(args...)
	return jen.Func().Params(params...).Error().Block(jen.Return(around(call)))
}

// withCallback hands a method's parameters on, with another function in its function's place.
func withCallback(m *plan.Method, function jen.Code) []jen.Code {
	args := pass(m.Params)
	args[m.Callback.Param] = function
	return args
}

// viewer prints the repository inside a transaction.
type viewer struct {
	*file
	repo     *plan.Repository
	view     *plan.View
	receiver string
}

// view declares the repository inside a transaction:
//
//	type usersTx struct {
//		dual  *DualUsers
//		tx    *dual.Tx
//		store Users
//	}
func view(f *file, repo *plan.Repository) {
	if repo.View == nil {
		return
	}
	v := &viewer{file: f, repo: repo, view: repo.View, receiver: repo.Names.Receiver}
	outside := f.codec
	defer func() { f.codec = outside }()
	f.codec = func(p *types.TypeParam) *jen.Statement {
		return codecField(repo, p, jen.Id(v.receiver).Dot(v.view.Wrapper))
	}
	doc := fmt.Sprintf("%s is %s %s inside a transaction: it takes note of what the transaction touches.",
		v.view.Name, article(repo.Interface.Name()), repo.Interface.Name())
	f.add(commented(wrap(doc, commentWidth), jen.Type().Id(v.view.Name).Add(f.typeParams(repo.TypeParams)).Struct(
		jen.Id(v.view.Wrapper).Op("*").Add(instance(repo.Names.Wrapper, repo.TypeParams)),
		jen.Id(v.view.Tx).Op("*").Add(f.dual("Tx")),
		jen.Id(v.view.Store).Add(f.typ(repo.Type)),
	)))
	for _, m := range repo.Methods {
		f.add(v.method(m))
	}
}

// method declares one method of the view.
func (v *viewer) method(m *plan.Method) *jen.Statement {
	s := v.scopeOf(v.repo, m)
	return jen.Func().Params(jen.Id(v.receiver).Add(instance(v.view.Name, v.repo.TypeParams))).
		Id(m.Name).Params(v.params(m.Params)...).Add(v.results(m.Results)).Block(v.body(m, s)...)
}

// body tells the transaction of the call, and makes it.
func (v *viewer) body(m *plan.Method, s *scope) []jen.Code {
	var body []jen.Code
	for _, name := range nilable(m) { // no key: the store says what it makes of it
		body = append(body, jen.If(jen.Id(name).Op("==").Nil()).Block(v.direct(m)...))
	}
	switch {
	case m.Kind == plan.Transaction:
		return append(body, v.nested(m, s)...)
	case m.Kind == plan.Lifecycle || alone(m):
		return append(body, v.direct(m)...)
	case m.Key.Form == plan.KeyResult || m.Key.Form == plan.KeyOut:
		return append(body, v.made(m, s)...)
	}
	if m.Key.MayBeMade {
		body = append(body, jen.If(v.keyIsZero(m)).Block(v.made(m.Made(), s)...))
	}
	return append(append(body, v.ask(m, s)...), v.direct(m)...)
}

// direct calls the store's own view: return d.store.Get(ctx, id).
func (v *viewer) direct(m *plan.Method) []jen.Code {
	call := v.storeCall(m)
	if len(m.Results) == 0 {
		return []jen.Code{call}
	}
	return []jen.Code{jen.Return(call)}
}

func (v *viewer) storeCall(m *plan.Method) *jen.Statement {
	return jen.Id(v.receiver).Dot(v.view.Store).Dot(m.Name).Call(pass(m.Params)...)
}

// method's counter: d.dual.get.
func (v *viewer) counter(m *plan.Method) jen.Code {
	return jen.Id(v.receiver).Dot(v.view.Wrapper).Dot(m.Field)
}

// tell calls the transaction: d.tx.Write(ctx, d.dual.save, userKey(user.ID)).
func (v *viewer) tell(name string, args ...jen.Code) *jen.Statement {
	return jen.Id(v.receiver).Dot(v.view.Tx).Dot(name).Call(args...)
}

// ask asks the transaction whether a read or a write may pass:
//
//	if err := d.tx.Write(ctx, d.dual.save, userKey(user.ID)); err != nil {
//		return err
//	}
func (v *viewer) ask(m *plan.Method, s *scope) []jen.Code {
	var body []jen.Code
	name := "Write"
	var key *jen.Statement
	switch {
	case m.Kind == plan.Read:
		name, key = "Read", v.keyOfRead(m)
	case len(m.Also) > 0:
		keys := s.name("keys")
		body = v.keysOfSeveral(m, s, keys)
		key = jen.Id(keys).Op("...")
	case m.Key.Form == plan.KeyEach:
		keys := s.name("keys")
		body = v.keysOfEach(m, s, keys)
		key = jen.Id(keys).Op("...")
	default:
		key = v.keyOfRead(m)
	}
	ask := v.tell(name, v.background(m, s), v.counter(m), key)
	return append(body, jen.If(jen.Id(s.err).Op(":=").Add(ask), jen.Id(s.err).Op("!=").Nil()).Block(v.refuse(m, s)))
}

// refuse leaves a method with the transaction's error. An iterator yields it.
func (v *viewer) refuse(m *plan.Method, s *scope) jen.Code {
	iterator := iteratorOf(m)
	if iterator == nil || !yieldsError(iterator) {
		return v.fail(m, jen.Id(s.err))
	}
	yield := s.name("yield")
	parameter := jen.Id(yield).Add(v.typ(iterator.Underlying().(*types.Signature).Params().At(0).Type()))
	return jen.Return(jen.Func().Params(parameter).
		Add(inline(jen.Id(yield).Call(v.zero(iterator.TypeArgs().At(0)), jen.Id(s.err)))))
}

// made tells the transaction the key that the store made:
//
//	made, err := d.tx.Make(ctx, d.dual.create, "User")
//	if err != nil {
//		return 0, err
//	}
//	id, err := d.store.Create(ctx, user)
//	return id, made.Key(ctx, err, func() dual.Key { return userKey(id) })
func (v *viewer) made(m *plan.Method, s *scope) []jen.Code {
	made := s.name("made")
	locals := make([]jen.Code, len(m.Results))
	for i, r := range m.Results {
		if i == m.Error {
			locals[i] = jen.Id(s.err)
		} else {
			locals[i] = jen.Id(s.name(r.Name))
		}
	}
	body := []jen.Code{
		jen.List(jen.Id(made), jen.Id(s.err)).Op(":=").Add(v.tell("Make", v.background(m, s), v.counter(m), jen.Lit(m.Entity.Name))),
		jen.If(jen.Id(s.err).Op("!=").Nil()).Block(v.fail(m, jen.Id(s.err))),
	}
	switch {
	case len(locals) == 0:
		body = append(body, v.storeCall(m))
	case len(m.Values.Index) == 0:
		body = append(body, jen.List(locals...).Op("=").Add(v.storeCall(m)))
	default:
		body = append(body, jen.List(locals...).Op(":=").Add(v.storeCall(m)))
	}
	key := v.keyOf(m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement {
		if m.Key.Form == plan.KeyOut {
			return jen.Id(m.Params[p.Param].Name)
		}
		return jen.Add(locals[p.Param])
	})
	err := jen.Nil()
	if m.Error >= 0 {
		err = jen.Id(s.err)
	}
	tell := jen.Id(made).Dot("Key").Call(v.background(m, s), err, jen.Func().Params().Add(v.dual("Key")).Add(inline(jen.Return(key))))
	if m.Error >= 0 {
		results := slices.Clone(locals)
		results[m.Error] = tell
		return append(body, jen.Return(results...))
	}
	body = append(body, jen.If(jen.Id(s.err).Op("=").Add(tell), jen.Id(s.err).Op("!=").Nil()).Block(jen.Panic(jen.Id(s.err))))
	if len(locals) > 0 {
		body = append(body, jen.Return(locals...))
	}
	return body
}

// nested runs a transaction within the transaction, as the store understands it:
//
//	if err := d.tx.Nest(d.dual.inTx); err != nil {
//		return err
//	}
//	return d.store.InTx(ctx, func(view Users) error {
//		return f(usersTx{d.dual, d.tx, view})
//	})
func (v *viewer) nested(m *plan.Method, s *scope) []jen.Code {
	inside := v.callback(v.repo, m, s, s.name("view"), func(call jen.Code) jen.Code { return call },
		jen.Id(v.receiver).Dot(v.view.Wrapper), jen.Id(v.receiver).Dot(v.view.Tx))
	return []jen.Code{
		jen.If(jen.Id(s.err).Op(":=").Add(v.tell("Nest", v.counter(m))), jen.Id(s.err).Op("!=").Nil()).Block(v.fail(m, jen.Id(s.err))),
		jen.Return(jen.Id(v.receiver).Dot(v.view.Store).Dot(m.Name).Call(withCallback(m, inside)...)),
	}
}
