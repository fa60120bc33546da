package ctl

import (
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// terminal passes text on to a person's screen without what would steer it: keys, causes and names come from elsewhere.
// Lines and tabs pass; what comes from elsewhere goes through line first, so that it makes none.
type terminal struct{ to io.Writer }

// screen reports whether a person's screen is behind it.
func (t terminal) screen() bool {
	file, ok := t.to.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Write implements io.Writer.
func (t terminal) Write(text []byte) (int, error) {
	if _, err := io.WriteString(t.to, escaped(string(text), "\n\t")); err != nil {
		return 0, err
	}
	return len(text), nil
}

// line is text in one line, as a Go string would spell what does not print.
func line(text string) string { return escaped(text, "") }

// escaped escapes what does not print, except for some.
func escaped(text, except string) string {
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
