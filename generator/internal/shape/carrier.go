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
	"Error", "Insert", "Mask",
}

// carriersAlone are names that say so even alone.
var carriersAlone = []string{"Options", "Opts", "Params", "Filter", "Filters", "Args", "Cursor", "Criteria", "Pagination", "Count", "Counts", "Stats", "Result", "Response", "Request"}

// IsCarrier reports whether a struct's name says that it isn't an entity: it carries a request, a page, or the like.
func IsCarrier(name string) bool {
	words := text.Camel(name)
	return len(words) > 1 && slices.Contains(carriers, words[len(words)-1]) || slices.Contains(carriersAlone, name)
}

// IsOptions reports whether a carrier's name says that it carries options: how something is done, and not what is stored.
func IsOptions(name string) bool {
	words := text.Camel(name)
	return len(words) > 0 && slices.Contains([]string{"Options", "Opts", "Option", "Config"}, words[len(words)-1])
}

// Inside are the structs that the fields of a carrier hold: the User of a CreateUserRequest. Of a struct that is stored itself,
// and of options, there are none.
func Inside(t types.Type) []types.Type {
	named, s := NamedStruct(t)
	if named == nil || !IsCarrier(named.Obj().Name()) || IsOptions(named.Obj().Name()) {
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

// HoldsChannel reports whether a value of a type is a channel, or a struct with one in a field that others see.
func HoldsChannel(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Chan); ok {
		return true
	}
	elem, _ := Deref(t)
	s, ok := elem.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if _, ok := field.Type().Underlying().(*types.Chan); ok && field.Exported() {
			return true
		}
	}
	return false
}
