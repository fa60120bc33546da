// Package identifier takes identifiers apart and changes their case, for names that code is generated with: one rule for all of them.
package identifier

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
