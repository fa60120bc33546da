// Package shape answers questions about types that deciding needs: what a value carries, what can be a key, what serves one call
// only.
package shape

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// Element says how a value of some type carries an entity.
type Element struct {
	Type    types.Type // of the entity, without pointer
	Pointer bool       // the value, or each element, is a pointer
	Many    bool       // a slice, array, map or iterator of them
	Ordered bool       // a slice: elements can be ranged over with their index
}

// ElementOf looks through pointers, slices, maps and iterators.
func ElementOf(t types.Type) Element {
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		if _, again := Deref(u.Elem()); again {
			break // a pointer to a pointer carries nothing that we could reach
		}
		e := ElementOf(u.Elem())
		e.Pointer, e.Ordered = true, false
		return e
	case *types.Slice:
		if IsByte(u.Elem()) {
			break
		}
		e := ElementOf(u.Elem())
		e.Ordered = !e.Many
		e.Many = true
		return e
	case *types.Array:
		if IsByte(u.Elem()) {
			break
		}
		e := ElementOf(u.Elem())
		e.Many = true
		return e
	case *types.Map:
		e := ElementOf(u.Elem())
		e.Many = true
		return e
	case *types.Named:
		if seq := seqElement(u); seq != nil {
			e := ElementOf(seq)
			e.Many = true
			return e
		}
		if slice, ok := u.Underlying().(*types.Slice); ok && !IsByte(slice.Elem()) {
			e := ElementOf(slice)
			return e
		}
	}
	return Element{Type: t}
}

// IsByte reports whether a type is byte.
func IsByte(t types.Type) bool {
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

// IsContext reports whether a type is context.Context.
func IsContext(t types.Type) bool { return IsNamed(t, "context", "Context") }

// IsNamed reports whether a type is the named one of a package.
func IsNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

// IsError reports whether a type is error.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// IsBool reports whether a type is a boolean.
func IsBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// IsBasic reports whether a type is a basic one without a name of its own: string, int64.
func IsBasic(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Basic)
	return ok
}

// NamedStruct is a type's name if it is a struct that somebody declared to keep data in.
func NamedStruct(t types.Type) (*types.Named, *types.Struct) {
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
	return s.NumFields() == 1 && s.Field(0).Embedded() && IsKeyType(s.Field(0).Type())
}

// valueTypes are structs that stand for one value.
var valueTypes = map[string]bool{
	"time.Time": true, "math/big.Int": true, "math/big.Float": true, "math/big.Rat": true, "net/url.URL": true,
	"net/netip.Addr": true, "net/netip.Prefix": true,
	"database/sql.NullString": true, "database/sql.NullInt64": true, "database/sql.NullInt32": true, "database/sql.NullInt16": true,
	"database/sql.NullBool": true, "database/sql.NullFloat64": true, "database/sql.NullTime": true, "database/sql.NullByte": true,
	"github.com/shopspring/decimal.Decimal": true, "gopkg.in/inf.v0.Dec": true, "github.com/google/uuid.NullUUID": true,
}

// IsKeyType reports whether a type can be a key or a part of one: a basic type, a byte array such as a UUID, a time, what has
// a text form, or a type parameter whose values may be one of these.
func IsKeyType(t types.Type) bool {
	if plan.BasicInfo(t)&(types.IsString|types.IsInteger|types.IsBoolean) != 0 {
		return true
	}
	if plan.NeedsCodec(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Array:
		return IsByte(u.Elem())
	case *types.Slice:
		return IsByte(u.Elem())
	}
	return IsNamed(t, "time", "Time") || gotype.HasTextForm(t)
}

// Deref is what a pointer type points to, or the type itself.
func Deref(t types.Type) (elem types.Type, pointer bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem(), true
	}
	return t, false
}

// IsNilable reports whether a value of a type can be a nil pointer or interface. One of a type parameter's can't be asked.
func IsNilable(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// IsKind reports whether a type is a basic one of a kind, without a name of its own.
func IsKind(t types.Type, kind types.BasicKind) bool {
	basic, ok := types.Unalias(t).(*types.Basic)
	return ok && basic.Kind() == kind
}

// IsInteger reports whether a type is a whole number, by whatever name.
func IsInteger(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}

// IsNumber reports whether a type is a number.
func IsNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// IsText reports whether a type is text or bytes. Of type parameters, nobody knows.
func IsText(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		return IsByte(u.Elem())
	}
	return false
}

// Carried is the element that a type carries, or for a function those that it takes and returns.
func Carried(t types.Type) []types.Type {
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		return []types.Type{ElementOf(t).Type}
	}
	var all []types.Type
	for v := range sig.Params().Variables() {
		all = append(all, ElementOf(v.Type()).Type)
	}
	for v := range sig.Results().Variables() {
		all = append(all, ElementOf(v.Type()).Type)
	}
	return all
}

// FieldNames are the names of a struct's fields and of those promoted from embedded structs.
func FieldNames(t types.Type) []string {
	_, s := NamedStruct(t)
	if s == nil {
		return nil
	}
	var names []string
	for field := range s.Fields() {
		if elem, _ := Deref(field.Type()); field.Embedded() {
			names = append(names, FieldNames(elem)...)
		}
		names = append(names, field.Name())
	}
	return names
}

// GetterNames are the names of a type's exported methods that take nothing.
func GetterNames(t types.Type) []string {
	var names []string
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if f, ok := selection.Obj().(*types.Func); ok && f.Exported() && f.Signature().Params().Len() == 0 {
			names = append(names, f.Name())
		}
	}
	return names
}

// Moves reports whether a type has the method of an io.Reader or an io.Writer: name([]byte) (int, error).
func Moves(t types.Type, name string) bool {
	object, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	f, ok := object.(*types.Func)
	if !ok {
		return false
	}
	params, results := f.Signature().Params(), f.Signature().Results()
	if params.Len() != 1 || results.Len() != 2 || !IsKind(results.At(0).Type(), types.Int) || !IsError(results.At(1).Type()) {
		return false
	}
	slice, ok := params.At(0).Type().Underlying().(*types.Slice)
	return ok && IsByte(slice.Elem())
}

// IsStream reports whether a value of a type serves one call only: a channel, a reader or a writer.
func IsStream(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Chan); ok {
		return true
	}
	return Moves(t, "Read") || Moves(t, "Write")
}

// Values are a method's parameters without the first, where that is a context, or its results without the last, where that is
// an error.
func Values(tuple *types.Tuple, first, last bool) []*types.Var {
	list := slices.Collect(tuple.Variables())
	if first {
		list = list[1:]
	}
	if last {
		list = list[:len(list)-1]
	}
	return list
}

// IsTuple reports whether results have exactly these types.
func IsTuple(tuple *types.Tuple, want ...types.Type) bool {
	if tuple.Len() != len(want) {
		return false
	}
	for i, t := range want {
		if !types.Identical(tuple.At(i).Type(), t) {
			return false
		}
	}
	return true
}
