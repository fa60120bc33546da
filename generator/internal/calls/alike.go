package calls

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// alike are those of a store's methods that have the words of one of the interface's for their name, wherever the name of what they are
// about stands: UserSave and SaveUser for Save.
func (c *Stage) alike(i int, d *model.Method, fits []string) []string {
	return slices.DeleteFunc(slices.Clone(fits), func(name string) bool {
		nouns := append(nounsOf(d.Sig), nounsOf(c.In.Stores[i].Signature(name))...)
		own := plainWords(d.Name, nouns)
		return len(own) == 0 || !slices.Equal(own, plainWords(name, nouns))
	})
}

// nounsOf are the words of the names of what a method is handed and returns, in lower case and of one number.
func nounsOf(sig *types.Signature) []string {
	var all []string
	if sig == nil {
		return nil
	}
	for _, t := range append(values(sig.Params()), values(sig.Results())...) {
		if named, _ := shape.NamedStruct(shape.ElementOf(t).Type); named != nil {
			for _, word := range text.Camel(named.Obj().Name()) {
				all = append(all, oneOf(word))
			}
		}
	}
	return all
}

// plainWords are the words of a name without some nouns.
func plainWords(name string, nouns []string) []string {
	var all []string
	for _, word := range text.Camel(name) {
		if word = oneOf(word); !slices.Contains(nouns, word) {
			all = append(all, word)
		}
	}
	return all
}

// oneOf is a word in lower case, without the ending of a plural.
func oneOf(word string) string { return strings.TrimSuffix(strings.ToLower(word), "s") }
