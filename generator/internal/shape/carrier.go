package shape

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/text"
)

// carriers are endings of names of structs that carry a request or a page, not something that is stored.
var carriers = []string{
	"Options", "Opts", "Option", "Params", "Param", "Filter", "Filters", "Query", "Request", "Response", "Input", "Output", "Patch",
	"Args", "Page", "Cursor", "Config", "Criteria", "Result", "Stats", "Count", "Pagination", "Sort", "Order By", "Range", "Update", "Updates",
	"Error", "Insert",
}

// carriersAlone are names that say so even alone.
var carriersAlone = []string{"Options", "Opts", "Params", "Filter", "Filters", "Args", "Cursor", "Criteria", "Pagination", "Count", "Counts", "Stats", "Result", "Response", "Request"}

// IsCarrier reports whether a struct's name says that it isn't an entity: it carries a request, a page, or the like.
func IsCarrier(name string) bool {
	words := text.Camel(name)
	return len(words) > 1 && slices.Contains(carriers, words[len(words)-1]) || slices.Contains(carriersAlone, name)
}

// Inside are the structs that the fields of a carrier hold: the User of a CreateUserRequest. Of a struct that is stored itself
// there are none.
func Inside(t types.Type) []types.Type {
	named, s := NamedStruct(t)
	if named == nil || !IsCarrier(named.Obj().Name()) {
		return nil
	}
	var found []types.Type
	for field := range s.Fields() {
		if !field.Exported() {
			continue
		}
		if inside, _ := NamedStruct(ElementOf(field.Type()).Type); inside != nil && !IsCarrier(inside.Obj().Name()) {
			found = append(found, ElementOf(field.Type()).Type)
		}
	}
	return found
}
