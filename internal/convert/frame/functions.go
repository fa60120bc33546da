package frame

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// Word writes a type as a part of a name: NullString, StringPointer, UserSlice.
func (p *Frame) Word(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return identifier.UpperFirst(t.Obj().Name()) + p.TypeArgs(t)
	case *types.Basic:
		return identifier.UpperFirst(t.Name())
	case *types.TypeParam:
		return t.Obj().Name()
	case *types.Pointer:
		return p.Word(t.Elem()) + "Pointer"
	case *types.Slice:
		if types.Identical(t.Elem(), types.Typ[types.Byte]) {
			return "Bytes"
		}
		return gotype.Plural(p.Word(t.Elem()))
	case *types.Array:
		return fmt.Sprint(p.Word(t.Elem()), t.Len())
	case *types.Map:
		return p.Word(t.Elem()) + "By" + p.Word(t.Key())
	}
	return "Value"
}

func (p *Frame) TypeArgs(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	words := ""
	for arg := range named.TypeArgs().Types() {
		if !gotype.IsTypeParam(arg) {
			words += p.Word(arg)
		}
	}
	return words
}

// Function allocates a function's name and remembers it under a key, so that its body may call it. mentioned are the types in
// its signature.
func (p *Frame) Function(key, name string, pkgLevel plan.FuncRef, mentioned ...types.Type) *plan.FuncRef {
	ref := &pkgLevel
	ref.Name = p.Name(name)
	ref.TypeParams = plan.TypeParamsIn(mentioned...)
	p.Planned[key] = ref
	return ref
}
