package wrapper

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/copies"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// constructor declares the wrapper's constructor:
//
//	func NewDualUsers(old *pgstore.Users, new *cqlstore.Users, migration *dual.Migration) *DualUsers {
//		d := &DualUsers{…}
//		dual.AddEntity(migration, &d.stores, dual.Entity[Users, User]{…})
//		return d
//	}
func constructor(f *printing.File, repo *plan.Repository) *jen.Statement {
	s := f.ScopeOf(repo, nil)
	old, new, migration := s.Name("old"), s.Name("new"), s.Name("migration")
	body := construction(f, repo, shimmed(f, repo, old, new), migration)
	if repo.Names.Bare != "" {
		body = []jen.Code{jen.Id(repo.Names.Receiver).Op(":=").Id(repo.Names.Bare).Call(shimmed(f, repo, old, new), jen.Id(migration))}
		body = append(body, addSubs(f, repo, old, new, migration)...)
		body = append(body, jen.Return(jen.Id(repo.Names.Receiver)))
	}
	return printing.Commented(
		printing.Wrap(conv.ConstructorDoc(repo), printing.CommentWidth),
		jen.Func().Id(repo.Names.Constructor).Add(f.TypeParams(repo.TypeParams)).
			Params(append(f.Params([]*plan.Param{
				{Name: old, Type: repo.Stores[0].Type},
				{Name: new, Type: repo.Stores[1].Type},
			}), jen.Id(migration).Op("*").Add(f.Dual("Migration")))...).Op("*").Add(printing.Instance(repo.Names.Wrapper, repo.TypeParams)).Block(body...))
}

// construction makes the wrapper over its stores, and tells the migration of its kinds.
func construction(f *printing.File, repo *plan.Repository, stores jen.Code, migration string) []jen.Code {
	wrapped := printing.Instance(repo.Names.Wrapper, repo.TypeParams)
	fields := []printing.Entry{
		{Name: "stores", Value: stores},
		{Name: "migration", Value: jen.Id(migration)},
	}
	for _, m := range repo.Methods {
		if counted(m) {
			fields = append(fields, printing.Entry{Name: m.Field, Value: methodInfo(f, repo, m, migration)})
		}
	}
	for _, m := range repo.Methods {
		if compared(m) {
			fields = append(fields, printing.Entry{Name: m.Reading, Value: reading(f, repo, m)})
		}
	}
	for _, m := range repo.Methods {
		if m.Paging != nil {
			fields = append(fields, printing.Entry{Name: m.Paging.Name, Value: paging(f, repo, m)})
		}
	}
	for _, c := range repo.Codecs {
		fields = append(fields, printing.Entry{Name: c.Field, Value: conv.ChosenCodec(f, c.Param)})
	}
	body := []jen.Code{jen.Id(repo.Names.Receiver).Op(":=").Op("&").Add(printing.Literal(wrapped, fields...))}
	for _, e := range repo.Entities {
		body = append(body, copies.AddEntity(f, repo, e, migration))
	}
	for _, e := range printing.Uncopied(repo) {
		body = append(body, f.AddUncopied(repo, e, migration))
	}
	if len(repo.Refusals) > 0 {
		body = append(body, addRefused(f, repo, migration))
	}
	return append(body, jen.Return(jen.Id(repo.Names.Receiver)))
}

// shimmed is the array of stores: [2]Users{oldUsers{old}, newUsers{new}}.
func shimmed(f *printing.File, repo *plan.Repository, old, new string) *jen.Statement {
	stores := jen.Index(jen.Lit(2)).Add(f.StoreType(repo))
	var values []jen.Code
	for i, name := range []string{old, new} {
		value := jen.Id(name)
		if shim := repo.Stores[i].Shim; shim != nil {
			value = printing.Brief(printing.Instance(shim.Name, repo.TypeParams), value)
		}
		values = append(values, value)
	}
	return printing.Brief(stores, values...)
}
