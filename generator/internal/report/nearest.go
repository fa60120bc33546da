package report

import (
	"fmt"
	"slices"
	"strings"
)

// Nearest is the candidate that a misspelt name most likely meant, or "".
func Nearest(name string, candidates []string) string {
	best, distance := "", len(name)/3+1
	for _, c := range candidates {
		if c == name {
			continue
		}
		if d := editDistance(strings.ToLower(name), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// editDistance counts the edits between two names: a character more, less or another, or two neighbours swapped.
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// Hint is a remedy for an unknown name: the nearest known one, or all of them. What was written is never proposed again.
func Hint(name string, known []string) string {
	known = slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == name || k == "" || k == "_" })
	if len(known) == 0 {
		return "there is none here"
	}
	if best := Nearest(name, known); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "known are: " + strings.Join(known, ", ")
}
