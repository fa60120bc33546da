package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/given"
)

// Unpaired are the fields of an interface's struct and of a store's of which nothing says which belong together.
type Unpaired struct {
	At           given.At
	Ours, Theirs string // the structs' names in directives
	TheirText    string // the store's type
	Fields       []Lone
	Extra        []string // the store's fields
	Trail        []string
}

// Lone is a field of the interface's struct, and what may hold it in the store.
type Lone struct {
	Name  string
	Suits []Suited
}

// Suited is a field of a store's struct, with what a directive must say beside its name.
type Suited struct{ Name, Words string }

// IsLeft reports whether the fields of these structs are left already: they are the same in both directions.
func (p *Planner) IsLeft(r Request, ours, theirs string) bool {
	return slices.ContainsFunc(p.Left, func(u *Unpaired) bool {
		return u.At.Store == r.At.Store && u.Ours == ours && u.Theirs == theirs
	})
}

// AskUnpaired asks about all fields that were left: one question for each struct of the interface, whose directives answer for both
// stores.
func (p *Planner) AskUnpaired() {
	for len(p.Left) > 0 {
		first := p.Left[0]
		var same, others []*Unpaired
		for _, u := range p.Left {
			if u.Ours == first.Ours {
				same = append(same, u)
			} else {
				others = append(others, u)
			}
		}
		p.Left = others
		if len(same) == 1 && len(first.Fields)+len(first.Extra) == 1 {
			p.askOne(first)
			continue
		}
		p.askFields(same)
	}
}

// askOne asks about a single field that has no counterpart, where there is nothing that may be it.
func (p *Planner) askOne(u *Unpaired) {
	side := given.SideNames[u.At.Store]
	if len(u.Fields) == 1 {
		name := u.Fields[0].Name
		p.Faults.Add(u.At.Pos, fmt.Sprintf("%s store: %s.%s has no counterpart in %s, so it would be lost", side, u.Ours, name, u.TheirText),
			append(u.Trail, fault.Say("field %s.%s %s=NAME, or //dualgen:ignore %s.%s.%s", u.Ours, name, side, side, u.Ours, name))...)
		return
	}
	p.Faults.Add(u.At.Pos, fmt.Sprintf("%s store: %s.%s has no counterpart in %s, so it would be left empty", side, u.TheirText, u.Extra[0], u.Ours),
		append(u.Trail, fault.Say("field %s.NAME %s=%s, or //dualgen:ignore %s.%s.%s", u.Ours, side, u.Extra[0], side, u.Theirs, u.Extra[0]))...)
}

// askFields asks about the fields of one of the interface's structs.
func (p *Planner) askFields(all []*Unpaired) {
	ours := all[0].Ours
	var lacks, left, ignores []string
	lines := newFieldLines(ours)
	for _, u := range all {
		side := given.SideNames[u.At.Store]
		rest, blank := lines.fill(u)
		if len(u.Extra) == 0 { // the store has no field for them
			for _, f := range u.Fields {
				ignores = append(ignores, fmt.Sprintf("//dualgen:ignore %s.%s.%s", side, ours, f.Name))
			}
		}
		if len(u.Fields) > 0 {
			lacks = append(lacks, fmt.Sprintf("%s in %s of the %s store", names(u.Fields), u.TheirText, side))
		}
		if blank {
			left = append(left, fmt.Sprintf("%s of the %s store has left: %s", u.TheirText, side, strings.Join(rest, ", ")))
			continue
		}
		for _, name := range rest {
			ignores = append(ignores, fmt.Sprintf("//dualgen:ignore %s.%s.%s", side, u.Theirs, name))
		}
	}
	what := fmt.Sprintf("fields of %s have no counterpart, so they would be lost: %s", ours, strings.Join(lacks, "; "))
	if len(lacks) == 0 {
		what = fmt.Sprintf("fields of the stores have no counterpart in %s, so they would be left empty", ours)
	}
	remedy := append(slices.Clone(all[0].Trail), "write above the interface"+lines.blanks()+":")
	remedy = append(append(append(remedy, lines.text()...), ignores...), left...)
	remedy = append(remedy, lines.guesses()...)
	if lines.counts {
		remedy = append(remedy, "unit= says what its number counts: s, ms, us or ns")
	}
	if len(lacks) > 0 {
		side := given.SideNames[all[0].At.Store]
		remedy = append(remedy, fmt.Sprintf("or leave a field out: //dualgen:ignore %s.%s.NAME in one store, //dualgen:ignore %s.NAME in both, //dualgen:ignore %s.%s.NAME a field of the store's",
			side, ours, ours, side, all[0].Theirs))
	}
	p.Faults.Add(p.place(all[0].At.Pos), what, remedy...)
}

// names lists fields in a sentence.
func names(fields []Lone) string {
	var all []string
	for _, f := range fields {
		all = append(all, f.Name)
	}
	return strings.Join(all, ", ")
}
