package outlook

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line is text in one line, as a Go string would spell what does not print.
func Line(text string) string { return Escaped(text, "") }

// Escaped escapes what does not print, except for some.
func Escaped(text, except string) string {
	steers := func(r rune) bool { return !unicode.IsPrint(r) && !strings.ContainsRune(except, r) }
	if utf8.ValidString(text) && !strings.ContainsFunc(text, steers) {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if r == utf8.RuneError && size == 1 || steers(r) {
			quoted := strconv.Quote(text[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}
