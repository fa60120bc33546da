// Package shims writes what makes a store look like the repository interface.
package shims

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// Print writes, for each store that needs one, the struct that makes it look like the repository interface:
//
//	// oldUsers makes a *pgstore.Store look like Users.
//	type oldUsers struct{ store *pgstore.Store }
func Print(f *printing.File, repo *plan.Repository) {
	for position, store := range repo.Stores {
		if store.Shim == nil {
			continue
		}
		target := repo.Interface.Name()
		if repo.Names.Stores != "" {
			target = repo.Names.Stores
		}
		doc := fmt.Sprintf("%s makes %s look like %s.", store.Shim.Name, printing.WithArticle(printing.TypeText(repo, store.Type)), target)
		f.Put(printing.Commented(printing.Wrap(doc, printing.CommentWidth),
			jen.Type().Id(store.Shim.Name).Add(f.TypeParams(repo.TypeParams)).
				Struct(jen.Id(store.Shim.Field).Add(f.Typ(store.Type)))))
		for _, m := range slices.Concat(repo.Methods, wrapper.StoreMethods(repo)) {
			f.Put(shimMethod(f, repo, m, position))
		}
		for _, m := range wrapper.ShimSubs(f, repo, position) {
			f.Put(m)
		}
	}
}

// shimCall is one method of a shim while it is written.
type shimCall struct {
	*conv.Body
	repo   *plan.Repository
	method *plan.Method
	call   *plan.StoreCall
	store  jen.Code // the store itself
}

// shimMethod calls a store's method with its own types:
//
//	func (d oldUsers) Get(ctx context.Context, id string) (User, error) {
//		row, err := d.store.Find(ctx, id)
//		if errors.Is(err, sql.ErrNoRows) {
//			return User{}, ErrNotFound
//		}
//		if err != nil {
//			return User{}, err
//		}
//		user, err := userFromOld(row)
//		if err != nil {
//			return User{}, convert.InCall("Users.Get", "result", err)
//		}
//		return user, nil
//	}
func shimMethod(f *printing.File, repo *plan.Repository, m *plan.Method, position int) *jen.Statement {
	shim := repo.Stores[position].Shim
	receiver := repo.Names.Receiver
	own := []string{receiver}
	for _, p := range m.Params {
		own = append(own, p.Name)
	}
	s := &shimCall{
		Body: conv.NewBody(f, own...), repo: repo, method: m, call: &m.Calls[position],
		store: jen.Id(receiver).Dot(shim.Field),
	}
	if slices.Contains(own, s.Err) {
		s.Err = s.Scope.Name("err")
	}
	if m.Context >= 0 {
		s.Ctx = m.Params[m.Context].Name
	}
	s.Fail = func(err jen.Code, where string) jen.Code {
		name := repo.Interface.Name() + "." + m.Name
		return s.returnError(f.Convert("InCall").Call(jen.Lit(name), jen.Lit(where), err))
	}
	s.write()
	return jen.Func().Params(jen.Id(receiver).Add(printing.Instance(shim.Name, repo.TypeParams))).Id(m.Name).
		Params(f.Params(m.Params)...).Add(f.Results(m.Results)).Block(s.Statements...)
}

// write writes the method's body.
func (s *shimCall) write() {
	if s.needsContext() {
		s.Ctx = s.freeContext()
		background := s.Std("context", "Background").Call()
		if repo := s.repo; repo.Exact { // nothing tells a copy's call from the service's own
			background = s.Dual("Exact").Call(background)
		}
		s.Add(jen.Id(s.Ctx).Op(":=").Add(background))
	}
	args, filled := s.arguments()
	invoke := s.invoke(args)
	if s.passesOn(filled) {
		if len(s.method.Results) == 0 {
			s.Add(invoke)
			return
		}
		s.Add(jen.Return(invoke))
		return
	}
	results := s.invokeInto(invoke)
	s.translateErrors(results)
	s.fillBack(filled)
	s.returnResults(results)
}

// fill is an argument into which the store fills something.
type fill struct {
	arg   plan.Arg
	local string
}

// arguments converts the arguments. Those that are filled in by the store are locals.
func (s *shimCall) arguments() (args []jen.Code, filled []fill) {
	for i, arg := range s.call.Args {
		param := s.method.Params[arg.Index]
		value := s.Value(arg.Conv, jen.Id(param.Name), storedName(param), param.Name)
		if arg.Back != nil {
			name := s.argumentLocal(arg.Conv, param, value)
			value = jen.Id(name)
			filled = append(filled, fill{arg, name})
		}
		if s.call.Variadic && i == len(s.call.Args)-1 {
			value = jen.Add(value).Op("...")
		}
		args = append(args, value)
	}
	return args, filled
}

// argumentLocal is the local with a converted argument: that of its last step if the step could fail, else one of its own.
func (s *shimCall) argumentLocal(c plan.Conv, param *plan.Param, value jen.Code) string {
	steps := conv.Flat(c)
	if plan.Fallible(steps[len(steps)-1]) {
		return s.Last
	}
	name := s.Local(storedName(param))
	s.Add(jen.Id(name).Op(":=").Add(value))
	return name
}

// storedName is a local's name for a parameter in the store's own form: row for a struct, storedID for id.
func storedName(param *plan.Param) string {
	t := param.Type
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if slice, ok := t.Underlying().(*types.Slice); ok {
		if _, ok := slice.Elem().Underlying().(*types.Struct); ok {
			return "rows"
		}
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		return "row"
	}
	name := param.Name
	if len(name) == 2 {
		name = strings.ToUpper(name)
	}
	return "stored" + strings.ToUpper(name[:1]) + name[1:]
}

// freeContext is a name for a context that no parameter has.
func (s *shimCall) freeContext() string {
	if slices.ContainsFunc(s.method.Params, func(p *plan.Param) bool { return p.Name == "ctx" }) {
		return s.Local("ctx")
	}
	return "ctx"
}

// needsContext says whether a conversion takes a context that the method does not have.
func (s *shimCall) needsContext() bool {
	if s.method.Context >= 0 {
		return false
	}
	needs := func(arg plan.Arg) bool {
		return plan.NeedsContext(arg.Conv) || arg.Back != nil && plan.NeedsContext(arg.Back)
	}
	return slices.ContainsFunc(s.call.Args, needs) || slices.ContainsFunc(s.call.Results, needs)
}

// invoke calls the store's method, or the user's function in its place.
func (s *shimCall) invoke(args []jen.Code) *jen.Statement {
	var context []jen.Code
	if s.call.Context {
		ctx := jen.Id(s.Ctx)
		if s.method.Context < 0 && !s.needsContext() {
			ctx = s.Std("context", "Background").Call()
		}
		context = append(context, ctx)
	}
	if s.call.Func != nil {
		return s.Ref(s.call.Func).Call(slices.Concat(context, []jen.Code{s.store}, args)...)
	}
	return jen.Add(s.store).Dot(s.call.Method).Call(slices.Concat(context, args)...)
}

// passesOn says whether the store's results are the method's own.
func (s *shimCall) passesOn(filled []fill) bool {
	if len(filled) > 0 || s.translates() || s.maps() || s.call.Error != (s.method.Error >= 0) {
		return false
	}
	if len(s.call.Results) != s.call.Returns {
		return false
	}
	for i, result := range s.call.Results {
		if _, same := result.Conv.(plan.Same); !same || result.Index != i {
			return false
		}
	}
	return true
}

// maps says whether errors of the store mean others of the interface's.
func (s *shimCall) maps() bool {
	return slices.ContainsFunc(s.call.Errors, func(e plan.ErrorMap) bool { return e.Test || !sameRef(e.Store, e.Caller) })
}

// translates says whether "absent" is said in another way by the store.
func (s *shimCall) translates() bool {
	n := s.call.NotFound
	if n == nil {
		return false
	}
	return n.StoreTest || !sameRef(n.Store, n.Caller) || n.StoreNil != n.CallerNil || n.StoreFound != n.CallerFound
}

func sameRef(a, b *plan.FuncRef) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Name == b.Name && (a.Package == b.Package ||
		a.Package != nil && b.Package != nil && a.Package.Path() == b.Package.Path())
}
