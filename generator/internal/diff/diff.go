// Package diff shows how two texts differ.
package diff

import (
	"fmt"
	"strings"
)

// diffContext is how many unchanged lines a diff shows around a change.
const diffContext = 3

// edit is one line of a diff.
type edit struct {
	kind byte // ' ', '-' or '+'
	line string
}

// Unified is a unified diff between two texts, "" where they are equal.
func Unified(oldName, newName string, old, new []byte) string {
	edits := diffLines(splitLines(string(old)), splitLines(string(new)))
	var b strings.Builder
	oldLine, newLine := 1, 1
	for i := 0; i < len(edits); {
		if edits[i].kind == ' ' {
			i, oldLine, newLine = i+1, oldLine+1, newLine+1
			continue
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "--- %s\n+++ %s\n", oldName, newName)
		}
		start := max(0, i-diffContext)
		end := hunkEnd(edits, i)
		before := i - start
		removed, added := writeHunk(&b, edits[start:end], oldLine-before, newLine-before)
		oldLine, newLine = oldLine-before+removed, newLine-before+added
		i = end
	}
	return b.String()
}

// hunkEnd is where the hunk of a change ends: after the context that follows its last change.
func hunkEnd(edits []edit, i int) int {
	last := i
	for j := i; j < len(edits) && j <= last+2*diffContext; j++ {
		if edits[j].kind != ' ' {
			last = j
		}
	}
	return min(len(edits), last+1+diffContext)
}

// writeHunk writes one hunk and returns how many lines of each text it spans.
func writeHunk(b *strings.Builder, edits []edit, oldLine, newLine int) (removed, added int) {
	for _, e := range edits {
		if e.kind != '+' {
			removed++
		}
		if e.kind != '-' {
			added++
		}
	}
	fmt.Fprintf(b, "@@ -%s +%s @@\n", hunkRange(oldLine, removed), hunkRange(newLine, added))
	for _, e := range edits {
		b.WriteByte(e.kind)
		b.WriteString(e.line)
		if !strings.HasSuffix(e.line, "\n") {
			b.WriteString("\n\\ No newline at end of file\n")
		}
	}
	return removed, added
}

// hunkRange writes the lines that a hunk spans; an empty one stands after the line before it.
func hunkRange(line, count int) string {
	if count == 0 {
		return fmt.Sprintf("%d,0", line-1)
	}
	return fmt.Sprintf("%d,%d", line, count)
}

// splitLines splits a text after each newline.
func splitLines(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// diffLines finds a shortest edit script, by the greedy algorithm of Myers, after equal lines at both ends are set aside.
func diffLines(old, new []string) []edit {
	var head, tail []edit
	for len(old) > 0 && len(new) > 0 && old[0] == new[0] {
		head = append(head, edit{' ', old[0]})
		old, new = old[1:], new[1:]
	}
	for len(old) > 0 && len(new) > 0 && old[len(old)-1] == new[len(new)-1] {
		tail = append(tail, edit{' ', old[len(old)-1]})
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	edits := append(head, myers(old, new)...)
	for i := len(tail) - 1; i >= 0; i-- {
		edits = append(edits, tail[i])
	}
	return edits
}

// myers is the shortest edit script between two lists of lines. reach[k] is how far along old the furthest path on
// diagonal k has come; trace keeps its states for the way back.
func myers(old, new []string) []edit {
	limit := len(old) + len(new)
	reach := map[int]int{1: 0}
	var trace []map[int]int
	for d := 0; d <= limit; d++ {
		state := make(map[int]int, 2*d+3)
		for k, v := range reach {
			state[k] = v
		}
		trace = append(trace, state)
		for k := -d; k <= d; k += 2 {
			x := furthest(reach, k, d)
			for x < len(old) && x-k < len(new) && old[x] == new[x-k] {
				x++
			}
			reach[k] = x
			if x >= len(old) && x-k >= len(new) {
				return backtrack(trace, old, new)
			}
		}
	}
	return nil
}

// furthest is where a path on diagonal k starts its dth edit: from the neighbour that has come further.
func furthest(reach map[int]int, k, d int) int {
	if k == -d || k != d && reach[k-1] < reach[k+1] {
		return reach[k+1]
	}
	return reach[k-1] + 1
}

// backtrack reads the edit script off the traces, from the end.
func backtrack(trace []map[int]int, old, new []string) []edit {
	var reversed []edit
	x, y := len(old), len(new)
	for d := len(trace) - 1; d >= 0; d-- {
		reach, k := trace[d], x-y
		previous := k - 1
		if k == -d || k != d && reach[k-1] < reach[k+1] {
			previous = k + 1
		}
		fromX := reach[previous]
		fromY := fromX - previous
		for x > fromX && y > fromY && x > 0 && y > 0 {
			x, y = x-1, y-1
			reversed = append(reversed, edit{' ', old[x]})
		}
		if d == 0 {
			break
		}
		if x == fromX {
			y--
			reversed = append(reversed, edit{'+', new[y]})
		} else {
			x--
			reversed = append(reversed, edit{'-', old[x]})
		}
	}
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return reversed
}
