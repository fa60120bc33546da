package convert

import (
	"fmt"
	"go/types"
	"strings"
	"unicode"

	"github.com/dualgen/dualgen/generator/plan"
)

// directionWords end the names of conversion functions: userFromOld, userToNew.
func (r request) suffix() string {
	side := strings.ToUpper(r.side()[:1]) + r.side()[1:]
	if r.at.Direction == ToStore {
		return "To" + side
	}
	return "From" + side
}

// structName names the function that converts a struct: for the interface's type, or the field where it has none.
func (p *Planner) structName(r request) string {
	name := typeName(r.ours())
	if name == "" {
		name = r.path[strings.LastIndexByte(r.path, '.')+1:]
	}
	return lowerFirst(name + p.typeArgs(r.ours()) + r.suffix())
}

// optionName names a function between two ways to say that a value is missing: stringPointerFromNullString,
// stringOrZeroFromNullString.
func (p *Planner) optionName(r request, zero bool) string {
	to, from := p.word(r.to), p.word(r.from)
	switch {
	case zero && r.field.Null == "zero":
		to += "OrZero"
	case zero:
		to += "OrDefault"
	}
	if to == from {
		return lowerFirst(to + r.suffix())
	}
	return lowerFirst(to + "From" + from)
}

// enumName names a function between two enums, or from a plain value to one: priorityFromOld, priorityToOld,
// priorityFromString.
func (p *Planner) enumName(r request, from types.Type, pairs []plan.EnumPair) string {
	if to := typeName(r.to); pairs == nil && p.word(from) != to {
		return lowerFirst(to) + "From" + p.word(from)
	}
	return lowerFirst(typeName(r.ours()) + r.suffix())
}

// word writes a type as a part of a name: NullString, StringPointer, UserSlice.
func (p *Planner) word(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return upperFirst(t.Obj().Name()) + p.typeArgs(t)
	case *types.Basic:
		return upperFirst(t.Name())
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Pointer:
		return p.word(t.Elem()) + "Pointer"
	case *types.Slice:
		if types.Identical(t.Elem(), types.Typ[types.Byte]) {
			return "Bytes"
		}
		return plural(p.word(t.Elem()))
	case *types.Array:
		return fmt.Sprint(p.word(t.Elem()), t.Len())
	case *types.Map:
		return p.word(t.Elem()) + "By" + p.word(t.Key())
	}
	return "Value"
}

func plural(word string) string {
	switch {
	case strings.HasSuffix(word, "s"):
		return word + "es"
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ey") && !strings.HasSuffix(word, "ay") && !strings.HasSuffix(word, "oy"):
		return strings.TrimSuffix(word, "y") + "ies"
	default:
		return word + "s"
	}
}

func (p *Planner) typeArgs(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	words := ""
	for arg := range named.TypeArgs().Types() {
		if !isTypeParam(arg) {
			words += p.word(arg)
		}
	}
	return words
}

// lowerFirst turns an exported name into an unexported one: userID, urlPath, id.
func lowerFirst(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}

func upperFirst(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// normal is a name without case and underscores: full_name, FullName and fullName are one.
func normal(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// typeKey tells types apart, as the key of a map.
func typeKey(t types.Type) string { return types.TypeString(types.Unalias(t), nil) }

// key tells conversions apart.
func (p *Planner) key(r request) string {
	return fmt.Sprint(typeKey(r.from), " → ", typeKey(r.to), " ", r.at.Store, r.at.Direction)
}
