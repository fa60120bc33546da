package kind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// makers are first words of a method that makes a number or an ID, and numbers are last words for what it makes.
var (
	makers  = []string{"next", "new", "generate", "gen", "allocate", "alloc", "reserve", "make"}
	numbers = []string{"id", "uid", "uuid", "number", "sequence", "seq", "serial", "counter"}
)

// makesNumber says why a method likely makes a number or an ID and stores nothing else, as NextID does; "" where nothing says so. Two stores
// would make different ones, and whoever asks stores what it gets under it, by another method.
func makesNumber(in *model.Interface, m *model.Method) string {
	words := text.Camel(m.Name)
	if m.Said.Bad || len(words) < 2 || !slices.Contains(makers, strings.ToLower(words[0])) || !slices.Contains(numbers, strings.ToLower(words[len(words)-1])) ||
		len(m.Required()) > 0 || len(m.NonError()) != 1 || !in.IsKeyType(m.Results[m.NonError()[0]].Type) {
		return ""
	}
	return fmt.Sprintf("it is handed nothing and returns %s, which two stores would make differently; before the cutover the new store's must be ahead of the old one's",
		text.A(strings.ToLower(words[len(words)-1])))
}
