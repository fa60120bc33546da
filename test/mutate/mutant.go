package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// mutant is one change of one file: the bytes from Start to End are replaced by Text, in which the change is made only if
// its switch is on.
type mutant struct {
	ID         int    // of its switch, within its round
	Path, File string // absolute; below runtime/
	Func       string
	Op         string
	Old        string // the source that is changed, shortened
	Nth        int    // of the mutants of the file that are equal in all of this
	Line       int
	Start, End int
	Text       func(on string) string
}

// Name identifies the mutant as long as the code that it changes stays as it is, wherever that stands in its function.
func (m *mutant) Name() string {
	name := fmt.Sprintf("%s %s %s: %s", m.File, m.Func, m.Op, m.Old)
	if m.Nth > 0 {
		name += fmt.Sprintf(" #%d", m.Nth+1)
	}
	return name
}

// on is the switch as Go.
func (m *mutant) on() string { return fmt.Sprintf("mutantOn(%d)", m.ID) }

// short is source on one line.
func short(source string) string {
	line := strings.Join(strings.Fields(source), " ")
	if runes := []rune(line); len(runes) > 90 {
		return string(runes[:90]) + "…"
	}
	return line
}

// rounds divides mutants so that no two of a round overlap, and gives them the numbers of their switches.
func rounds(mutants []*mutant) [][]*mutant {
	sorted := slices.Clone(mutants)
	slices.SortFunc(sorted, func(a, b *mutant) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var all [][]*mutant
	for len(sorted) > 0 {
		var round, rest []*mutant
		for _, m := range sorted {
			if len(round) > 0 && round[len(round)-1].Path == m.Path && m.Start < round[len(round)-1].End {
				rest = append(rest, m)
				continue
			}
			m.ID = len(round) + 1
			round = append(round, m)
		}
		all, sorted = append(all, round), rest
	}
	return all
}
