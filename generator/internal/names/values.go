package names

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// OfResult is the wanted name of a method's result.
func OfResult(method string, sig *types.Signature, v *types.Var) string {
	switch t := v.Type(); {
	case v.Name() != "" && v.Name() != "_":
		return v.Name()
	case shape.IsError(t):
		return "err"
	case shape.IsBool(t):
		return "found"
	case shape.IsBasic(t) && basicHas(t, types.IsInteger) && counts(method):
		return "count"
	case shape.IsBasic(t) && basicHas(t, types.IsString) && continues(sig):
		return "next"
	}
	return typeWord(v.Type())
}

// counts reports whether a method's name says that it counts.
func counts(method string) bool {
	return slices.ContainsFunc(text.Camel(method), func(word string) bool { return strings.EqualFold(word, "count") })
}

// continues reports whether a method is told where to go on: its string says where the next call does.
func continues(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		name := strings.ToLower(v.Name())
		if slices.ContainsFunc([]string{"cursor", "after", "token"}, func(s string) bool { return strings.HasSuffix(name, s) }) {
			return true
		}
	}
	return false
}

// typeWord is a name for a value of a type: user for *User, users for []User, n for an int.
func typeWord(t types.Type) string {
	if isBasicSlice(t) {
		return "list"
	}
	e := shape.ElementOf(t)
	named, ok := types.Unalias(e.Type).(*types.Named)
	if !ok {
		return plainWord(e)
	}
	object := named.Obj()
	name := text.LowerFirst(object.Name())
	switch {
	case isTime(named) && !e.Many:
		return "at"
	case object.Name() == "UUID" && !e.Many:
		return "id"
	case object.Name() == "UUID":
		return "ids"
	case e.Many:
		return name + "s"
	case object.Pkg() != nil && object.Pkg().Name() == name: // which would hide the package
		return name[:1]
	}
	return name
}

// isTime reports whether a type is time.Time.
func isTime(t types.Type) bool { return shape.IsNamed(t, "time", "Time") }

// isBasicSlice reports whether a type is a slice of plain values, such as []string, but not of bytes.
func isBasicSlice(t types.Type) bool {
	slice, ok := types.Unalias(t).(*types.Slice)
	return ok && shape.IsBasic(slice.Elem()) && !shape.IsByte(slice.Elem())
}

// plainWord is a name for a value whose type has none.
func plainWord(e shape.Element) string {
	if e.Many {
		return "list"
	}
	switch u := types.Unalias(e.Type).(type) {
	case *types.Slice, *types.Array: // of bytes
		return "data"
	case *types.Map:
		return "m"
	case *types.Signature:
		return "f"
	case *types.TypeParam:
		return text.LowerFirst(u.Obj().Name())
	case *types.Basic:
		if word := basicWord(u); word != "" {
			return word
		}
	}
	return "v"
}

// basicWord is a name for a plain value.
func basicWord(t types.Type) string {
	words := []struct {
		info types.BasicInfo
		word string
	}{
		{types.IsString, "s"}, {types.IsInteger, "n"}, {types.IsFloat, "x"}, {types.IsBoolean, "ok"},
	}
	for _, w := range words {
		if basicHas(t, w.info) {
			return w.word
		}
	}
	return ""
}

// basicHas reports whether a type is a basic one of a kind.
func basicHas(t types.Type, info types.BasicInfo) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&info != 0
}
