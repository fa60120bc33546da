package rule

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
)

// fieldLines are the directives that say which fields of the stores hold those of one struct, one for each field.
type fieldLines struct {
	ours   string
	order  []string
	names  map[string][2]string // by field: the stores' names, ? for one that nobody knows
	words  map[string][]string  // what must be said beside
	taken  map[string]bool      // by field: a name is what is left, and no more
	open   bool                 // some are not known
	counts bool                 // a unit is said
}

func newFieldLines(ours string) *fieldLines {
	return &fieldLines{ours: ours, names: map[string][2]string{}, words: map[string][]string{}, taken: map[string]bool{}}
}

// fill fills in one store's names, where one alone is like the field's. It returns the fields of the store that are left, and whether
// some of the interface's are too.
func (l *fieldLines) fill(u *Unpaired) (rest []string, blank bool) {
	if len(u.Extra) == 0 {
		return nil, false
	}
	for _, f := range u.Fields {
		if !slices.Contains(l.order, f.Name) {
			l.order = append(l.order, f.Name)
		}
	}
	taken := map[string]bool{}
	for _, like := range []func(a, b string) bool{within, near} {
		for _, f := range u.Fields {
			if l.names[f.Name][u.At.Store] != "" {
				continue
			}
			if s, ok := l.only(u, f, taken, like); ok {
				taken[s.Name] = true
				l.set(f.Name, u.At.Store, s)
			}
		}
	}
	l.fillLast(u, taken)
	for _, f := range u.Fields {
		if l.names[f.Name][u.At.Store] == "" {
			l.set(f.Name, u.At.Store, Suited{Name: "?"})
			l.open, blank = true, true
		}
	}
	return slices.DeleteFunc(slices.Clone(u.Extra), func(name string) bool { return taken[name] }), blank
}

// fillLast fills in the field of a store that is left where it suits the only one of the interface's that is left: a proposal, as their
// names say nothing.
func (l *fieldLines) fillLast(u *Unpaired, taken map[string]bool) {
	var left []Lone
	for _, f := range u.Fields {
		if l.names[f.Name][u.At.Store] == "" {
			left = append(left, f)
		}
	}
	if len(left) != 1 || len(u.Extra)-len(taken) != 1 {
		return
	}
	for _, s := range left[0].Suits {
		if !taken[s.Name] {
			taken[s.Name] = true
			l.set(left[0].Name, u.At.Store, s)
			l.taken[left[0].Name] = true
		}
	}
}

// only is the one field of a store that is like one of the interface's, and like no other of them.
func (l *fieldLines) only(u *Unpaired, f Lone, taken map[string]bool, like func(a, b string) bool) (Suited, bool) {
	var found []Suited
	for _, s := range f.Suits {
		if !taken[s.Name] && like(f.Name, s.Name) {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		return Suited{}, false
	}
	for _, other := range u.Fields {
		if other.Name != f.Name && l.names[other.Name][u.At.Store] == "" && like(other.Name, found[0].Name) {
			return Suited{}, false
		}
	}
	return found[0], true
}

func (l *fieldLines) set(field string, store int, s Suited) {
	said := l.names[field]
	said[store] = s.Name
	l.names[field] = said
	if s.Words != "" && !slices.Contains(l.words[field], s.Words) {
		l.words[field] = append(l.words[field], s.Words)
		l.counts = l.counts || strings.HasPrefix(s.Words, "unit=")
	}
}

// text are the directives.
func (l *fieldLines) text() []string {
	var lines []string
	for _, field := range l.order {
		verb := "field "
		if l.taken[field] {
			verb = "field? "
		}
		line := "//dualgen:" + verb + l.ours + "." + field
		for store, name := range l.names[field] {
			if name != "" {
				line += " " + given.SideNames[store] + "=" + name
			}
		}
		lines = append(lines, strings.Join(append([]string{line}, l.words[field]...), " "))
	}
	return lines
}

// blanks says what to do with question marks, where there are some.
func (l *fieldLines) blanks() string {
	if l.open {
		return ", with the store's own name in the place of each ?"
	}
	return ""
}

// guesses says which fields were filled in since nothing else is left.
func (l *fieldLines) guesses() []string {
	var lines []string
	for _, field := range l.order {
		if l.taken[field] {
			lines = append(lines, l.ours+"."+field+" has the only name that is left: take the ? away if it is the right one")
		}
	}
	return lines
}

// within says whether one name holds the other: FullName and Name, Email and Mail.
func within(a, b string) bool {
	a, b = gotype.Normal(a), gotype.Normal(b)
	return strings.Contains(a, b) || strings.Contains(b, a)
}

// near says whether two names begin alike for the most part: Status and State.
func near(a, b string) bool {
	a, b = gotype.Normal(a), gotype.Normal(b)
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n >= 3 && 2*n >= max(len(a), len(b))
}
