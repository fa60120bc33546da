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
	if promoted(t, "MarshalText") || promoted(t, "UnmarshalText") {
		return textForm{}, false
	}
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
	ours, theirs := r.ours(), r.theirs()
	isText := func(t types.Type) bool { return isString(t) || isBytes(t) }
	if r.field.As == "" && isRawJSON(theirs) && !isText(ours) && !types.IsInterface(ours) {
		if _, option := optionOf(ours); option {
			return nil, false
		}
		p.guess(r)
	} else if r.field.As != "json" || types.Identical(r.from, r.to) {
		return nil, false
	}
	bytes := types.NewSlice(types.Typ[types.Byte])
	switch {
	case isText(ours) && isText(theirs):
		p.lose(r, loss{json: true})
		return nil, false
	case isText(theirs) && mute(ours, map[types.Type]bool{}):
		return p.refuse(r, "JSON knows exported fields only, and here is a struct without any", p.sayConvert(r)), true
	case isText(theirs) && halfJSON(ours, map[types.Type]bool{}):
		return p.refuse(r, "a struct of several fields has its marshaler from one of them, and JSON would keep that field alone", p.sayConvert(r)), true
	case isText(r.to):
		return then(plan.Apply{Func: tryLeaf("ToJSON")}, cast(bytes, r.to)), true
	case isText(r.from):
		return then(cast(r.from, bytes), p.readJSON(r)), true
	}
	return nil, false
}

// readJSON reads a value from JSON. Where the type may keep less than the text holds, it looks whether it does when the value is
// copied or compared, unless a directive says that it may.
func (p *Planner) readJSON(r request) plan.Conv {
	if r.field.Lossy || holdsAllJSON(r.to) {
		note := "an error if it is no JSON of the type"
		if r.field.Lossy {
			note += "; members that the type does not have and numbers that it cannot hold are lost"
		}
		return plan.Apply{Func: tryLeaf("FromJSON"), Types: []types.Type{r.to}, Note: note}
	}
	p.exact = true
	return plan.Apply{
		Func: &plan.FuncRef{Name: "FromJSONExact", Package: convertPackage, Fallible: true, Context: true}, Types: []types.Type{r.to},
		Note: "an error if it is no JSON of the type; in a copy or a comparison also if the type would lose a member or a number",
	}
}

// isRawJSON says whether t is a type that holds JSON and nothing else.
func isRawJSON(t types.Type) bool {
	return isNamed(t, "encoding/json", "RawMessage") || isNamed(t, "github.com/jmoiron/sqlx/types", "JSONText")
}

// holdsAllJSON says whether a type keeps all of any JSON.
func holdsAllJSON(t types.Type) bool { return isRawJSON(t) }

// guess notes that a store's type says by itself that a value is JSON.
func (p *Planner) guess(r request) {
	if _, ok := p.guessed[r.path]; !ok {
		p.guessed[r.path] = r
	}
	p.settleGuess(r.path)
}

// settleGuess asks for as=json in both stores where it must be said for one: it is one directive.
func (p *Planner) settleGuess(path string) {
	if r, ok := p.guessed[path]; ok && p.askedJSON[path] {
		p.refuse(r, "it is JSON by its type here, which must be said of the other store", say("field %s as=json", path))
	}
}

// halfJSON says whether there is a struct in t of which JSON would keep one field alone: its marshaler is promoted from that.
func halfJSON(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] || isTime(t) {
		return false
	}
	seen[t] = true
	if promoted(t, "MarshalJSON") || promoted(t, "UnmarshalJSON") || !hasMethod(t, "MarshalJSON") && promoted(t, "MarshalText") {
		return true
	}
	if hasMethod(t, "MarshalJSON") || hasMethod(t, "MarshalText") {
		return false
	}
	return slices.ContainsFunc(parts(t), func(part types.Type) bool { return halfJSON(part, seen) })
}

// promoted says whether a struct of several fields, or its pointer, has a method from a field embedded in it, or has it by way
// of an embedded pointer, which is nil in a new value.
func promoted(t types.Type, name string) bool {
	if elem, ok := pointee(t); ok {
		t = elem
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	object, index, indirect := types.LookupFieldOrMethod(t, true, nil, name)
	if _, method := object.(*types.Func); !method || len(index) < 2 {
		return false
	}
	return s.NumFields() > 1 || indirect
}

// byPromoted refuses what a marshaler would write that is promoted from one of several fields: it speaks of that field alone.
func (p *Planner) byPromoted(r request) (plan.Conv, bool) {
	for _, pair := range [][2]types.Type{{r.from, r.to}, {r.to, r.from}} {
		half, whole := pair[0], pair[1]
		text := isString(whole) && (promoted(half, "MarshalText") || promoted(half, "UnmarshalText"))
		binary := isBytes(whole) && (promoted(half, "MarshalBinary") || promoted(half, "UnmarshalBinary"))
		if text || binary {
			why := " has its marshaler from a field embedded in it, so that its other fields would be lost"
			if s, ok := half.Underlying().(*types.Struct); ok && s.NumFields() == 1 {
				why = " has its marshaler from an embedded pointer, which is nil in a new value"
			}
			return p.refuse(r, p.text(half)+why, p.saySuited(r)), true
		}
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
