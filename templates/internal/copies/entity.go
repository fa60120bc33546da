// Package copies writes how an entity is read, written, deleted and listed when it is copied from one store to the other.
package copies

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copier"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// AddEntity tells the migration how one kind of entity is copied:
//
//	dual.AddEntity(migration, &d.stores, dual.Entity[Users, User]{
//		Kind: "User",
//		Key:  func(user User) dual.Key { return userKey(user.ID) },
//		Get: …, Put: …, Delete: …, Scan: …,
//		Diff: diffUser,
//		Shape: "ID,Name 1f2e3d4c",
//	})
func AddEntity(f *printing.File, repo *plan.Repository, e *plan.Entity, migration string) *jen.Statement {
	c := &copier.Copier{File: f, Repo: repo, Entity: e, Names: f.ScopeOf(repo, nil)}
	if named, ok := types.Unalias(e.Type).(*types.Named); ok && named.Obj().Pkg() != nil {
		c.Names.Taken.Add(f.Use(named.Obj().Pkg().Path(), named.Obj().Pkg().Name())) // index.Index{} must not mean a variable
	}
	if e.Entry == nil {
		c.Variable = c.Names.Name(identifier.LowerFirst(e.Name))
		c.Got = c.Variable
	} else {
		c.Variable, c.Got = c.Names.Name("entry"), c.Names.Value
	}
	c.Parts = c.KeyParts()
	c.Found = c.Names.Name("found")
	c.KeyName = c.Names.Name("key")
	c.Cursor, c.Limit = c.Names.Name("cursor"), c.Names.Name("limit")
	c.Page, c.Last, c.Next, c.All = c.Names.Name("page"), c.Names.Name("last"), c.Names.Name("next"), c.Names.Name("all")
	fields := []printing.Entry{
		{Name: "Kind", Value: jen.Lit(e.Name)},
		{Name: "Key", Value: jen.Func().Params(c.Parameter()).Add(f.Dual("Key")).Add(printing.Inline(jen.Return(c.Key(c.Variable))))},
	}
	add := func(name string, value *jen.Statement) {
		if value != nil {
			fields = append(fields, printing.Entry{Name: name, Value: value})
		}
	}
	add("Get", getFunc(c))
	add("Put", put(c))
	add("Create", create(c))
	add("Delete", delete(c))
	add("PutMany", putMany(c))
	add("Scan", scan(c))
	add("First", first(c))
	add("ScanSince", scanSince(c))
	add("Gap", gap(c))
	if repo.Exact {
		add("Exact", jen.True())
	}
	if e.Diff != nil {
		add("Diff", f.Ref(e.Diff))
	} else {
		add("Diff", f.Dual("DiffWhole").Call(f.Convert("SameDeep").Types(f.Typ(e.Type))))
	}
	if e.Expires != "" {
		add("Expires", jen.Func().Params(c.Parameter()).Add(f.Std("time", "Time")).Add(printing.Inline(jen.Return(jen.Id(c.Variable).Dot(e.Expires)))))
	}
	fields = append(fields, printing.Entry{Name: "Shape", Value: jen.Lit(printing.ShapeOf(repo, e))})
	typ := f.Dual("Entity").Types(f.StoreType(repo), f.Typ(e.Type))
	return f.Dual("AddEntity").Call(jen.Id(migration), printing.Stores(repo), printing.Literal(typ, fields...))
}

// EntryType declares what an entity is whose key lies beside it:
//
//	type storeEntry[K comparable, V any] struct {
//		key   K
//		value V
//	}
func EntryType(f *printing.File, repo *plan.Repository, e *plan.Entity) *jen.Statement {
	var fields []jen.Code
	for i, part := range e.Key {
		fields = append(fields, jen.Id(e.Entry.Fields[i]).Add(f.Typ(part.Type)))
	}
	fields = append(fields, jen.Id(e.Entry.Fields[len(e.Key)]).Add(f.Typ(e.Entry.Value)))
	doc := fmt.Sprintf("%s is what the stores hold, as it is copied from one to the other: a value and its key.", e.Entry.Name)
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Type().Id(e.Entry.Name).Add(f.TypeParams(repo.TypeParams)).Struct(fields...))
}
