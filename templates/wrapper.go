package templates

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// wrapper writes the wrapper's type, its assertion and its constructor.
func wrapper(f *file, repo *plan.Repository) {
	f.add(f.handshake())
	if repo.Names.Stores != "" {
		f.add(f.storesInterface(repo))
	}
	for _, e := range repo.Entities {
		if e.Entry != nil {
			f.add(f.entryType(repo, e))
		}
	}
	f.add(f.wrapperType(repo))
	f.add(f.assertion(repo))
	f.add(f.constructor(repo))
}

// handshake refuses to compile with another runtime:
//
//	const _ = dual.Generated1
func (f *file) handshake() *jen.Statement {
	return commented(
		[]string{"The runtime must be one that this file was generated for."},
		jen.Const().Id("_").Op("=").Add(f.dual("Generated1")))
}

// storesInterface is what both stores offer beyond the repository's interface:
//
//	type usersStores interface {
//		Users
//		ScanUsers(ctx context.Context, after string, limit int) ([]User, error)
//	}
func (f *file) storesInterface(repo *plan.Repository) *jen.Statement {
	items := []jen.Code{f.typ(repo.Type)}
	for _, m := range storeMethods(repo) {
		items = append(items, jen.Id(m.Name).Params(f.params(m.Params)...).Add(f.results(m.Results)))
	}
	return commented(
		[]string{fmt.Sprintf("%s is what both stores offer: the repository, and the methods that copy its entities.", repo.Names.Stores)},
		jen.Type().Id(repo.Names.Stores).Add(f.typeParams(repo.TypeParams)).Interface(items...))
}

// storeMethods are the methods that only the stores have, in the order in which the entities name them, and then the writes.
func storeMethods(repo *plan.Repository) []*plan.Method {
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

// storeType is the interface through which the wrapper sees both stores.
func (f *file) storeType(repo *plan.Repository) *jen.Statement {
	if repo.Names.Stores != "" {
		return instance(repo.Names.Stores, repo.TypeParams)
	}
	return f.typ(repo.Type)
}

// wrapperType declares the wrapper:
//
//	type DualUsers struct {
//		stores    [2]Users // indexed by dual.Store
//		migration *dual.Migration
//		get       *dual.Method
//	}
func (f *file) wrapperType(repo *plan.Repository) *jen.Statement {
	fields := []jen.Code{
		jen.Id("stores").Index(jen.Lit(2)).Add(f.storeType(repo)).Comment("indexed by dual.Store"),
		jen.Id("migration").Op("*").Add(f.dual("Migration")),
	}
	for _, m := range repo.Methods {
		if counted(m) {
			fields = append(fields, jen.Id(m.Field).Op("*").Add(f.dual("Method")))
		}
	}
	for _, m := range repo.Methods {
		if compared(m) {
			fields = append(fields, jen.Id(m.Reading).Add(f.readingType(repo, m)))
		}
	}
	for _, m := range repo.Methods {
		if m.Paging != nil {
			fields = append(fields, jen.Id(m.Paging.Name).Add(f.pagingType(repo, m)))
		}
	}
	for _, c := range repo.Codecs {
		fields = append(fields, jen.Id(c.Field).Add(f.convert("KeyCodec")).Types(f.typ(c.Param)))
	}
	return commented(wrapperDoc(repo),
		jen.Type().Id(repo.Names.Wrapper).Add(f.typeParams(repo.TypeParams)).Struct(fields...))
}

// counted reports whether the runtime counts a method's calls: all but those that open and close the stores.
func counted(m *plan.Method) bool { return m.Kind != plan.Lifecycle }

// compared reports whether the wrapper holds a dual.Reading for a method. An iterator is neither compared nor cloned.
func compared(m *plan.Method) bool { return m.Reading != "" && iteratorOf(m) == nil }

// wrapperDoc is the wrapper's doc comment.
func wrapperDoc(repo *plan.Repository) []string {
	name := repo.Interface.Name()
	what := fmt.Sprintf("%s is %s %s over two stores: it writes both and reads one, as its migration's phase says.",
		repo.Names.Wrapper, article(name), name)
	stores := fmt.Sprintf("Old: %s. New: %s.", typeText(repo, repo.Stores[0].Type), typeText(repo, repo.Stores[1].Type))
	return slices.Concat(wrap(what, commentWidth), []string{""}, wrap(stores, commentWidth))
}

// article is the indefinite article of a name.
func article(name string) string {
	switch name[0] | 0x20 {
	case 'a', 'e', 'i', 'o':
		return "an"
	default:
		return "a"
	}
}

// typeText writes a type for people, with the names of other packages.
func typeText(repo *plan.Repository, t types.Type) string {
	if named, ok := t.(*types.Named); ok && named.TypeArgs().Len() == 0 && named.TypeParams().Len() > 0 {
		t = types.NewNamed(named.Obj(), nil, nil) // without the constraints
	}
	return types.TypeString(t, func(pkg *types.Package) string {
		if pkg.Path() == repo.Output.Path {
			return ""
		}
		return pkg.Name()
	})
}

// assertion makes the output fail to compile when the interface has changed:
//
//	var _ Users = (*DualUsers)(nil)
//	func _[K comparable, V any]() { var _ Store[K, V] = (*DualStore[K, V])(nil) }
func (f *file) assertion(repo *plan.Repository) *jen.Statement {
	assertion := jen.Var().Id("_").Add(f.typ(repo.Type)).Op("=").
		Parens(jen.Op("*").Add(instance(repo.Names.Wrapper, repo.TypeParams))).Parens(jen.Nil())
	if len(repo.TypeParams) == 0 {
		return assertion
	}
	return jen.Func().Id("_").Add(f.typeParams(repo.TypeParams)).Params().Block(assertion)
}

// constructor declares the wrapper's constructor:
//
//	func NewDualUsers(old *pgstore.Users, new *cqlstore.Users, migration *dual.Migration) *DualUsers {
//		d := &DualUsers{…}
//		dual.AddEntity(migration, &d.stores, dual.Entity[Users, User]{…})
//		return d
//	}
func (f *file) constructor(repo *plan.Repository) *jen.Statement {
	s := f.scopeOf(repo, nil)
	old, new, migration := s.name("old"), s.name("new"), s.name("migration")
	wrapped := instance(repo.Names.Wrapper, repo.TypeParams)
	fields := []entry{
		{"stores", f.shimmed(repo, old, new)},
		{"migration", jen.Id(migration)},
	}
	for _, m := range repo.Methods {
		if counted(m) {
			fields = append(fields, entry{m.Field, f.methodInfo(repo, m, migration)})
		}
	}
	for _, m := range repo.Methods {
		if compared(m) {
			fields = append(fields, entry{m.Reading, f.reading(repo, m)})
		}
	}
	for _, m := range repo.Methods {
		if m.Paging != nil {
			fields = append(fields, entry{m.Paging.Name, f.paging(repo, m)})
		}
	}
	for _, c := range repo.Codecs {
		fields = append(fields, entry{c.Field, f.chosenCodec(c.Param)})
	}
	body := []jen.Code{jen.Id(repo.Names.Receiver).Op(":=").Op("&").Add(literal(wrapped, fields...))}
	for _, e := range repo.Entities {
		body = append(body, f.addEntity(repo, e, migration))
	}
	for _, e := range uncopied(repo) {
		body = append(body, f.addUncopied(repo, e, migration))
	}
	body = append(body, jen.Return(jen.Id(repo.Names.Receiver)))
	return commented(
		wrap(constructorDoc(repo), commentWidth),
		jen.Func().Id(repo.Names.Constructor).Add(f.typeParams(repo.TypeParams)).
			Params(append(f.params([]*plan.Param{
				{Name: old, Type: repo.Stores[0].Type},
				{Name: new, Type: repo.Stores[1].Type},
			}), jen.Id(migration).Op("*").Add(f.dual("Migration")))...).Op("*").Add(instance(repo.Names.Wrapper, repo.TypeParams)).Block(body...))
}

// shimmed is the array of stores: [2]Users{oldUsers{old}, newUsers{new}}.
func (f *file) shimmed(repo *plan.Repository, old, new string) *jen.Statement {
	stores := jen.Index(jen.Lit(2)).Add(f.storeType(repo))
	var values []jen.Code
	for i, name := range []string{old, new} {
		value := jen.Id(name)
		if shim := repo.Stores[i].Shim; shim != nil {
			value = brief(instance(shim.Name, repo.TypeParams), value)
		}
		values = append(values, value)
	}
	return brief(stores, values...)
}

// methodInfo tells the migration of a method: migration.Method(dual.MethodInfo{Name: "Users.Get", Kind: dual.KindRead}).
func (f *file) methodInfo(repo *plan.Repository, m *plan.Method, migration string) *jen.Statement {
	info := f.infoFields(repo, m)
	if absent := missing(m); absent != nil && m.Delete && m.Error >= 0 {
		info = append(info, entry{"Absent", f.isError(absent)})
		return jen.Id(migration).Dot("Method").Call(literal(f.dual("MethodInfo"), info...))
	}
	return jen.Id(migration).Dot("Method").Call(inlineLiteral(f.dual("MethodInfo"), info...))
}

// infoFields are a method's name, kind and mirror mode, as the runtime calls them.
func (f *file) infoFields(repo *plan.Repository, m *plan.Method) []entry {
	info := []entry{
		{"Name", jen.Lit(repo.Interface.Name() + "." + m.Name)},
		{"Kind", f.dual(kindName(m))},
	}
	if mirror := mirrorName(m); mirror != "" {
		info = append(info, entry{"Mirror", f.dual(mirror)})
	}
	if m.Time != nil {
		info = append(info, entry{"Timed", jen.True()})
	}
	return info
}

// isError is a function that tells one error from others: func(err error) bool { return errors.Is(err, ErrNotFound) }.
func (f *file) isError(sentinel *plan.FuncRef) *jen.Statement {
	return jen.Func().Params(jen.Id("err").Error()).Bool().
		Add(inline(jen.Return(f.std("errors", "Is").Call(jen.Id("err"), f.ref(sentinel)))))
}

// missing is the error by which a method says to its caller that there is no such entity, or nil.
func missing(m *plan.Method) *plan.FuncRef {
	if m == nil || m.Calls[0].NotFound == nil {
		return nil
	}
	return m.Calls[0].NotFound.Caller
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
