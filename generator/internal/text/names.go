// Package text takes names apart and puts them together: the words of an identifier, and words that stand in the source.
package text

import (
	"strings"
	"unicode"
)

// Camel splits an identifier into its words: GetUserByID is Get, User, By, ID.
func Camel(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	for i := 1; i <= len(runes); i++ {
		if i == len(runes) || boundary(runes, i) {
			if word := strings.Trim(string(runes[start:i]), "_"); word != "" {
				words = append(words, word)
			}
			start = i
		}
	}
	return words
}

// boundary reports whether a word begins at i: at an upper-case letter after a lower-case one, at the last letter of a
// run of upper-case ones, and after an underscore. A plural s stays with its initialism: IDs is one word.
func boundary(r []rune, i int) bool {
	switch {
	case r[i-1] == '_':
		return true
	case !unicode.IsUpper(r[i]):
		return false
	case !unicode.IsUpper(r[i-1]):
		return true
	}
	plural := i+1 < len(r) && r[i+1] == 's' && (i+2 == len(r) || unicode.IsUpper(r[i+2]))
	return i+1 < len(r) && unicode.IsLower(r[i+1]) && !plural
}

// LowerFirst is an identifier with its first word in lower case: ID is id, UserID is userID, HTTPCache is httpCache.
func LowerFirst(name string) string {
	words := Camel(name)
	if len(words) == 0 {
		return name
	}
	return strings.ToLower(words[0]) + name[strings.Index(name, words[0])+len(words[0]):]
}

// UpperFirst is an identifier with its first letter in upper case.
func UpperFirst(name string) string {
	if name == "" {
		return name
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// Snake is an identifier in snake case: UserRepository is user_repository.
func Snake(name string) string { return strings.ToLower(strings.Join(Camel(name), "_")) }

// Singular is the singular of an English noun, as far as names of entities need it.
func Singular(noun string) string {
	lower := strings.ToLower(noun)
	for _, rule := range []struct{ plural, singular string }{
		{"ies", "y"}, {"sses", "ss"}, {"shes", "sh"}, {"ches", "ch"}, {"xes", "x"}, {"ss", "ss"}, {"us", "us"}, {"s", ""},
	} {
		if strings.HasSuffix(lower, rule.plural) && len(lower) > len(rule.plural) {
			return noun[:len(noun)-len(rule.plural)] + rule.singular
		}
	}
	return noun
}

// SameName compares names without regard to case and underscores: user_id is UserID.
func SameName(a, b string) bool { return BareName(a) == BareName(b) }

// BareName is a name in lower case without underscores.
func BareName(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
