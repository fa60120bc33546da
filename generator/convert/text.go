package convert

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// byUUID converts between arrays of 16 bytes, text and bytes.
func (p *Planner) byUUID(r request) (plan.Conv, bool) {
	text, raw := types.Typ[types.String], types.NewSlice(types.Typ[types.Byte])
	switch {
	case is16Bytes(r.from) && is16Bytes(r.to):
		return cast(r.from, r.to), true
	case isUUID(r.from) && isString(r.to):
		return then(plan.Apply{Func: leaf("FormatUUID")}, cast(text, r.to)), true
	case isString(r.from) && isUUID(r.to):
		parse := plan.Apply{
			Func: tryLeaf("ParseUUID"), Types: []types.Type{r.to}, Note: "an error if it is no UUID; upper case becomes lower",
		}
		return then(cast(r.from, text), parse), true
	case is16Bytes(r.from) && isBytes(r.to):
		return then(plan.Apply{Func: leaf("UUIDBytes")}, cast(raw, r.to)), true
	case isBytes(r.from) && is16Bytes(r.to):
		return plan.Apply{
			Func: tryLeaf("UUIDFromBytes"), Types: []types.Type{r.to}, Note: "an error unless there are 16 bytes",
		}, true
	}
	return nil, false
}

// byTimeUUID checks, on its way to a store, that a UUID has the version of one with a time in it.
func (p *Planner) byTimeUUID(r request) (plan.Conv, bool) {
	if r.field.As != "timeuuid" {
		return nil, false
	}
	theirs := r.theirs()
	r.field.As = ""
	switch {
	case !is16Bytes(theirs):
		return p.refuse(r, "as=timeuuid speaks of an array of 16 bytes in the store", "drop as=timeuuid"), true
	case r.at.Direction == FromStore:
		return p.convert(r), true
	}
	return then(p.convert(r), plan.Apply{Func: tryLeaf("TimeUUID"), Note: "an error unless its version is 1"}), true
}

// isUUID says whether t is written as a UUID: 16 bytes, and no text marshaler of another kind of identifier.
func isUUID(t types.Type) bool {
	return is16Bytes(t) && (strings.Contains(strings.ToLower(typeName(t)), "uuid") || !hasMethod(t, "MarshalText"))
}

// textForm says how a type is written as text and read from it.
type textForm struct{ to, from plan.Conv }

// textOf is the text form of a type, if it has one.
func textOf(t types.Type) (textForm, bool) {
	pointer := types.NewPointer(t)
	if elem, ok := pointee(t); ok {
		if !hasMethod(t, "MarshalText") || !hasMethod(t, "UnmarshalText") || hasMethod(elem, "MarshalText") {
			return textForm{}, false
		}
		return textForm{
			to:   plan.Apply{Func: tryLeaf("PointerToText")},
			from: plan.Apply{Func: tryLeaf("PointerFromText"), Types: []types.Type{elem}},
		}, true
	}
	switch {
	case isNamed(t, pgtypePath, "Numeric"):
		return textForm{
			to:   plan.Apply{Func: tryLeaf("ValuerText")},
			from: plan.Apply{Func: tryLeaf("ScanText"), Types: []types.Type{t}},
		}, true
	case hasMethod(t, "MarshalText") && hasMethod(pointer, "UnmarshalText"):
		return textForm{
			to:   plan.Apply{Func: tryLeaf("ToText")},
			from: plan.Apply{Func: tryLeaf("FromText"), Types: []types.Type{t}, Note: "an error if the text is malformed"},
		}, true
	case isString(t):
		text := types.Typ[types.String]
		return textForm{to: cast(t, text), from: cast(text, t)}, true
	}
	return textForm{}, false
}

// byText converts between a type that is written as text and text, and between two such types that are known to write the
// same, or of which a directive says so.
func (p *Planner) byText(r request) (plan.Conv, bool) {
	from, ok := textOf(r.from)
	if !ok || types.Identical(r.from, r.to) {
		return nil, false
	}
	to, ok := textOf(r.to)
	if !ok || isString(r.from) && isString(r.to) {
		return nil, false
	}
	related := isString(r.from) || isString(r.to) || r.field.As == "text" ||
		isOneOf(r.from, decimals) && isOneOf(r.to, decimals) ||
		isOneOf(r.from, addresses) && isOneOf(r.to, addresses)
	if !related {
		return p.refuse(r, "both are written as text, but maybe not in the same form", say("field %s as=text", r.path)), true
	}
	return then(from.to, to.from), true
}

// byPointerText is byText for types that are used by their pointers, such as *big.Int, before pointers are looked through.
func (p *Planner) byPointerText(r request) (plan.Conv, bool) {
	_, fromPointer := pointee(r.from)
	_, toPointer := pointee(r.to)
	if !fromPointer && !toPointer {
		return nil, false
	}
	return p.byText(r)
}

// byBytes converts between text and bytes.
func (p *Planner) byBytes(r request) (plan.Conv, bool) {
	switch {
	case isString(r.from) && isBytes(r.to):
		return plan.Cast{To: r.to}, true
	case isBytes(r.from) && isString(r.to):
		return plan.Lossy{Conv: plan.Cast{To: r.to}, Note: "nil and empty bytes become one"}, true
	}
	return nil, false
}

// byBinary converts between a type with binary marshalers and bytes.
func (p *Planner) byBinary(r request) (plan.Conv, bool) {
	switch {
	case isBytes(r.to) && hasMethod(r.from, "MarshalBinary") && hasMethod(types.NewPointer(r.from), "UnmarshalBinary"):
		return plan.Apply{Func: tryLeaf("ToBinary")}, true
	case isBytes(r.from) && hasMethod(r.to, "MarshalBinary") && hasMethod(types.NewPointer(r.to), "UnmarshalBinary"):
		return plan.Apply{Func: tryLeaf("FromBinary"), Types: []types.Type{r.to}, Note: "an error if the bytes are malformed"}, true
	}
	return nil, false
}

// byJSON converts between a value and its JSON, by directive.
func (p *Planner) byJSON(r request) (plan.Conv, bool) {
	if r.field.As != "json" || types.Identical(r.from, r.to) {
		return nil, false
	}
	bytes := types.NewSlice(types.Typ[types.Byte])
	ours, theirs := r.ours(), r.theirs()
	isText := func(t types.Type) bool { return isString(t) || isBytes(t) }
	switch {
	case isText(ours) && isText(theirs):
		p.lose(r, loss{json: true})
		return nil, false
	case isText(theirs) && mute(ours, map[types.Type]bool{}):
		return p.refuse(r, "JSON knows exported fields only, and here is a struct without any", p.sayConvert(r)), true
	case isText(r.to):
		return then(plan.Apply{Func: tryLeaf("ToJSON")}, cast(bytes, r.to)), true
	case isText(r.from):
		read := plan.Apply{Func: tryLeaf("FromJSON"), Types: []types.Type{r.to}, Note: "an error if it is no JSON of the type"}
		return then(cast(r.from, bytes), read), true
	}
	return nil, false
}

// mute says whether there is a struct in t of which JSON would keep nothing: its fields are unexported, and it has no
// marshaler.
func mute(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] || isTime(t) {
		return false
	}
	seen[t] = true
	pointer := types.NewPointer(t)
	if hasMethod(pointer, "MarshalJSON") || hasMethod(pointer, "MarshalText") || hasMethod(t, "MarshalJSON") || hasMethod(t, "MarshalText") {
		return false
	}
	inside := parts(t)
	if s, ok := t.Underlying().(*types.Struct); ok && s.NumFields() > 0 && len(inside) == 0 {
		return true
	}
	return slices.ContainsFunc(inside, func(part types.Type) bool { return mute(part, seen) })
}
