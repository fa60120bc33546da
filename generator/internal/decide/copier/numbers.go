package copier

import (
	"fmt"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// saves are verbs of what stores an entity whole and may tell by the key whether it is new: 0 inserts, anything else updates. Put and Set
// say that the entity stands under its key afterwards.
var saves = []string{"Save", "Store", "Write"}

// mayNumber says why a method that stores a whole entity may store no copy of one, and what to write then; "" where nothing speaks
// against it. A copy has a key that the other store made. A method that makes keys may only update where there is one, and a copy is of
// an entity that is not there yet.
func mayNumber(in *model.Interface, e *model.Entity, c candidate) (why, remedy string) {
	m := c.method
	if !slices.Contains(saves, m.Words.Verb) || !entity.IsNumbered(e) {
		return "", ""
	}
	switch create := createOf(in, e); {
	case create != nil && numbers(e, create):
		return fmt.Sprintf("%s may change only one that is there, since %s may make their keys", m.Name, create.Name), numbersRemedy(in, e, m)
	case create == nil && (m.Key.MayBeMade && !m.Key.Untold || m.Key.Form.Made()):
		return fmt.Sprintf("%s may make the key where it is 0, and change only one that is there where it is not", m.Name), numbersRemedy(in, e, m)
	}
	return "", ""
}

// createOf is a method that creates entities, one that makes their keys before others; nil where there is none.
func createOf(in *model.Interface, e *model.Entity) (create *model.Method) {
	for _, m := range in.Methods {
		if m.Owner == e && m.Kind == plan.Write && m.Trait == verb.Creates && (create == nil || numbers(e, m)) {
			create = m
		}
	}
	return create
}

// numbersRemedy says what to look for, and what to write where a method that may number stores no copy.
func numbersRemedy(in *model.Interface, e *model.Entity, m *model.Method) string {
	put := saidRole{model.Put, text.Word{Text: "put" + e.Name}}
	remedy := fmt.Sprintf("that is right if %s stores one that is not there under the %s that it has", m.Name, e.PartNames()) +
		fmt.Sprintf("\nif it only changes one that is there, let put= name what stores any, a method that both stores have beside it or a function over a store: put=%s, and %s", put.word.Text, functionFor(in, e, put))
	if i, ok := e.Param(m, false); ok && m.Key.MayBeMade && !m.Key.Untold {
		remedy += fmt.Sprintf("\nif %s makes another %s for one that has one, write %s, too", m.Name, e.PartNames(),
			m.Directive("key", "out", m.NameOf(i)+"."+e.Parts[0].Name)+" "+m.PlaceByName())
	}
	return remedy
}

// numbers reports whether a create may make the key of what it stores by counting: the key is an integer, and is read after the call.
func numbers(e *model.Entity, create *model.Method) bool {
	return create.Key.Form.Made() && len(e.Parts) == 1 && shape.IsInteger(e.Parts[0].Type)
}
