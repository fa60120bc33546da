package touch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
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
		return fmt.Sprintf("%s holds %s, which may be stored as one of its own", text.A(e.Name), text.A(other.Name))
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

// withInside are an entity and the one that it holds.
func withInside(in *model.Interface, m *model.Method, e *model.Entity) []*model.Entity {
	if other := inside(in, m, e); other != nil && isKnown(e) {
		return []*model.Entity{e, other}
	}
	return nil
}

// partOfName is the entity that a write is handed, where its name has words of that entity's name and no others.
func partOfName(_ *model.Interface, m *model.Method, e *model.Entity) []*model.Entity {
	if isKnown(e) && isPartOf(m.Words.Noun, e) {
		return []*model.Entity{e}
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
	compound := strings.HasSuffix(m.Words.Verb, "Or") || strings.HasSuffix(m.Words.Verb, "And") || // what follows is a verb
		len(m.Words.Noun) > 1 && (m.Words.Noun[0] == "Or" || m.Words.Noun[0] == "And")
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

// partApart says that a write changes something of an entity that is no field of it, or that is stored by itself.
func partApart(in *model.Interface, m *model.Method, e *model.Entity) string {
	words := Part(m, e)
	params, results := carriedIn(in, m)
	if len(words) == 0 || m.Said.Key != nil || slices.Contains(results, e) || m.TakesFunction() {
		return ""
	}
	held := isOwnPart(words, e) && slices.Contains(params, e)
	if other := calledSo(in, words, e); other != nil && !held {
		return fmt.Sprintf("its name speaks of %s, which is an entity too", strings.Join(words, ""))
	}
	if isOwnPart(words, e) || m.Trait != verb.Removes && nameLength(append(slices.Clone(m.Words.First), m.Words.Noun...), e) == 0 {
		return "" // what speaks of nothing of the entity is another doubt
	}
	return fmt.Sprintf("its name speaks of %s, which is no field of %s and may be kept beside it", strings.Join(words, ""), text.A(e.Name))
}

// calledSo is the other entity that words begin with, or nil.
func calledSo(in *model.Interface, words []string, e *model.Entity) *model.Entity {
	for _, other := range in.Entities {
		if other != e && calls(words, other) {
			return other
		}
	}
	return nil
}

// withPart are an entity and the one that a write's name speaks of too.
func withPart(in *model.Interface, m *model.Method, e *model.Entity) []*model.Entity {
	other := calledSo(in, Part(m, e), e)
	switch {
	case !isKnown(e):
		return nil
	case other != nil && isKnown(other):
		return []*model.Entity{e, other}
	}
	return []*model.Entity{e}
}
