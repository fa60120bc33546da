package touch

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Part are the words of a write's name that speak of something of its entity and not of all of it: Photo of DeleteUserPhoto, Tag of
// RemoveTagFromUser. They are nil where the name says no more than the entity, which of them (DeleteTrialUser), how (DeleteUserTx), or by
// what (DeleteUserByName), and where a directive says that it deletes.
func Part(m *model.Method, e *model.Entity) []string {
	if m.Kind != plan.Write || m.Said.Kind != nil && m.Delete || e == nil || e.Type == nil || e.Beside != nil || m.Trait == verb.Creates || m.Trait == verb.Takes {
		return nil
	}
	words, from := beforeClause(append(slices.Clone(m.Words.First), m.Words.Noun...))
	for len(words) > 0 && slices.Contains(neutralNouns, strings.ToLower(words[0])) {
		words = words[1:]
	}
	n := nameLength(words, e)
	switch {
	case n > 0 && n == len(words) && m.Trait == verb.Removes && len(from) > 0 && !calls(from, e) && !isPlace(from[0]):
		return from // RemoveUserFromTeam
	case n > 0:
		words = words[n:]
	case isPartOf(words, e), endsWith(words, e):
		return nil
	}
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		return slices.Contains(adverbs, strings.ToLower(word)) || slices.Contains(neutralNouns, strings.ToLower(word))
	})
	if len(words) == 0 || isKeyPart(words, e) || !isHandedOne(m, e) {
		return nil
	}
	return words
}

// isHandedOne reports whether a write is handed an entity, or what may be the key of one by its name: DeleteSection(section) is not.
func isHandedOne(m *model.Method, e *model.Entity) bool {
	_, one := e.Param(m, false)
	_, many := e.Param(m, true)
	return one || many || slices.ContainsFunc(m.Required(), func(i int) bool {
		name := m.SourceName(i)
		return name == "" || isPart(e, name) || isPart(e, text.Singular(name))
	})
}

// IsOfPart makes a write that removes something of its entity a change of that: what is left of the entity is to be copied.
func IsOfPart(m *model.Method) bool {
	if m.Trait != verb.Removes && m.Trait != verb.Whole {
		return false
	}
	words := Part(m, m.Owner)
	switch {
	case len(words) == 0:
		return false
	case m.Trait == verb.Whole: // StoreCRL stores a CertificateRevocationList
		return isOwnPart(words, m.Owner) || nameLength(append(slices.Clone(m.Words.First), m.Words.Noun...), m.Owner) > 0
	}
	return m.Said.Key == nil || isOwnPart(words, m.Owner)
}

// clauseWords begin the part of a write's name that says which, by what, when or how.
var clauseWords = []string{
	"by", "for", "with", "in", "of", "where", "from", "between", "if", "when", "older", "before", "after", "to", "at", "as", "on", "and", "or", "since",
	"until", "than", "not", "unless", "into", "under", "over", "via", "using", "per", "without", "within",
}

// beforeClause are the words of a name before its first clause, and those behind a "from" that begins it.
func beforeClause(words []string) (before, from []string) {
	i := slices.IndexFunc(words, func(word string) bool { return slices.Contains(clauseWords, strings.ToLower(word)) })
	switch {
	case i < 0:
		return words, nil
	case strings.EqualFold(words[i], "from"):
		return words[:i], words[i+1:]
	}
	return words[:i], nil
}

// adverbs say how something is done, or call the entity by a word for all that is stored.
var adverbs = []string{
	"permanently", "completely", "entirely", "forever", "hard", "soft", "softly", "now", "cascade", "cascading", "async", "sync", "tx", "txn", "transaction", "safe", "safely",
	"forced", "force", "atomic", "atomically", "idempotent", "object", "model", "entity", "document", "doc", "instance", "info", "details", "data", "only",
	"status", "state", "metadata", "meta",
}

// isPlace reports whether a word behind a "from" says where everything is kept.
func isPlace(word string) bool {
	return slices.Contains([]string{"cache", "store", "storage", "db", "database", "disk", "memory", "index", "table", "repository", "repo"}, strings.ToLower(word))
}

// isOwnPart reports whether words name a field of an entity, or begin or end the name of one: Password of PasswordHash.
func isOwnPart(words []string, e *model.Entity) bool {
	if namesField(e, words) || fitsField(e, strings.Join(words, "")) || fitsField(e, text.Singular(strings.Join(words, ""))) {
		return true
	}
	return slices.ContainsFunc(shape.FieldNames(e.Type), func(field string) bool {
		first := text.Camel(field)
		return startsWith(words, field) || len(first) > 0 && text.SameName(first[0], text.Singular(words[0]))
	})
}
