package proxy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/internal/plan"
)

// digest stands for a text.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// shapeOf describes a type with all that its values hold, so that two that are carried differently are described differently.
func shapeOf(t types.Type) string {
	var b strings.Builder
	describe(&b, t, map[string]bool{})
	return b.String()
}

// itself stands for a type inside itself.
const itself = "^"

// knots reports whether values that are converted may hold themselves.
func knots(form *plan.WireForm) bool {
	return !form.AsIs() && strings.Contains(shapeOf(form.Type), itself)
}

func describe(b *strings.Builder, t types.Type, above map[string]bool) {
	if isExact(t) {
		b.WriteString(t.String())
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		b.WriteString(u.Name())
	case *types.Pointer:
		b.WriteString("*")
		describe(b, u.Elem(), above)
	case *types.Slice:
		b.WriteString("[]")
		describe(b, u.Elem(), above)
	case *types.Array:
		fmt.Fprintf(b, "[%d]", u.Len())
		describe(b, u.Elem(), above)
	case *types.Map:
		b.WriteString("map[")
		describe(b, u.Key(), above)
		b.WriteString("]")
		describe(b, u.Elem(), above)
	case *types.Struct:
		name := t.String()
		if above[name] {
			b.WriteString(itself)
			return
		}
		above[name] = true
		b.WriteString("{")
		for f := range u.Fields() {
			b.WriteString(f.Name() + " ")
			describe(b, f.Type(), above)
			b.WriteString(";")
		}
		b.WriteString("}")
		delete(above, name)
	}
}

// refers reports whether a value refers to memory that the caller shares.
func refers(t types.Type) bool {
	if isExact(t) {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map:
		return true
	case *types.Array:
		return refers(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if refers(f.Type()) {
				return true
			}
		}
	}
	return false
}
