package kind

import (
	"slices"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/verb"
)

// settleTwoVerbs asks, or proposes a read where the second verb is rather a noun: a Last Update that is returned, a Create that is set, too; or
// where the first verb asks whether something may be done: IsPutPermitted.
func settleTwoVerbs(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	words := verb.Writes(m.Words)
	if len(words) != 1 || m.TakesOnce() {
		return askWrite(in, m, d, why)
	}
	returns := len(m.NonError()) > 0
	switch word := words[0]; {
	case isPredicate(m) && (returns || isPermission(m)), returns && (isNounWithin(m, word) || isNounLast(m, word) || isSet(in, m)):
		return proposeRead(in, m, d, why)
	}
	return askWrite(in, m, d, why)
}

// isPredicate reports whether a read says yes or no.
func isPredicate(m *model.Method) bool {
	return slices.Contains([]string{"Is", "Are", "Has", "Have", "Can"}, m.Words.Verb)
}

// isPermission reports whether a read's name ends with a word for what may be done. Its error is its answer.
func isPermission(m *model.Method) bool {
	last := m.Words.Noun[len(m.Words.Noun)-1]
	return slices.Contains([]string{"Permitted", "Allowed", "Authorized", "Granted"}, last)
}

// isNounWithin reports whether the verb of a write stands between other words of a read's name, as a part of a noun does:
// GetAppStateSyncKey.
func isNounWithin(m *model.Method, word string) bool {
	i := slices.Index(m.Words.Noun, word)
	return i > 0 && i < len(m.Words.Noun)-1 && slices.Contains([]string{"Get", "Find", "Fetch", "Load", "List", "Read"}, m.Words.Verb)
}

// isNounLast reports whether the verb of a write ends a read's name of several words: GetLastUpdate.
func isNounLast(m *model.Method, word string) bool {
	several := len(m.Words.Noun) > 1 || m.Words.Verb == "GetLast" || m.Words.Verb == "GetFirst"
	return several && m.Words.Noun[len(m.Words.Noun)-1] == word
}

// isSet reports whether what a read is named for is set by another method, as things are: SetCreate beside GetCreate.
func isSet(in *model.Interface, m *model.Method) bool {
	return slices.ContainsFunc(in.Methods, func(other *model.Method) bool {
		return other.Words.Verb == "Set" && slices.Equal(other.Words.Noun, m.Words.Noun)
	})
}
