package generator

import (
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// reports collects the diagnostics of a run. Each says what is wrong and, on indented lines below, what would put it
// right.
type reports struct {
	list scanner.ErrorList
}

// add reports what is wrong at a position, and the remedy.
func (r *reports) add(pos token.Position, what, remedy string) {
	msg := what
	for line := range strings.SplitSeq(remedy, "\n") {
		if line != "" {
			msg += "\n\t" + line
		}
	}
	r.list.Add(pos, msg)
}

// addf is add with a formatted description.
func (r *reports) addf(pos token.Position, remedy, format string, args ...any) {
	r.add(pos, fmt.Sprintf(format, args...), remedy)
}

// any reports whether something was reported.
func (r *reports) any() bool { return len(r.list) > 0 }

// err is the sorted list of everything that was reported, each fault once, or nil.
func (r *reports) err() error {
	r.list.Sort()
	r.list = slices.CompactFunc(r.list, func(a, b *scanner.Error) bool { return *a == *b })
	return r.list.Err()
}

// nearest is the candidate that a misspelt name most likely meant, or "".
func nearest(name string, candidates []string) string {
	best, distance := "", len(name)/3+1
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(name), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// editDistance counts the single-character edits between two names.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// hint is a remedy for an unknown name: the nearest known one, or all of them.
func hint(name string, known []string) string {
	if best := nearest(name, known); best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return "known are: " + strings.Join(known, ", ")
}
