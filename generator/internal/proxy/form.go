package proxy

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// carrier finds the form of types on the way.
type carrier struct {
	proxy *plan.Proxy
	wires []*plan.Wire
	names map[string]bool
}

func newCarrier(p *plan.Proxy) *carrier { return &carrier{proxy: p, names: map[string]bool{}} }

// exact are types with fields of their own whose JSON says all that they hold.
var exact = []string{
	"time.Time", "math/big.Int", "net/netip.Addr", "net/netip.AddrPort", "net/netip.Prefix",
	"github.com/google/uuid.UUID", "github.com/shopspring/decimal.Decimal",
}

func isExact(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && slices.Contains(exact, named.Obj().Pkg().Path()+"."+named.Obj().Name())
}

// form is the form of a type, or why it has none. path names the value for people.
func (c *carrier) form(t types.Type, path string) (form *plan.WireForm, why string) {
	form = &plan.WireForm{Type: t}
	if isExact(t) {
		return form, ""
	}
	if speaks(t) {
		if _, isStruct := t.Underlying().(*types.Struct); !isStruct {
			form.Under = t.Underlying()
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsComplex != 0 || u.Kind() == types.UnsafePointer || u.Kind() == types.Uintptr {
			return nil, fmt.Sprintf("%s is a %v", path, t)
		}
		return form, ""
	case *types.Pointer:
		switch u.Elem().Underlying().(type) {
		case *types.Pointer, *types.Slice, *types.Map:
			return nil, fmt.Sprintf("%s is a pointer to what may be nil itself", path)
		}
		return c.with(form, u.Elem(), path)
	case *types.Slice:
		return c.with(form, u.Elem(), path+"[]")
	case *types.Array:
		elem, why := c.form(u.Elem(), path+"[]")
		if why == "" && !elem.AsIs() {
			why = fmt.Sprintf("%s is an array of what needs another form on the way", path)
		}
		return form, why
	case *types.Map:
		key, ok := u.Key().Underlying().(*types.Basic)
		if !ok || key.Info()&(types.IsString|types.IsInteger) == 0 || speaks(u.Key()) {
			return nil, fmt.Sprintf("%s has keys of type %v, which JSON has not", path, u.Key())
		}
		return c.with(form, u.Elem(), path+"[]")
	case *types.Struct:
		return c.structure(form, u, path)
	}
	return nil, fmt.Sprintf("%s is %s", path, what(t))
}

// with is the form of what holds others.
func (c *carrier) with(form *plan.WireForm, elem types.Type, path string) (*plan.WireForm, string) {
	inner, why := c.form(elem, path)
	if why == "" && !inner.AsIs() {
		form.Elem = inner
	}
	return form, why
}

// what names a type that cannot be carried.
func what(t types.Type) string {
	switch t.Underlying().(type) {
	case *types.Interface:
		return fmt.Sprintf("an interface (%s), which does not say what is in it", types.TypeString(t, (*types.Package).Name))
	case *types.Signature:
		return "a function"
	case *types.Chan:
		return "a channel"
	}
	return types.TypeString(t, (*types.Package).Name)
}

// structure is the form of a struct: as it is where its JSON says everything, else a Wire.
func (c *carrier) structure(form *plan.WireForm, u *types.Struct, path string) (*plan.WireForm, string) {
	if i := slices.IndexFunc(c.wires, func(w *plan.Wire) bool { return types.Identical(w.Type, form.Type) }); i >= 0 {
		form.Wire = c.wires[i]
		return form, ""
	}
	wire := &plan.Wire{Type: form.Type}
	named, isNamed := types.Unalias(form.Type).(*types.Named)
	if isNamed {
		wire.Name = c.name(named)
		wire.To, wire.From = wire.Name+"Of", "of"+text.UpperFirst(wire.Name)
	}
	form.Wire = wire
	before := len(c.wires)
	c.wires = append(c.wires, wire) // one that holds itself finds it
	plain := !speaks(form.Type)
	for i := range u.NumFields() {
		f := u.Field(i)
		if f.Name() == "_" {
			continue
		}
		if !f.Exported() {
			return nil, fmt.Sprintf("%s has the field %s, which is unexported", path, f.Name())
		}
		inner, why := c.form(f.Type(), path+"."+f.Name())
		if why != "" {
			return nil, why
		}
		wire.Fields = append(wire.Fields, plan.WireField{Name: f.Name(), Form: inner})
		plain = plain && inner.AsIs() && !f.Embedded() && tells(u.Tag(i), f)
	}
	if plain {
		c.wires, form.Wire = c.wires[:before], nil
		delete(c.names, wire.Name)
		return form, ""
	}
	if !isNamed {
		return nil, fmt.Sprintf("%s is a struct without a name that needs another form on the way", path)
	}
	return form, ""
}

// tells reports whether a field's tag lets JSON say what the field holds, under its own name.
func tells(tag string, f *types.Var) bool {
	said, ok := reflect.StructTag(tag).Lookup("json")
	if !ok {
		return true
	}
	name, options, _ := strings.Cut(said, ",")
	if name != "" && !strings.EqualFold(name, f.Name()) || said == "-" {
		return false // two fields may have one name
	}
	if options == "" {
		return true
	}
	_, isBasic := f.Type().Underlying().(*types.Basic)
	_, isPointer := f.Type().Underlying().(*types.Pointer)
	return options == "omitempty" && (isBasic || isPointer)
}

// speaks reports whether values say themselves how they are written, by a method of theirs.
func speaks(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Interface); ok {
		return false
	}
	methods := types.NewMethodSet(types.NewPointer(t))
	for _, name := range []string{"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"} {
		if methods.Lookup(nil, name) != nil {
			return true
		}
	}
	return false
}

// name is a free name for the struct that stands for a type.
func (c *carrier) name(t *types.Named) string {
	base := c.proxy.Prefix + text.UpperFirst(t.Obj().Name()) + "Wire"
	name := base
	for n := 2; c.names[name]; n++ {
		name = fmt.Sprint(base, n)
	}
	c.names[name] = true
	return name
}
