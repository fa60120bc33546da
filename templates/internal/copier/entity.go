// Package copier holds what the functions of one entity's copier share.
package copier

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/keyed"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Copier prints how one kind of entity is copied: the functions of a dual.Entity.
type Copier struct {
	*printing.File
	Repo   *plan.Repository
	Entity *plan.Entity
	Names  *printing.Scope

	// Names of the variables inside the functions.
	Parts []string // of the key
	Since string   // the time that a listing is given; "" for none

	Got                                                            string // what a read gives
	Variable, Found, KeyName, Cursor, Limit, Page, Last, Next, All string
}

// Entry puts a value beside its key: storeEntry[K, V]{key, value}.
func (c *Copier) Entry(value *jen.Statement) *jen.Statement {
	if c.Entity.Entry == nil {
		return value
	}
	return printing.Brief(c.Typ(c.Entity.Type), append(Ids(c.Parts), value)...)
}

// Stored is what the stores' methods take of the entity in the variable: user, or entry.value.
func (c *Copier) Stored() *jen.Statement {
	if c.Entity.Entry == nil {
		return jen.Id(c.Variable)
	}
	return jen.Id(c.Variable).Dot(c.Entity.Entry.Fields[len(c.Entity.Key)])
}

// Parameter declares an entity: user User.
func (c *Copier) Parameter() *jen.Statement { return jen.Id(c.Variable).Add(c.Typ(c.Entity.Type)) }

// Key is the key of the entity in a variable: userKey(user.ID).
func (c *Copier) Key(variable string) *jen.Statement {
	return keyed.KeyOf(c.File, c.Entity.KeyFunc, c.Entity.Key, func(plan.KeyPart) *jen.Statement { return jen.Id(variable) })
}

// Head declares the parameters that all of an entity's functions begin with: ctx context.Context, store Users.
func (c *Copier) Head(used bool) []jen.Code {
	ctx := c.Names.Ctx
	if !used {
		ctx = "_"
	}
	return []jen.Code{
		jen.Id(ctx).Add(c.Std("context", "Context")),
		jen.Id(c.Names.Store).Add(c.StoreType(c.Repo)),
	}
}

// TakesContext reports whether a call hands the context on.
func TakesContext(call *plan.EntityCall) bool {
	if call.Method != nil {
		return call.Method.Context >= 0
	}
	return call.Func.Context
}

// KeyParameter declares key dual.Key.
func (c *Copier) KeyParameter() *jen.Statement { return jen.Id(c.KeyName).Add(c.Dual("Key")) }

// KeyParts allocates one variable for each part of the entity's key.
func (c *Copier) KeyParts() []string {
	var names []string
	for _, part := range c.Entity.Key {
		name := "id"
		if n := len(part.Path); n > 0 {
			name = identifier.LowerFirst(part.Path[n-1].Name)
		}
		names = append(names, c.Names.Name(name))
	}
	return names
}

// Parse takes a key apart:
//
//	id, err := parseUserKey(key)
//	if err != nil {
//		return User{}, false, err
//	}
func (c *Copier) Parse(fail ...jen.Code) []jen.Code {
	if len(c.Parts) == 0 {
		return nil
	}
	return []jen.Code{
		jen.List(append(Ids(c.Parts), jen.Id(c.Names.Err))...).Op(":=").Add(c.Parsed(jen.Id(c.KeyName))),
		jen.If(jen.Id(c.Names.Err).Op("!=").Nil()).Block(jen.Return(append(fail, jen.Id(c.Names.Err))...)),
	}
}

// Parsed calls the function that takes a key apart: parseUserKey(key).
func (c *Copier) Parsed(key jen.Code) *jen.Statement {
	return c.Ref(c.Entity.ParseFunc).Call(append(conv.Codecs(c.File, c.Entity.ParseFunc), key)...)
}

func Ids(names []string) []jen.Code {
	var list []jen.Code
	for _, name := range names {
		list = append(list, jen.Id(name))
	}
	return list
}

// Call calls a method of the store, or a user's function over it: store.Get(ctx, id).
func (c *Copier) Call(call *plan.EntityCall, args ...jen.Code) *jen.Statement {
	if call.Method == nil {
		head := []jen.Code{jen.Id(c.Names.Store)}
		if call.Func.Context {
			head = []jen.Code{jen.Id(c.Names.Ctx), jen.Id(c.Names.Store)}
		}
		return c.Ref(call.Func).Call(append(head, args...)...)
	}
	if i := call.Method.Context; i >= 0 {
		args = append(args[:i:i], append([]jen.Code{jen.Id(c.Names.Ctx)}, args[i:]...)...)
	}
	return jen.Id(c.Names.Store).Dot(call.Method.Name).Call(args...)
}

// Arguments fits values to a method's parameters: the entity where its type is asked for, else the part of the key that the
// parameter is. Options, of which a call may have none, are left out.
func (c *Copier) Arguments(call *plan.EntityCall, entity jen.Code, parts []jen.Code) []jen.Code {
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
		if entity != nil && c.IsEntity(p.Type) && !c.isKey(call.Method, i) {
			args = append(args, entity)
			continue
		}
		if slice, ok := p.Type.Underlying().(*types.Slice); ok && entity != nil && c.IsEntity(slice.Elem()) {
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
func (c *Copier) listOf(p *plan.Param, value jen.Code) jen.Code {
	if p.Variadic {
		return value
	}
	return printing.Brief(c.Typ(p.Type), value)
}

// isKey reports whether a parameter is a part of the key that lies beside the entity.
func (c *Copier) isKey(m *plan.Method, i int) bool {
	return c.Entity.Entry != nil && slices.ContainsFunc(m.Key.Parts, func(part plan.KeyPart) bool { return part.Param == i })
}

// IsEntity reports whether t is the type that the methods give the entity, or a pointer to it.
func (c *Copier) IsEntity(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if c.Entity.Entry != nil {
		return types.Identical(t, c.Entity.Entry.Value)
	}
	return types.Identical(t, c.Entity.Type)
}
