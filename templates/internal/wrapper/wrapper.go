// Package wrapper writes the wrapper: its type, its constructor and its methods.
package wrapper

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copies"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Print writes the wrapper's type, its assertion and its constructor.
func Print(f *printing.File, repo *plan.Repository) {
	f.Put(handshake(f))
	if repo.Names.Itself != "" {
		f.Put(itselfInterface(f, repo))
	}
	if repo.Names.Stores != "" {
		f.Put(storesInterface(f, repo))
	}
	for _, e := range repo.Entities {
		if e.Entry != nil {
			f.Put(copies.EntryType(f, repo, e))
		}
	}
	f.Put(wrapperType(f, repo))
	f.Put(assertion(f, repo))
	f.Put(constructor(f, repo))
	if repo.Names.Bare != "" {
		f.Put(bareConstructor(f, repo))
	}
}

// handshake refuses to compile with another runtime:
//
//	const _ = dual.Generated1
func handshake(f *printing.File) *jen.Statement {
	return printing.Commented(
		[]string{"The runtime must be one that this file was generated for."},
		jen.Const().Id("_").Op("=").Add(f.Dual("Generated1")))
}

// storesInterface is what both stores offer beyond the repository's interface:
//
//	type usersStores interface {
//		Users
//		ScanUsers(ctx context.Context, after string, limit int) ([]User, error)
//	}
func storesInterface(f *printing.File, repo *plan.Repository) *jen.Statement {
	items := []jen.Code{f.Itself(repo)}
	for _, m := range StoreMethods(repo) {
		items = append(items, jen.Id(m.Name).Params(f.Params(m.Params)...).Add(f.Results(m.Results)))
	}
	for _, s := range repo.Subs {
		if s.Inside != "" {
			items = append(items, InsideMethod(f, s, "migration"))
		}
	}
	doc := fmt.Sprintf("%s is what both stores offer: the repository, and the methods that copy its entities.", repo.Names.Stores)
	if inside(repo) {
		doc = fmt.Sprintf("%s is what both stores offer: the repository, the methods that copy its entities, and wrappers of what a transaction hands out.", repo.Names.Stores)
	}
	return printing.Commented(
		printing.Wrap(doc, printing.CommentWidth),
		jen.Type().Id(repo.Names.Stores).Add(f.TypeParams(repo.TypeParams)).Interface(items...))
}

// StoreMethods are the methods that only the stores have, in the order in which the entities name them, and then the writes.
func StoreMethods(repo *plan.Repository) []*plan.Method {
	var methods []*plan.Method
	add := func(m *plan.Method) {
		if m != nil && !slices.Contains(repo.Methods, m) && !slices.Contains(methods, m) {
			methods = append(methods, m)
		}
	}
	for _, e := range repo.Entities {
		calls := []*plan.EntityCall{e.Get, e.Put, e.PutElse, e.Delete}
		if e.Scan != nil {
			calls = append(calls, &e.Scan.EntityCall)
		}
		for _, call := range calls {
			if call != nil {
				add(call.Method)
			}
		}
	}
	for _, m := range repo.Methods {
		if m.Key.Lister != nil {
			add(m.Key.Lister.Method)
		}
	}
	return methods
}

// wrapperType declares the wrapper:
//
//	type DualUsers struct {
//		stores    [2]Users // indexed by dual.Store
//		migration *dual.Migration
//		get       *dual.Method
//	}
func wrapperType(f *printing.File, repo *plan.Repository) *jen.Statement {
	fields := []jen.Code{
		jen.Id("stores").Index(jen.Lit(2)).Add(f.StoreType(repo)).Comment("indexed by dual.Store"),
		jen.Id("migration").Op("*").Add(f.Dual("Migration")),
	}
	for _, m := range repo.Methods {
		if counted(m) {
			fields = append(fields, jen.Id(m.Field).Op("*").Add(f.Dual("Method")))
		}
	}
	for _, m := range repo.Methods {
		if compared(m) {
			fields = append(fields, jen.Id(m.Reading).Add(readingType(f, repo, m)))
		}
	}
	for _, m := range repo.Methods {
		if m.Paging != nil {
			fields = append(fields, jen.Id(m.Paging.Name).Add(pagingType(f, repo, m)))
		}
	}
	for _, s := range repo.Subs {
		fields = append(fields, jen.Id(s.Field).Add(WrapperOf(f, s)))
	}
	for _, c := range repo.Codecs {
		fields = append(fields, jen.Id(c.Field).Add(f.Convert("KeyCodec")).Types(f.Typ(c.Param)))
	}
	return printing.Commented(wrapperDoc(repo),
		jen.Type().Id(repo.Names.Wrapper).Add(f.TypeParams(repo.TypeParams)).Struct(fields...))
}

// counted reports whether the runtime counts a method's calls: all but those that open and close the stores.
func counted(m *plan.Method) bool { return m.Kind != plan.Lifecycle }

// compared reports whether the wrapper holds a dual.Reading for a method. An iterator is neither compared nor cloned.
func compared(m *plan.Method) bool { return m.Reading != "" && IteratorOf(m) == nil }

// wrapperDoc is the wrapper's doc comment.
func wrapperDoc(repo *plan.Repository) []string {
	name := repo.Interface.Name()
	what := fmt.Sprintf("%s is %s %s over two stores: it writes both and reads one, as its migration's phase says.",
		repo.Names.Wrapper, printing.Article(name), name)
	stores := fmt.Sprintf("Old: %s. New: %s.", printing.TypeText(repo, repo.Stores[0].Type), printing.TypeText(repo, repo.Stores[1].Type))
	return slices.Concat(printing.Wrap(what, printing.CommentWidth), []string{""}, printing.Wrap(stores, printing.CommentWidth))
}

// assertion makes the output fail to compile when the interface has changed:
//
//	var _ Users = (*DualUsers)(nil)
//	func _[K comparable, V any]() { var _ Store[K, V] = (*DualStore[K, V])(nil) }
func assertion(f *printing.File, repo *plan.Repository) *jen.Statement {
	assertion := jen.Var().Id("_").Add(f.Typ(repo.Type)).Op("=").
		Parens(jen.Op("*").Add(printing.Instance(repo.Names.Wrapper, repo.TypeParams))).Parens(jen.Nil())
	if len(repo.TypeParams) == 0 {
		return assertion
	}
	return jen.Func().Id("_").Add(f.TypeParams(repo.TypeParams)).Params().Block(assertion)
}

// methodInfo tells the migration of a method: migration.Method(dual.MethodInfo{Name: "Users.Get", Kind: dual.KindRead}).
func methodInfo(f *printing.File, repo *plan.Repository, m *plan.Method, migration string) *jen.Statement {
	info, functions := InfoFields(f, repo, m), false
	if absent := printing.Missing(m); absent != nil && m.Delete && m.Error >= 0 {
		info, functions = append(info, printing.Entry{Name: "Absent", Value: isError(f, absent)}), true
	}
	if len(m.NoEffect) > 0 {
		info, functions = append(info, printing.Entry{Name: "NoEffect", Value: isOneOf(f, m.NoEffect)}), true
	}
	if functions {
		return jen.Id(migration).Dot("Method").Call(printing.Literal(f.Dual("MethodInfo"), info...))
	}
	return jen.Id(migration).Dot("Method").Call(printing.InlineLiteral(f.Dual("MethodInfo"), info...))
}

// InfoFields are a method's name, kind and mirror mode, as the runtime calls them.
func InfoFields(f *printing.File, repo *plan.Repository, m *plan.Method) []printing.Entry {
	info := []printing.Entry{
		{Name: "Name", Value: jen.Lit(repo.Interface.Name() + "." + m.Name)},
		{Name: "Kind", Value: f.Dual(kindName(m))},
	}
	if mirror := mirrorName(m); mirror != "" {
		info = append(info, printing.Entry{Name: "Mirror", Value: f.Dual(mirror)})
	}
	if m.Time != nil {
		info = append(info, printing.Entry{Name: "Timed", Value: jen.True()})
	}
	return info
}

// isError is a function that tells one error from others: func(err error) bool { return errors.Is(err, ErrNotFound) }.
func isError(f *printing.File, sentinel *plan.FuncRef) *jen.Statement {
	return jen.Func().Params(jen.Id("err").Error()).Bool().
		Add(printing.Inline(jen.Return(f.Std("errors", "Is").Call(jen.Id("err"), f.Ref(sentinel)))))
}

// kindName is the runtime's name of a method's kind.
func kindName(m *plan.Method) string {
	switch {
	case m.Kind == plan.Read:
		return "KindRead"
	case m.Kind == plan.Write && m.Delete:
		return "KindDelete"
	case m.Kind == plan.Write:
		return "KindWrite"
	case m.Kind == plan.Lifecycle:
		return "KindLifecycle"
	case m.Kind == plan.Transaction:
		return "KindTransaction"
	default:
		return "KindPrimary"
	}
}

// mirrorName is the runtime's name of a write's mirror mode, or "".
func mirrorName(m *plan.Method) string {
	if m.Kind != plan.Write {
		return ""
	}
	switch m.Mirror {
	case plan.Replay:
		return "Replay"
	case plan.Copy:
		return "Copy"
	default:
		return "Skip"
	}
}
