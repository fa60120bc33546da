package touch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/generator/plan"
)

// thisEntity shows how to say that a write touches the entity that was found.
func thisEntity(in *model.Interface, m *model.Method, e *model.Entity) string {
	if m.Foreign {
		return "add methods=" + m.Name + " to //dualgen:entity " + e.Name + " above the interface, if it writes that alone, or to each that it writes"
	}
	remedy := "write //dualgen:entity " + e.Name + " above it, if it writes that alone"
	if len(in.Entities) > 1 {
		remedy += "\nor all that it writes: //dualgen:entity " + strings.Join(in.EntityNames(), ",")
	}
	return remedy
}

// twoNouns says that a write's name joins two nouns.
func twoNouns(_ *model.Interface, m *model.Method, e *model.Entity) string {
	for i, word := range m.Words.Noun {
		if strings.EqualFold(word, "by") {
			return ""
		}
		if i > 0 && i < len(m.Words.Noun)-1 && strings.EqualFold(word, "and") && !calls(m.Words.Noun, e) ||
			i > 0 && i < len(m.Words.Noun)-1 && strings.EqualFold(word, "and") && !e.HasField(m.Words.Noun[i+1:]) {
			return "its name speaks of " + strings.Join(m.Words.Noun[:i], "") + " and of " + strings.Join(m.Words.Noun[i+1:], "")
		}
	}
	return ""
}

// entityInside says that a write is handed an entity that holds another one.
func entityInside(in *model.Interface, m *model.Method, e *model.Entity) string {
	if other := inside(in, m, e); other != nil {
		return fmt.Sprintf("a %s holds a %s, which may be stored as one of its own", e.Name, other.Name)
	}
	return ""
}

// inside is the entity that one which a write is handed holds, and that the interface writes by itself too; nil for none.
func inside(in *model.Interface, m *model.Method, e *model.Entity) *model.Entity {
	_, one := e.Param(m, false)
	_, many := e.Param(m, true)
	if !one && !many || m.Trait == verb.Removes || m.Trait == verb.Takes {
		return nil
	}
	for _, other := range in.Entities {
		if other == e || other.Type == nil || !holds(e, other) {
			continue
		}
		written := slices.ContainsFunc(in.Methods, func(w *model.Method) bool {
			_, given := other.Param(w, false)
			return w.Kind == plan.Write && given
		})
		if written {
			return other
		}
	}
	return nil
}

// entityInsideRemedy shows how to say whether what an entity holds is stored by itself.
func entityInsideRemedy(in *model.Interface, m *model.Method, e *model.Entity) string {
	other := inside(in, m, e)
	if m.Foreign {
		return "add methods=" + m.Name + " to //dualgen:entity " + e.Name + " above the interface, and to //dualgen:entity " + other.Name + " if it stores that too"
	}
	return fmt.Sprintf("write //dualgen:entity %s,%s above it, if it stores the %[2]s too\nor //dualgen:entity %[1]s, if it does not", e.Name, other.Name)
}

// otherName says that a write's name speaks of something else than the entity that it is handed.
func otherName(in *model.Interface, m *model.Method, e *model.Entity) string {
	_, one := e.Param(m, false)
	_, many := e.Param(m, true)
	words := qualifier(m, e)
	compound := strings.HasSuffix(m.Words.Verb, "Or") || strings.HasSuffix(m.Words.Verb, "And") // what follows is a verb
	if !one && !many || len(words) == 0 || compound || e.Beside != nil || len(m.Words.First) > 0 || otherNamespace(in, m, e) != "" || namesField(e, words) {
		return ""
	}
	if slices.ContainsFunc(words, func(word string) bool { return strings.EqualFold(word, "by") || strings.EqualFold(word, "for") }) && namesField(e, words[:1]) {
		return ""
	}
	for _, field := range shape.FieldNames(e.Type) { // a part of a field's name: Password of PasswordHash
		if first := text.Camel(field); startsWith(words, field) || len(first) > 0 && strings.EqualFold(first[0], words[0]) {
			return ""
		}
	}
	return "its name speaks of " + strings.Join(words, "")
}
