package wrapper

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// transact runs a transaction in the phase's primary, and follows what its function does:
//
//	return dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
//		return d.stores[store].InTx(ctx, func(view Users) error {
//			return tx.Run(func() error { return f(usersTx{d, tx, view}) })
//		})
//	})
func transact(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope) []jen.Code {
	tx, view := s.Name("tx"), s.Name("view")
	inside := callback(f, repo, m, s, view, func(call jen.Code) jen.Code {
		return jen.Id(tx).Dot("Run").Call(jen.Func().Params().Error().Add(printing.Inline(jen.Return(call))))
	}, jen.Id(repo.Names.Receiver), jen.Id(tx))
	params := []jen.Code{
		ClosureContext(f, m, s), jen.Id(s.Store).Add(f.Dual("Store")), jen.Id(tx).Op("*").Add(f.Dual("Tx")),
	}
	store := jen.Id(repo.Names.Receiver).Dot("stores").Index(jen.Id(s.Store))
	return []jen.Code{jen.Return(f.Dual("Transact").Call(
		background(f, m, s), jen.Id(s.Call),
		jen.Func().Params(params...).Error().Block(jen.Return(store.Dot(m.Name).Call(withCallback(m, inside)...)))))}
}

// callback is the function that the store's transaction runs: func(view Users) error { return f(usersTx{d, tx, view}) }.
// around says how the call of the caller's function is made.
func callback(f *printing.File, repo *plan.Repository, m *plan.Method, s *printing.Scope, view string, around func(jen.Code) jen.Code, wrapper, tx jen.Code) jen.Code {
	param := m.Params[m.Callback.Param]
	sig := param.Type.Underlying().(*types.Signature)
	var params, args []jen.Code
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		if i == m.Callback.Context {
			params = append(params, jen.Id(s.Ctx).Add(f.Typ(t)))
			args = append(args, jen.Id(s.Ctx))
			continue
		}
		params = append(params, jen.Id(view).Add(f.Typ(t)))
		store := jen.Id(view)
		if inside(repo) {
			store.Assert(f.StoreType(repo))
		}
		args = append(args, printing.Brief(printing.Instance(repo.View.Name, repo.TypeParams), wrapper, tx, store))
	}
	call := jen.Id(param.Name).Call(args...)
	return jen.Func().Params(params...).Error().Block(jen.Return(around(call)))
}

// withCallback hands a method's parameters on, with another function in its function's place.
func withCallback(m *plan.Method, function jen.Code) []jen.Code {
	args := printing.Pass(m.Params)
	args[m.Callback.Param] = function
	return args
}

// viewer prints the repository inside a transaction.
type viewer struct {
	*printing.File
	repo     *plan.Repository
	view     *plan.View
	receiver string
}

// View declares the repository inside a transaction:
//
//	type usersTx struct {
//		dual  *DualUsers
//		tx    *dual.Tx
//		store Users
//	}
func View(f *printing.File, repo *plan.Repository) {
	if repo.View == nil {
		return
	}
	v := &viewer{File: f, repo: repo, view: repo.View, receiver: repo.Names.Receiver}
	outside := f.Codec
	defer func() { f.Codec = outside }()
	f.Codec = func(p *types.TypeParam) *jen.Statement {
		return printing.CodecField(repo, p, jen.Id(v.receiver).Dot(v.view.Wrapper))
	}
	doc := fmt.Sprintf("%s is %s %s inside a transaction: it takes note of what the transaction touches.",
		v.view.Name, printing.Article(repo.Interface.Name()), repo.Interface.Name())
	f.Put(printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Type().Id(v.view.Name).Add(f.TypeParams(repo.TypeParams)).Struct(
		jen.Id(v.view.Wrapper).Op("*").Add(printing.Instance(repo.Names.Wrapper, repo.TypeParams)),
		jen.Id(v.view.Tx).Op("*").Add(f.Dual("Tx")),
		jen.Id(v.view.Store).Add(viewed(f, repo)),
	)))
	for _, s := range repo.Subs {
		f.Put(v.getter(s))
	}
	for _, m := range repo.Methods {
		f.Put(v.method(m))
	}
}

// viewed is the store inside a transaction: the repository, or what offers the wrappers of what it hands out too.
func viewed(f *printing.File, repo *plan.Repository) *jen.Statement {
	if inside(repo) {
		return f.StoreType(repo)
	}
	return f.Typ(repo.Type)
}

// method declares one method of the view.
func (v *viewer) method(m *plan.Method) *jen.Statement {
	s := v.ScopeOf(v.repo, m)
	return jen.Func().Params(jen.Id(v.receiver).Add(printing.Instance(v.view.Name, v.repo.TypeParams))).
		Id(m.Name).Params(v.Params(m.Params)...).Add(v.Results(m.Results)).Block(v.body(m, s)...)
}

// body tells the transaction of the call, and makes it.
func (v *viewer) body(m *plan.Method, s *printing.Scope) []jen.Code {
	var body []jen.Code
	for _, name := range nilable(m) { // no key: the store says what it makes of it
		body = append(body, jen.If(jen.Id(name).Op("==").Nil()).Block(v.direct(m)...))
	}
	switch {
	case m.Kind == plan.Transaction:
		return append(body, v.nested(m, s)...)
	case m.Kind == plan.Lifecycle || alone(m):
		return append(body, v.direct(m)...)
	case m.Key.Form.Made():
		return append(body, v.made(m, s)...)
	}
	if m.Key.MayBeMade {
		body = append(body, jen.If(keyed.KeyIsZero(v.File, m, s)).Block(v.made(m.Made(), s)...))
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
	return jen.Id(v.receiver).Dot(v.view.Store).Dot(m.Name).Call(printing.Pass(m.Params)...)
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
func (v *viewer) ask(m *plan.Method, s *printing.Scope) []jen.Code {
	var body []jen.Code
	name := "Write"
	var key *jen.Statement
	switch {
	case m.Kind == plan.Read:
		name, key = "Read", keyOfRead(v.File, m)
	case len(m.Also) > 0:
		keys := s.KeysName()
		body = keyed.KeysOfSeveral(v.File, m, s, keys)
		key = jen.Id(keys).Op("...")
	case m.Key.Form == plan.KeyEach:
		keys := s.KeysName()
		body = keyed.KeysOfEach(v.File, m, s, keys)
		key = jen.Id(keys).Op("...")
	default:
		key = keyOfRead(v.File, m)
	}
	ask := v.tell(name, background(v.File, m, s), v.counter(m), key)
	return append(body, jen.If(jen.Id(s.Err).Op(":=").Add(ask), jen.Id(s.Err).Op("!=").Nil()).Block(v.refuse(m, s)))
}

// refuse leaves a method with the transaction's error. An iterator yields it.
func (v *viewer) refuse(m *plan.Method, s *printing.Scope) jen.Code {
	iterator := IteratorOf(m)
	if iterator == nil || !YieldsError(iterator) {
		return fail(v.File, m, jen.Id(s.Err))
	}
	yield := s.Name("yield")
	parameter := jen.Id(yield).Add(v.Typ(iterator.Underlying().(*types.Signature).Params().At(0).Type()))
	return jen.Return(jen.Func().Params(parameter).
		Add(printing.Inline(jen.Id(yield).Call(v.Zero(iterator.TypeArgs().At(0)), jen.Id(s.Err)))))
}

// made tells the transaction the key that the store made:
//
//	made, err := d.tx.Make(ctx, d.dual.create, "User")
//	if err != nil {
//		return 0, err
//	}
//	id, err := d.store.Create(ctx, user)
//	return id, made.Key(ctx, err, func() dual.Key { return userKey(id) })
func (v *viewer) made(m *plan.Method, s *printing.Scope) []jen.Code {
	made := s.Name("made")
	locals := make([]jen.Code, len(m.Results))
	for i, r := range m.Results {
		if i == m.Error {
			locals[i] = jen.Id(s.Err)
		} else {
			locals[i] = jen.Id(s.Name(r.Name))
		}
	}
	body := []jen.Code{
		jen.List(jen.Id(made), jen.Id(s.Err)).Op(":=").Add(v.tell("Make", background(v.File, m, s), v.counter(m), jen.Lit(m.Entity.Name))),
		jen.If(jen.Id(s.Err).Op("!=").Nil()).Block(fail(v.File, m, jen.Id(s.Err))),
	}
	switch {
	case len(locals) == 0:
		body = append(body, v.storeCall(m))
	case len(m.Values.Index) == 0:
		body = append(body, jen.List(locals...).Op("=").Add(v.storeCall(m)))
	default:
		body = append(body, jen.List(locals...).Op(":=").Add(v.storeCall(m)))
	}
	of := func(key plan.Key, param int) *jen.Statement {
		if key.Form == plan.KeyResult {
			return jen.Add(locals[param])
		}
		return jen.Id(m.Params[param].Name)
	}
	err := jen.Nil()
	if m.Error >= 0 {
		err = jen.Id(s.Err)
	}
	var tell *jen.Statement
	if m.MakesMany() {
		keys := s.KeysName()
		body := append(keyed.KeysOfTouches(v.File, m, s, keys, of), jen.Return(jen.Id(keys)))
		tell = jen.Id(made).Dot("Keys").Call(background(v.File, m, s), err, jen.Func().Params().Index().Add(v.Dual("Key")).Block(body...))
	} else {
		key := keyed.KeyOf(v.File, m.Key.Func, m.Key.Parts, func(p plan.KeyPart) *jen.Statement { return of(m.Key, p.Param) })
		tell = jen.Id(made).Dot("Key").Call(background(v.File, m, s), err, jen.Func().Params().Add(v.Dual("Key")).Add(printing.Inline(jen.Return(key))))
	}
	if m.Error >= 0 {
		results := slices.Clone(locals)
		results[m.Error] = tell
		return append(body, jen.Return(results...))
	}
	body = append(body, jen.If(jen.Id(s.Err).Op("=").Add(tell), jen.Id(s.Err).Op("!=").Nil()).Block(jen.Panic(jen.Id(s.Err))))
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
func (v *viewer) nested(m *plan.Method, s *printing.Scope) []jen.Code {
	inside := callback(v.File, v.repo, m, s, s.Name("view"), func(call jen.Code) jen.Code { return call },
		jen.Id(v.receiver).Dot(v.view.Wrapper), jen.Id(v.receiver).Dot(v.view.Tx))
	return []jen.Code{
		jen.If(jen.Id(s.Err).Op(":=").Add(v.tell("Nest", v.counter(m))), jen.Id(s.Err).Op("!=").Nil()).Block(fail(v.File, m, jen.Id(s.Err))),
		jen.Return(jen.Id(v.receiver).Dot(v.view.Store).Dot(m.Name).Call(withCallback(m, inside)...)),
	}
}
