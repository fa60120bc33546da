package convert_test

import (
	"cmp"
	"flag"
	"fmt"
	"go/scanner"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/generator"
)

var update = flag.Bool("update", false, "write docs/conversions.md's tables anew")

// page is the page that the results stand on, between its marks.
const (
	page  = "../../docs/conversions.md"
	begin = "<!-- go -C test/convert test -update writes this -->\n"
	end   = "<!-- up to here -->\n"
)

// results are what became of all values.
type results struct {
	mu   sync.Mutex
	seen map[place]*outcome
}

// place is a pair of types in a column of a server.
type place struct{ migration, field, ours, theirs, column, server, store string }

// outcome is what became of the values of a pair in one store.
type outcome struct {
	refused, lost bool
	facts         []*fact // in their order
}

// add notes what became of a value: nil if it was refused.
func (r *results) add(try trial, side int, got any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := try.p.columns[side]
	at := place{try.p.m.name, try.p.field.Name, typeText(try.p.field.Type), typeText(c.Go), c.Type, try.p.m.servers[side], [2]string{"old", "new"}[side]}
	if r.seen == nil {
		r.seen = map[place]*outcome{}
	}
	o := r.seen[at]
	if o == nil {
		o = &outcome{}
		r.seen[at] = o
	}
	o.refused = o.refused || got == nil
	o.lost = o.lost || got != nil && !same(reflect.ValueOf(&try.v).Elem().Elem(), reflect.ValueOf(try.p.of(got)))
	_, found := try.p.expected(side, try.v)
	for _, f := range found {
		if !slices.Contains(o.facts, f) {
			o.facts = append(o.facts, f)
		}
	}
}

// typeText writes a type as its package's users do.
func typeText(t reflect.Type) string {
	text := strings.ReplaceAll(strings.ReplaceAll(t.String(), "interface {}", "any"), "uint8", "byte")
	if t.Kind() == reflect.Uint8 {
		text = strings.ReplaceAll(text, "byte", "uint8")
	}
	text = strings.ReplaceAll(text, "struct {}", "struct{}")
	for name := range migrations {
		text = strings.ReplaceAll(text, name+".", "")
	}
	return text
}

// pairs counts the pairs of types in different columns.
func (r *results) pairs() int {
	all := map[place]bool{}
	for at := range r.seen {
		all[place{ours: at.ours, theirs: at.theirs, column: at.column, server: at.server}] = true
	}
	return len(all)
}

// class says what became of the values of a pair.
func (o *outcome) class() string {
	switch {
	case !o.lost && !o.refused:
		return "exact"
	case !o.lost:
		return "checked"
	}
	seen := "lossy, declared"
	for _, f := range o.facts {
		switch {
		case f.unseen:
			return "**lossy, not seen**"
		case f.becomes != nil && !f.declared && !f.copies:
			seen = "lossy, seen"
		}
	}
	return seen
}

// page compares the documentation with the results, or writes it.
func (r *results) page(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	require.True(t, ok && ok2, "%s lacks its marks", page)
	want := before + begin + r.tables(t) + end + after
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	if want != string(text) {
		t.Errorf("%s does not say what was seen. Run: go -C test/convert test -update", page)
	}
}

// tables are the pairs that are converted, and those that are not.
func (r *results) tables(t *testing.T) string {
	rules := rulesOf(t)
	lines := map[string][]string{} // the places of each line
	for at, o := range r.seen {
		var whats []string
		for _, f := range facts { // in the order of the list, whatever was tried first
			if slices.Contains(o.facts, f) && !slices.Contains(whats, f.what) {
				whats = append(whats, f.what)
			}
		}
		line := fmt.Sprintf("| `%s` | `%s` | %s | %%s | %s | %s |", at.ours, at.theirs, rules[place{migration: at.migration, field: at.field, store: at.store}],
			o.class(), cmp.Or(strings.Join(whats, "; "), "–"))
		if where := at.server + " `" + at.column + "`"; !slices.Contains(lines[line], where) {
			lines[line] = append(lines[line], where)
		}
	}
	var w strings.Builder
	fmt.Fprintf(&w, "%d pairs of types in columns of four servers:\n\n| yours | the store's | rule | column | | of the values that hurt |\n|---|---|---|---|---|---|\n", r.pairs())
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		slices.Sort(lines[line])
		fmt.Fprintf(&w, line+"\n", strings.Join(lines[line], ", "))
	}
	fmt.Fprintf(&w, "\nRefused, until a directive or a function settles it:\n\n| yours | the store's | because | say |\n|---|---|---|---|\n")
	for _, line := range refusedPairs(t) {
		fmt.Fprintln(&w, line)
	}
	return w.String()
}

// rulesOf are the rules by which the generator converts each field, by its migration, name and store.
func rulesOf(t *testing.T) map[place]string {
	rules := map[place]string{}
	for name := range migrations {
		explained, err := generator.Explain(t.Context(), generator.Config{Patterns: []string{"./" + name}})
		require.NoError(t, err)
		for _, c := range explained[0].Conversions {
			if _, field, ok := strings.Cut(c.Path, "Value."); ok {
				at := place{migration: name, field: field, store: c.Store}
				if !strings.Contains(rules[at], c.Rule) {
					rules[at] = strings.TrimPrefix(rules[at]+", "+c.Rule, ", ")
				}
			}
		}
	}
	return rules
}

// refusedPairs are the lines of the pairs of package refused.
func refusedPairs(t *testing.T) []string {
	_, err := generator.Generate(t.Context(), generator.Config{Patterns: []string{"./refused"}})
	var faults scanner.ErrorList
	require.ErrorAs(t, err, &faults)
	var lines []string
	for _, fault := range faults {
		what, rest, _ := strings.Cut(fault.Msg, "\n")
		head, why, _ := strings.Cut(strings.TrimPrefix(what, "old store: cannot convert "), ": ")
		_, types, ok := strings.Cut(head, " from ")
		require.True(t, ok, fault.Msg)
		from, to, _ := strings.Cut(types, " to ")
		_, remedy, _ := strings.Cut(rest, "\tsay //dualgen:")
		switch {
		case strings.Contains(rest, "Put.value"):
		case strings.HasPrefix(remedy, "field"): // one directive answers for both ways: one is reported
			from, to = to, from
		default:
			continue // the way back is refused, too
		}
		remedy, _, _ = strings.Cut(remedy, "\n")
		lines = append(lines, fmt.Sprintf("| `%s` | `%s` | %s | `%s` |", from, to, why, remedy))
	}
	slices.Sort(lines)
	return lines
}
