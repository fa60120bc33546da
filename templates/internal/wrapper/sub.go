package wrapper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// itselfInterface declares that:
//
//	type storeItself interface {
//		Ping(ctx context.Context) error
//	}
func itselfInterface(f *printing.File, repo *plan.Repository) *jen.Statement {
	var items []jen.Code
	for _, m := range repo.Methods {
		items = append(items, jen.Id(m.Name).Params(f.Params(m.Params)...).Add(f.Results(m.Results)))
	}
	doc := fmt.Sprintf("%s is %s without the repositories that it hands out.", repo.Names.Itself, repo.Interface.Name())
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		jen.Type().Id(repo.Names.Itself).Add(f.TypeParams(repo.TypeParams)).Interface(items...))
}

// WrapperOf is the type of the wrapper that is handed out: *DualUserStore.
func WrapperOf(f *printing.File, s *plan.SubRepository) *jen.Statement {
	return jen.Op("*").Add(f.Qual(s.Of.Output.Path, s.Of.Output.Name, s.Of.Names.Wrapper))
}

// makeSub makes the wrapper that is handed out: NewDualUserStore(old.Users(), new.Users(), migration).
func makeSub(f *printing.File, s *plan.SubRepository, old, new, migration jen.Code) *jen.Statement {
	return f.Qual(s.Of.Output.Path, s.Of.Output.Name, s.Of.Names.Constructor).Call(old, new, migration)
}

// Handed is what a store hands out: old.Users(), or usersOfOld(old).
func Handed(f *printing.File, s *plan.SubRepository, position int, store *jen.Statement) *jen.Statement {
	call := s.Calls[position]
	if call.Func != nil {
		return f.Ref(call.Func).Call(store)
	}
	return store.Dot(call.Method).Call()
}

// bareConstructor makes the wrapper without what it hands out, as the tests have it:
//
//	func bareStore(stores [2]storeItself, migration *dual.Migration) *DualStore {
//		d := &DualStore{…}
//		dual.AddEntity(migration, &d.stores, …)
//		return d
//	}
func bareConstructor(f *printing.File, repo *plan.Repository) *jen.Statement {
	s := f.ScopeOf(repo, nil)
	stores, migration := s.Name("stores"), s.Name("migration")
	doc := fmt.Sprintf("%s makes the wrapper without the repositories that it hands out.", repo.Names.Bare)
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		jen.Func().Id(repo.Names.Bare).Add(f.TypeParams(repo.TypeParams)).
			Params(jen.Id(stores).Index(jen.Lit(2)).Add(f.StoreType(repo)), jen.Id(migration).Op("*").Add(f.Dual("Migration"))).
			Op("*").Add(printing.Instance(repo.Names.Wrapper, repo.TypeParams)).
			Block(construction(f, repo, jen.Id(stores), migration)...))
}

// addSubs are the statements that make what the wrapper hands out: d.users = NewDualUserStore(old.Users(), new.Users(), migration).
func addSubs(f *printing.File, repo *plan.Repository, old, new, migration string) []jen.Code {
	var body []jen.Code
	for _, s := range repo.Subs {
		body = append(body, jen.Id(repo.Names.Receiver).Dot(s.Field).Op("=").
			Add(makeSub(f, s, Handed(f, s, 0, jen.Id(old)), Handed(f, s, 1, jen.Id(new)), jen.Id(migration))))
	}
	return body
}

// getter hands out a wrapper: func (d *DualStore) Users() UserStore { return d.users }.
func getter(f *printing.File, repo *plan.Repository, s *plan.SubRepository) *jen.Statement {
	receiver := repo.Names.Receiver
	return printing.Commented(getterDoc(s.Method),
		jen.Func().Params(jen.Id(receiver).Op("*").Add(printing.Instance(repo.Names.Wrapper, repo.TypeParams))).
			Id(s.Method.Name).Params().Add(f.Results(s.Method.Results)).Add(printing.Inline(jen.Return(jen.Id(receiver).Dot(s.Field)))))
}

// getterDoc is the user's comment, then what is handed out.
func getterDoc(m *plan.Method) []string {
	ours := printing.Wrap(strings.Join(m.Reasons, " "), printing.CommentWidth)
	if len(m.Doc) == 0 {
		return ours
	}
	return slices.Concat(m.Doc, []string{""}, ours)
}

// InsideMethod is what the stores offer for a transaction: usersInside(migration *dual.Migration) UserStore.
func InsideMethod(f *printing.File, s *plan.SubRepository, migration string) *jen.Statement {
	return jen.Id(s.Inside).Params(jen.Id(migration).Op("*").Add(f.Dual("Migration"))).Add(f.Results(s.Method.Results))
}

// inside reports whether a repository hands out others inside its transactions.
func inside(repo *plan.Repository) bool { return len(repo.Subs) > 0 && repo.Subs[0].Inside != "" }

// ShimSubs are a shim's methods that hand out wrappers inside a transaction, over what the store's own transaction hands out:
//
//	func (d oldStore) usersInside(migration *dual.Migration) UserStore {
//		return NewDualUserStore(d.store.Users(), nil, migration)
//	}
func ShimSubs(f *printing.File, repo *plan.Repository, position int) []jen.Code {
	if !inside(repo) {
		return nil
	}
	s := f.ScopeOf(repo, nil)
	migration := s.Name("migration")
	shim, receiver := repo.Stores[position].Shim, jen.Id(repo.Names.Receiver)
	this := jen.Add(receiver).Add(printing.Instance(shim.Name, repo.TypeParams))
	var list []jen.Code
	for _, s := range repo.Subs {
		stores := [2]jen.Code{f.Zero(s.Of.Stores[0].Type), f.Zero(s.Of.Stores[1].Type)}
		stores[position] = Handed(f, s, position, jen.Add(receiver).Dot(shim.Field))
		doc := fmt.Sprintf("%s makes the wrapper inside a transaction, over what that hands out.", s.Inside)
		list = append(list,
			printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Func().Params(this).Add(InsideMethod(f, s, migration)).
				Block(jen.Return(makeSub(f, s, stores[0], stores[1], jen.Id(migration))))),
			printing.Commented(printing.Wrap(s.Method.Name+" is there for the interface: "+s.Inside+" is called in its place.", printing.CommentWidth),
				jen.Func().Params(this).Id(s.Method.Name).Params().Add(f.Results(s.Method.Results)).
					Add(printing.Inline(jen.Panic(jen.Lit(fmt.Sprintf("dualgen: %s.%s of a store was called without its transaction", repo.Interface.Name(), s.Method.Name)))))))
	}
	return list
}

// getter hands out the wrapper inside the transaction: return d.store.usersInside(d.tx.Migration()).
func (v *viewer) getter(s *plan.SubRepository) *jen.Statement {
	receiver := jen.Id(v.receiver)
	return jen.Func().Params(jen.Add(receiver).Add(printing.Instance(v.view.Name, v.repo.TypeParams))).
		Id(s.Method.Name).Params().Add(v.Results(s.Method.Results)).
		Block(jen.Return(jen.Add(receiver).Dot(v.view.Store).Dot(s.Inside).Call(jen.Add(receiver).Dot(v.view.Tx).Dot("Migration").Call())))
}
