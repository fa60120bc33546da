package generator

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/plan"
)

// element says how a value of some type carries an entity.
type element struct {
	typ     types.Type // of the entity, without pointer
	pointer bool       // the value, or each element, is a pointer
	many    bool       // a slice, array, map or iterator of them
	ordered bool       // a slice: elements can be ranged over with their index
}

// elementOf looks through pointers, slices, maps and iterators.
func elementOf(t types.Type) element {
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		if _, again := derefType(u.Elem()); again {
			break // a pointer to a pointer carries nothing that we could reach
		}
		e := elementOf(u.Elem())
		e.pointer, e.ordered = true, false
		return e
	case *types.Slice:
		if isByte(u.Elem()) {
			break
		}
		e := elementOf(u.Elem())
		e.ordered = !e.many
		e.many = true
		return e
	case *types.Array:
		if isByte(u.Elem()) {
			break
		}
		e := elementOf(u.Elem())
		e.many = true
		return e
	case *types.Map:
		e := elementOf(u.Elem())
		e.many = true
		return e
	case *types.Named:
		if seq := seqElement(u); seq != nil {
			e := elementOf(seq)
			e.many = true
			return e
		}
		if slice, ok := u.Underlying().(*types.Slice); ok && !isByte(slice.Elem()) {
			e := elementOf(slice)
			return e
		}
	}
	return element{typ: t}
}

// isByte reports whether a type is byte.
func isByte(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Uint8
}

// seqElement is the first type argument of an iter.Seq or iter.Seq2, or nil.
func seqElement(t *types.Named) types.Type {
	o := t.Obj()
	if o.Pkg() == nil || o.Pkg().Path() != "iter" || t.TypeArgs().Len() == 0 {
		return nil
	}
	return t.TypeArgs().At(0)
}

// isContext reports whether a type is context.Context.
func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

// isNamed reports whether a type is the named one of a package.
func isNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

// isError reports whether a type is error.
func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// isBool reports whether a type is a boolean.
func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// isBasic reports whether a type is a basic one without a name of its own: string, int64.
func isBasic(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Basic)
	return ok
}

// namedStruct is a type's name if it is a struct that somebody declared to keep data in.
func namedStruct(t types.Type) (*types.Named, *types.Struct) {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || valueTypes[n.Obj().Pkg().Path()+"."+n.Obj().Name()] {
		return nil, nil
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok || wrapsKey(s) {
		return nil, nil
	}
	return n, s
}

// wrapsKey reports whether a struct is an identifier in a type of its own: struct{ uuid.UUID }.
func wrapsKey(s *types.Struct) bool {
	return s.NumFields() == 1 && s.Field(0).Embedded() && isKeyType(s.Field(0).Type())
}

// valueTypes are structs that stand for one value.
var valueTypes = map[string]bool{
	"time.Time": true, "math/big.Int": true, "math/big.Float": true, "math/big.Rat": true, "net/url.URL": true,
	"net/netip.Addr": true, "net/netip.Prefix": true,
	"database/sql.NullString": true, "database/sql.NullInt64": true, "database/sql.NullInt32": true, "database/sql.NullInt16": true,
	"database/sql.NullBool": true, "database/sql.NullFloat64": true, "database/sql.NullTime": true, "database/sql.NullByte": true,
	"github.com/shopspring/decimal.Decimal": true, "gopkg.in/inf.v0.Dec": true, "github.com/google/uuid.NullUUID": true,
}

// isKeyType reports whether a type can be a key or a part of one: a basic type, a byte array such as a UUID, a time, what has
// a text form, or a type parameter whose values may be one of these.
func isKeyType(t types.Type) bool {
	if plan.BasicInfo(t)&(types.IsString|types.IsInteger|types.IsBoolean) != 0 {
		return true
	}
	if plan.NeedsCodec(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return isByte(u.Elem())
	case *types.Slice:
		return isByte(u.Elem())
	}
	return isNamed(t, "time", "Time") || convert.HasTextForm(t)
}

// derefType is what a pointer type points to, or the type itself.
func derefType(t types.Type) (elem types.Type, pointer bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem(), true
	}
	return t, false
}
