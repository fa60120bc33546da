package model

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// IsRequest reports whether a struct carries what one method is asked to do, and is not what is stored: it has the method's name, nothing
// else of the interface mentions it, and what the name speaks of is a struct that the interface returns: UpdatePost(ctx, *UpdatePost),
// beside GetPost(ctx, id) (*Post, error).
func (in *Interface) IsRequest(m *Method, t types.Type) bool {
	named, _ := shape.NamedStruct(t)
	if named == nil || named.Obj().Name() != m.Name || len(m.Words.Noun) == 0 {
		return false
	}
	returned := false
	for _, other := range in.Methods {
		if other != m && slices.ContainsFunc(other.Mentioned(), func(c types.Type) bool { return types.Identical(c, t) }) {
			return false
		}
		for _, i := range other.NonError() {
			found := shape.ElementOf(other.Results[i].Type).Type
			if types.Identical(found, t) {
				return false
			}
			stored, _ := shape.NamedStruct(found)
			returned = returned || stored != nil && text.SameName(stored.Obj().Name(), strings.Join(m.Words.Noun, ""))
		}
	}
	return returned
}
