package touch

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// neutralNouns say nothing of what is written.
var neutralNouns = []string{
	"all", "many", "one", "batch", "bulk", "multi", "by", "for", "with", "if", "when", "from", "in", "at", "older", "expired", "old", "stale",
	"before", "after", "ctx", "context", "unused", "everything", "entry", "entries", "item", "items", "collection", "record", "records", "row", "rows", "where", "matching",
}

// neutralKeys are names of parameters that mean the key whatever its field is called.
var neutralKeys = entity.NeutralKeys

// calls reports whether words begin with an entity's name, or with what all methods call it.
func calls(words []string, e *model.Entity) bool {
	return startsWith(words, e.Name) || e.Alias != "" && startsWith(words, e.Alias)
}

// startsWith reports whether words begin with a name, in the singular or the plural.
func startsWith(words []string, name string) bool {
	n := len(text.Camel(name))
	if len(words) < n {
		return false
	}
	said := strings.Join(words[:n], "")
	return text.SameName(said, name) || text.SameName(text.Singular(said), name) || text.SameName(said, name+"s")
}

// isPartOf reports whether each of some words is one of an entity's name.
func isPartOf(words []string, e *model.Entity) bool {
	name := text.Camel(e.Name)
	return len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(name, func(n string) bool { return text.SameName(n, word) || text.SameName(n, text.Singular(word)) })
	})
}

// namesField reports whether words begin with the name of a field of an entity.
func namesField(e *model.Entity, words []string) bool {
	for n := len(words); n > 0; n-- {
		if e.HasField(words[:n]) {
			return true
		}
	}
	return false
}

// isPart reports whether a parameter's name says that it is the key of an entity, or a part of it.
func isPart(e *model.Entity, name string) bool {
	return slices.Contains(neutralKeys, text.BareName(name)) || slices.ContainsFunc(e.Parts, func(p model.KeyField) bool {
		return namesPart(name, e, p.Name) || namesPart(text.Singular(name), e, p.Name)
	})
}

// fitsField reports whether a parameter's name is that of a field of an entity, or ends one.
func fitsField(e *model.Entity, name string) bool {
	return e.HasField([]string{name}) || slices.ContainsFunc(shape.FieldNames(e.Type), func(field string) bool {
		words := text.Camel(field)
		return len(words) > 1 && (text.SameName(words[len(words)-1], name) || text.SameName(words[0], name))
	}) || text.SameName(name, "now") || text.SameName(name, "at")
}

// namesPart reports whether a parameter's name means a part of an entity's key: id, userID or user for User.ID, or for a getter
// GetID.
func namesPart(param string, e *model.Entity, part string) bool {
	part = cmp.Or(strings.TrimPrefix(part, "Get"), part)
	switch {
	case param == "":
		return false
	case text.SameName(param, part), text.SameName(param, e.Name+part):
		return true
	}
	return text.SameName(e.Name+param, part) || len(e.Parts) == 1 && text.SameName(param, e.Name) && text.SameName(part, "ID")
}

// isField reports whether an entity has a field of that name that isn't its key.
func isField(e *model.Entity, name string) bool {
	return slices.ContainsFunc(shape.FieldNames(e.Type), func(field string) bool {
		return text.SameName(field, name) && !slices.ContainsFunc(e.Parts, func(p model.KeyField) bool { return text.SameName(p.Name, field) })
	})
}

// nameLength is how many words of a name the entity's takes at its beginning.
func nameLength(words []string, e *model.Entity) int {
	for _, name := range []string{e.Name, e.Alias} {
		if name != "" && startsWith(words, name) {
			return len(text.Camel(name))
		}
	}
	return 0
}

// endsWith reports whether words end with an entity's name: what stands before it says which.
func endsWith(words []string, e *model.Entity) bool {
	for i := range words {
		if i > 0 && nameLength(words[i:], e) == len(words)-i {
			return true
		}
	}
	return false
}

// isKeyPart reports whether words name the key of an entity, without which there is none.
func isKeyPart(words []string, e *model.Entity) bool {
	said := strings.Join(words, "")
	return slices.Contains(neutralKeys, text.BareName(said)) || slices.ContainsFunc(e.Parts, func(p model.KeyField) bool { return text.SameName(said, p.Name) })
}
