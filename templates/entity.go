package templates

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// copier prints how one kind of entity is copied: the functions of a dual.Entity.
type copier struct {
	*file
	repo   *plan.Repository
	entity *plan.Entity
	names  *scope

	// Names of the variables inside the functions.
	parts []string // of the key

	got                                                            string // what a read gives
	variable, found, keyName, cursor, limit, page, last, next, all string
}

// addEntity tells the migration how one kind of entity is copied:
//
//	dual.AddEntity(migration, &d.stores, dual.Entity[Users, User]{
//		Kind: "User",
//		Key:  func(user User) dual.Key { return userKey(user.ID) },
//		Get: …, Put: …, Delete: …, Scan: …,
//		Diff: diffUser,
//		Shape: "ID,Name 1f2e3d4c",
//	})
func (f *file) addEntity(repo *plan.Repository, e *plan.Entity, migration string) *jen.Statement {
	c := &copier{file: f, repo: repo, entity: e, names: f.scopeOf(repo, nil)}
	if named, ok := types.Unalias(e.Type).(*types.Named); ok && named.Obj().Pkg() != nil {
		c.names.taken.add(f.use(named.Obj().Pkg().Path(), named.Obj().Pkg().Name())) // index.Index{} must not mean a variable
	}
	if e.Entry == nil {
		c.variable = c.names.name(lowerFirst(e.Name))
		c.got = c.variable
	} else {
		c.variable, c.got = c.names.name("entry"), c.names.value
	}
	c.parts = c.keyParts()
	c.found = c.names.name("found")
	c.keyName = c.names.name("key")
	c.cursor, c.limit = c.names.name("cursor"), c.names.name("limit")
	c.page, c.last, c.next, c.all = c.names.name("page"), c.names.name("last"), c.names.name("next"), c.names.name("all")
	fields := []entry{
		{"Kind", jen.Lit(e.Name)},
		{"Key", jen.Func().Params(c.parameter()).Add(f.dual("Key")).Add(inline(jen.Return(c.key(c.variable))))},
	}
	add := func(name string, value *jen.Statement) {
		if value != nil {
			fields = append(fields, entry{name, value})
		}
	}
	add("Get", c.get())
	add("Put", c.put())
	add("Create", c.create())
	add("Delete", c.delete())
	add("PutMany", c.putMany())
	add("Scan", c.scan())
	add("First", c.first())
	add("Gap", c.gap())
	if repo.Exact {
		add("Exact", jen.True())
	}
	if e.Diff != nil {
		add("Diff", f.ref(e.Diff))
	} else {
		add("Diff", f.dual("DiffWhole").Call(f.convert("SameDeep").Types(f.typ(e.Type))))
	}
	fields = append(fields, entry{"Shape", jen.Lit(shapeOf(repo, e))})
	typ := f.dual("Entity").Types(f.storeType(repo), f.typ(e.Type))
	return f.dual("AddEntity").Call(jen.Id(migration), stores(repo), literal(typ, fields...))
}

// entryType declares what an entity is whose key lies beside it:
//
//	type storeEntry[K comparable, V any] struct {
//		key   K
//		value V
//	}
func (f *file) entryType(repo *plan.Repository, e *plan.Entity) *jen.Statement {
	var fields []jen.Code
	for i, part := range e.Key {
		fields = append(fields, jen.Id(e.Entry.Fields[i]).Add(f.typ(part.Type)))
	}
	fields = append(fields, jen.Id(e.Entry.Fields[len(e.Key)]).Add(f.typ(e.Entry.Value)))
	doc := fmt.Sprintf("%s is what the stores hold, as it is copied from one to the other: a value and its key.", e.Entry.Name)
	return commented(wrap(doc, commentWidth), jen.Type().Id(e.Entry.Name).Add(f.typeParams(repo.TypeParams)).Struct(fields...))
}

// entry puts a value beside its key: storeEntry[K, V]{key, value}.
func (c *copier) entry(value *jen.Statement) *jen.Statement {
	if c.entity.Entry == nil {
		return value
	}
	return brief(c.typ(c.entity.Type), append(ids(c.parts), value)...)
}

// stored is what the stores' methods take of the entity in the variable: user, or entry.value.
func (c *copier) stored() *jen.Statement {
	if c.entity.Entry == nil {
		return jen.Id(c.variable)
	}
	return jen.Id(c.variable).Dot(c.entity.Entry.Fields[len(c.entity.Key)])
}

// parameter declares an entity: user User.
func (c *copier) parameter() *jen.Statement { return jen.Id(c.variable).Add(c.typ(c.entity.Type)) }

// key is the key of the entity in a variable: userKey(user.ID).
func (c *copier) key(variable string) *jen.Statement {
	return c.keyOf(c.entity.KeyFunc, c.entity.Key, func(plan.KeyPart) *jen.Statement { return jen.Id(variable) })
}

// head declares the parameters that all of an entity's functions begin with: ctx context.Context, store Users.
func (c *copier) head(used bool) []jen.Code {
	ctx := c.names.ctx
	if !used {
		ctx = "_"
	}
	return []jen.Code{
		jen.Id(ctx).Add(c.std("context", "Context")),
		jen.Id(c.names.store).Add(c.storeType(c.repo)),
	}
}

// takesContext reports whether a call hands the context on.
func takesContext(call *plan.EntityCall) bool {
	if call.Method != nil {
		return call.Method.Context >= 0
	}
	return call.Func.Context
}

// keyParameter declares key dual.Key.
func (c *copier) keyParameter() *jen.Statement { return jen.Id(c.keyName).Add(c.dual("Key")) }

// keyParts allocates one variable for each part of the entity's key.
func (c *copier) keyParts() []string {
	var names []string
	for _, part := range c.entity.Key {
		name := "id"
		if n := len(part.Path); n > 0 {
			name = lowerFirst(part.Path[n-1].Name)
		}
		names = append(names, c.names.name(name))
	}
	return names
}

// lowerFirst makes a local's name of a field's: tenantID of TenantID, id of ID.
func lowerFirst(name string) string {
	for i, r := range name {
		upper := r >= 'A' && r <= 'Z'
		if !upper && i > 1 {
			return lower(name[:i-1]) + name[i-1:]
		}
		if !upper {
			return lower(name[:i]) + name[i:]
		}
	}
	return lower(name)
}

func lower(s string) string {
	b := []byte(s)
	for i := range b {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] |= 0x20
		}
	}
	return string(b)
}

// parse takes a key apart:
//
//	id, err := parseUserKey(key)
//	if err != nil {
//		return User{}, false, err
//	}
func (c *copier) parse(fail ...jen.Code) []jen.Code {
	if len(c.parts) == 0 {
		return nil
	}
	return []jen.Code{
		jen.List(append(ids(c.parts), jen.Id(c.names.err))...).Op(":=").Add(c.parsed(jen.Id(c.keyName))),
		jen.If(jen.Id(c.names.err).Op("!=").Nil()).Block(jen.Return(append(fail, jen.Id(c.names.err))...)),
	}
}

// parsed calls the function that takes a key apart: parseUserKey(key).
func (c *copier) parsed(key jen.Code) *jen.Statement {
	return c.ref(c.entity.ParseFunc).Call(append(c.codecs(c.entity.ParseFunc), key)...)
}

func ids(names []string) []jen.Code {
	var list []jen.Code
	for _, name := range names {
		list = append(list, jen.Id(name))
	}
	return list
}

// call calls a method of the store, or a user's function over it: store.Get(ctx, id).
func (c *copier) call(call *plan.EntityCall, args ...jen.Code) *jen.Statement {
	if call.Method == nil {
		head := []jen.Code{jen.Id(c.names.store)}
		if call.Func.Context {
			head = []jen.Code{jen.Id(c.names.ctx), jen.Id(c.names.store)}
		}
		return c.ref(call.Func).Call(append(head, args...)...)
	}
	if i := call.Method.Context; i >= 0 {
		args = append(args[:i:i], append([]jen.Code{jen.Id(c.names.ctx)}, args[i:]...)...)
	}
	return jen.Id(c.names.store).Dot(call.Method.Name).Call(args...)
}

// arguments fits values to a method's parameters: the entity where its type is asked for, else the part of the key that the
// parameter is. Options, of which a call may have none, are left out.
func (c *copier) arguments(call *plan.EntityCall, entity jen.Code, parts []jen.Code) []jen.Code {
	if call.Method == nil {
		if entity != nil {
			return []jen.Code{entity}
		}
		return parts
	}
	var args []jen.Code
	for i, p := range call.Method.Params {
		if i == call.Method.Context {
			continue
		}
		if entity != nil && c.isEntity(p.Type) && !c.isKey(call.Method, i) {
			args = append(args, entity)
			continue
		}
		if slice, ok := p.Type.Underlying().(*types.Slice); ok && entity != nil && c.isEntity(slice.Elem()) {
			args = append(args, c.listOf(p, entity))
			continue
		}
		n := slices.IndexFunc(call.Method.Key.Parts, func(part plan.KeyPart) bool { return part.Param == i })
		if n < 0 || n >= len(parts) {
			continue
		}
		part := parts[n]
		if call.Method.Key.Form == plan.KeyEach && call.Method.Key.Parts[0].Param == i {
			part = c.listOf(p, part)
		}
		args = append(args, part)
	}
	return args
}

// listOf makes one value a list where the parameter is one: []string{id}.
func (c *copier) listOf(p *plan.Param, value jen.Code) jen.Code {
	if p.Variadic {
		return value
	}
	return brief(c.typ(p.Type), value)
}

// isKey reports whether a parameter is a part of the key that lies beside the entity.
func (c *copier) isKey(m *plan.Method, i int) bool {
	return c.entity.Entry != nil && slices.ContainsFunc(m.Key.Parts, func(part plan.KeyPart) bool { return part.Param == i })
}

// isEntity reports whether t is the type that the methods give the entity, or a pointer to it.
func (c *copier) isEntity(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if c.entity.Entry != nil {
		return types.Identical(t, c.entity.Entry.Value)
	}
	return types.Identical(t, c.entity.Type)
}
