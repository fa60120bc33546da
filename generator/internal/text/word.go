package text

import (
	"fmt"
	"go/token"
	"strings"
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
