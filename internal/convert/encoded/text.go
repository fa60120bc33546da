// Package encoded plans conversions of values that a store keeps as text or bytes: UUIDs, text and binary marshalers, JSON.
package encoded

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// UUID converts between arrays of 16 bytes, text and bytes.
func UUID(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	text, raw := types.Typ[types.String], types.NewSlice(types.Typ[types.Byte])
	switch {
	case gotype.Is16Bytes(r.From) && gotype.Is16Bytes(r.To):
		return build.Cast(r.From, r.To), true
	case gotype.IsUUID(r.From) && gotype.IsString(r.To):
		return build.Then(plan.Apply{Func: build.Leaf("FormatUUID")}, build.Cast(text, r.To)), true
	case gotype.IsString(r.From) && gotype.IsUUID(r.To):
		parse := plan.Apply{
			Func: build.TryLeaf("ParseUUID"), Types: []types.Type{r.To}, Note: "an error if it is no UUID; upper case becomes lower",
		}
		return build.Then(build.Cast(r.From, text), parse), true
	case gotype.Is16Bytes(r.From) && gotype.IsBytes(r.To):
		return build.Then(plan.Apply{Func: build.Leaf("UUIDBytes")}, build.Cast(raw, r.To)), true
	case gotype.IsBytes(r.From) && gotype.Is16Bytes(r.To):
		return plan.Apply{
			Func: build.TryLeaf("UUIDFromBytes"), Types: []types.Type{r.To}, Note: "an error unless there are 16 bytes",
		}, true
	}
	return nil, false
}

// TimeUUID checks, on its way to a store, that a UUID has the version of one with a time in it.
func TimeUUID(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if r.Field.As != "timeuuid" {
		return nil, false
	}
	theirs := r.Theirs()
	r.Field.As = ""
	switch {
	case gotype.IsString(theirs), gotype.IsBytes(theirs): // only the other store has such a column
		return p.Convert(r), true
	case !gotype.Is16Bytes(theirs):
		return p.Refuse(r, "as=timeuuid speaks of an array of 16 bytes in the store", "drop as=timeuuid"), true
	case r.At.Direction == given.FromStore:
		return p.Convert(r), true
	}
	return build.Then(p.Convert(r), plan.Apply{Func: build.TryLeaf("TimeUUID"), Note: "an error unless its version is 1"}), true
}

// Text converts between a type that is written as text and text, and between two such types that are known to write the
// same, or of which a directive says so.
func Text(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, ok := build.TextOf(r.From)
	if !ok || types.Identical(r.From, r.To) {
		return nil, false
	}
	to, ok := build.TextOf(r.To)
	if !ok || gotype.IsString(r.From) && gotype.IsString(r.To) {
		return nil, false
	}
	related := gotype.IsString(r.From) || gotype.IsString(r.To) || r.Field.As == "text" ||
		gotype.IsOneOf(r.From, gotype.Decimals) && gotype.IsOneOf(r.To, gotype.Decimals)
	if !related {
		return p.Refuse(r, "both are written as text, but maybe not in the same form", fault.Say("field %s as=text", r.Path)), true
	}
	return build.Then(from.To, to.From), true
}

// Address converts between the two types of IP addresses.
func Address(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	isAddr := func(t types.Type) bool { return gotype.IsNamed(t, "net/netip", "Addr") }
	isIP := func(t types.Type) bool { return gotype.IsNamed(t, "net", "IP") }
	switch {
	case isAddr(r.From) && isIP(r.To):
		return plan.Apply{Func: build.TryLeaf("IPFromAddr"), Note: "an error if it has a zone, or is an IPv4 address in the form of an IPv6 address"}, true
	case isIP(r.From) && isAddr(r.To):
		return plan.Apply{Func: build.TryLeaf("AddrFromIP"), Note: "an error unless there are 4 or 16 bytes"}, true
	}
	return nil, false
}

// PointerText is byText for types that are used by their pointers, such as *big.Int, before pointers are looked through.
func PointerText(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	_, fromPointer := gotype.Pointee(r.From)
	_, toPointer := gotype.Pointee(r.To)
	if !fromPointer && !toPointer {
		return nil, false
	}
	return Text(p, r)
}

// Bytes converts between text and bytes.
func Bytes(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	switch {
	case gotype.IsString(r.From) && gotype.IsBytes(r.To):
		return plan.Cast{To: r.To}, true
	case gotype.IsBytes(r.From) && gotype.IsString(r.To):
		return plan.Lossy{Conv: plan.Cast{To: r.To}, Note: "nil and empty bytes become one"}, true
	}
	return nil, false
}

// Binary converts between a type with marshalers and bytes. Bytes may hold the text of a value, as a driver hands out a decimal, or
// its binary form: of a type that has both, a directive says which.
func Binary(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	value := r.From
	if gotype.IsBytes(r.From) {
		value = r.To
	} else if !gotype.IsBytes(r.To) {
		return nil, false
	}
	binary := gotype.HasMethod(value, "MarshalBinary") && gotype.HasMethod(types.NewPointer(value), "UnmarshalBinary")
	form, text := build.TextOf(value)
	text = text && !gotype.IsString(value)
	switch {
	case text && r.Field.As == "text":
		return textBytes(r, form), true
	case text && binary && r.Field.As != "binary":
		return p.Refuse(r, "the bytes may hold its text or its binary form", fault.Say("field %s as=text (or as=binary)", r.Path)), true
	case binary && gotype.IsBytes(r.To):
		return build.Then(plan.Apply{Func: build.TryLeaf("ToBinary")}, build.Cast(types.NewSlice(types.Typ[types.Byte]), r.To)), true
	case binary:
		return plan.Apply{Func: build.TryLeaf("FromBinary"), Types: []types.Type{r.To}, Note: "an error if the bytes are malformed"}, true
	}
	return nil, false
}

// textBytes converts between a value and the bytes of its text.
func textBytes(r rule.Request, form build.TextForm) plan.Conv {
	if gotype.IsBytes(r.To) {
		return build.Then(form.To, plan.Cast{To: r.To})
	}
	return build.Then(plan.Cast{To: types.Typ[types.String]}, form.From)
}

// JSON converts between a value and its JSON, by directive.
func JSON(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	ours, theirs := r.Ours(), r.Theirs()
	isText := func(t types.Type) bool { return gotype.IsString(t) || gotype.IsBytes(t) }
	if r.Field.As == "" && isRawJSON(theirs) && !isText(ours) && !types.IsInterface(ours) {
		if _, option := build.OptionOf(ours); option {
			return nil, false
		}
		p.Guess(r)
	} else if r.Field.As != "json" || types.Identical(r.From, r.To) {
		return nil, false
	}
	bytes := types.NewSlice(types.Typ[types.Byte])
	switch {
	case isText(ours) && isText(theirs):
		p.Lose(r.Path, frame.Loss{Json: true})
		return nil, false
	case isText(theirs) && mute(ours, map[types.Type]bool{}):
		return p.Refuse(r, "JSON knows exported fields only, and here is a struct without any", p.SayConvert(r)), true
	case isText(theirs) && halfJSON(ours, map[types.Type]bool{}):
		return p.Refuse(r, "a struct of several fields has its marshaler from one of them, and JSON would keep that field alone", p.SayConvert(r)), true
	case isText(r.To):
		return build.Then(plan.Apply{Func: build.TryLeaf("ToJSON")}, build.Cast(bytes, r.To)), true
	case isText(r.From):
		return build.Then(build.Cast(r.From, bytes), readJSON(p, r)), true
	}
	return nil, false
}

// readJSON reads a value from JSON. Where the type may keep less than the text holds, it looks whether it does when the value is
// copied or compared, unless a directive says that it may.
func readJSON(p *rule.Planner, r rule.Request) plan.Conv {
	if r.Field.Lossy || holdsAllJSON(r.To) {
		note := "an error if it is no JSON of the type"
		if r.Field.Lossy {
			note += "; members that the type does not have and numbers that it cannot hold are lost"
		}
		return plan.Apply{Func: build.TryLeaf("FromJSON"), Types: []types.Type{r.To}, Note: note}
	}
	p.Exact = true
	return plan.Apply{
		Func: &plan.FuncRef{Name: "FromJSONExact", Package: build.ConvertPackage, Fallible: true, Context: true}, Types: []types.Type{r.To},
		Note: "an error if it is no JSON of the type; in a copy or a comparison also if the type would lose a member or a number",
	}
}

// isRawJSON says whether t is a type that holds JSON and nothing else.
func isRawJSON(t types.Type) bool {
	return gotype.IsNamed(t, "encoding/json", "RawMessage") || gotype.IsNamed(t, "github.com/jmoiron/sqlx/types", "JSONText")
}

// holdsAllJSON says whether a type keeps all of any JSON.
func holdsAllJSON(t types.Type) bool { return isRawJSON(t) }

// halfJSON says whether there is a struct in t of which JSON would keep one field alone: its marshaler is promoted from that.
func halfJSON(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] || gotype.IsTime(t) {
		return false
	}
	seen[t] = true
	if gotype.Promoted(t, "MarshalJSON") || gotype.Promoted(t, "UnmarshalJSON") || !gotype.HasMethod(t, "MarshalJSON") && gotype.Promoted(t, "MarshalText") {
		return true
	}
	if gotype.HasMethod(t, "MarshalJSON") || gotype.HasMethod(t, "MarshalText") {
		return false
	}
	return slices.ContainsFunc(gotype.Parts(t), func(part types.Type) bool { return halfJSON(part, seen) })
}

// Promoted refuses what a marshaler would write that is promoted from one of several fields: it speaks of that field alone.
func Promoted(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	for _, pair := range [][2]types.Type{{r.From, r.To}, {r.To, r.From}} {
		half, whole := pair[0], pair[1]
		text := gotype.IsString(whole) && (gotype.Promoted(half, "MarshalText") || gotype.Promoted(half, "UnmarshalText"))
		binary := gotype.IsBytes(whole) && (gotype.Promoted(half, "MarshalBinary") || gotype.Promoted(half, "UnmarshalBinary"))
		if text || binary {
			why := " has its marshaler from a field embedded in it, so that its other fields would be lost"
			if s, ok := half.Underlying().(*types.Struct); ok && s.NumFields() == 1 {
				why = " has its marshaler from an embedded pointer, which is nil in a new value"
			}
			return p.Refuse(r, p.Text(half)+why, p.SaySuited(r)), true
		}
	}
	return nil, false
}

// mute says whether there is a struct in t of which JSON would keep nothing: its fields are unexported, and it has no
// marshaler.
func mute(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] || gotype.IsTime(t) {
		return false
	}
	seen[t] = true
	pointer := types.NewPointer(t)
	if gotype.HasMethod(pointer, "MarshalJSON") || gotype.HasMethod(pointer, "MarshalText") || gotype.HasMethod(t, "MarshalJSON") || gotype.HasMethod(t, "MarshalText") {
		return false
	}
	inside := gotype.Parts(t)
	if s, ok := t.Underlying().(*types.Struct); ok && s.NumFields() > 0 && len(inside) == 0 {
		return true
	}
	return slices.ContainsFunc(inside, func(part types.Type) bool { return mute(part, seen) })
}
