package text

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"
)

// Word is a word that stands in the source: of a directive, or of a //go:generate line.
type Word struct {
	Text string
	Pos  token.Position
}

// SplitComma splits a word at its commas.
func SplitComma(w Word) []Word {
	var parts []Word
	at := w.Pos
	for part := range strings.SplitSeq(w.Text, ",") {
		parts = append(parts, Word{part, at})
		at.Column += len(part) + 1
		at.Offset += len(part) + 1
	}
	return parts
}

// Plural writes a count with its noun.
func Plural(n int, noun string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// And lists names in a sentence.
func And(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// A is a name with the article that it has where it is spoken: a User, an Order, an SSHKey, a URL.
func A(name string) string {
	plain := strings.TrimLeft(name[strings.LastIndexByte(name, '.')+1:], "*[]")
	if strings.LastIndexByte(name, '.') > 0 { // a package is spoken first
		plain = strings.TrimLeft(name, "*[]")
	}
	lower := strings.ToLower(plain)
	begins := func(list ...string) bool {
		return slices.ContainsFunc(list, func(beginning string) bool { return strings.HasPrefix(lower, beginning) })
	}
	spelt := len(plain) > 1 && unicode.IsUpper(rune(plain[0])) && unicode.IsUpper(rune(plain[1])) // letter by letter
	switch {
	case plain == "":
		return "a " + name
	case spelt && strings.ContainsRune("AEFHILMNORSX", rune(plain[0])), !spelt && begins("hour", "honor", "honest", "heir"):
		return "an " + name
	case spelt, begins("use", "usu", "uni", "uri", "url", "uuid", "uti", "eu", "one", "once"):
		return "a " + name
	case begins("a", "e", "i", "o", "u"):
		return "an " + name
	}
	return "a " + name
}
