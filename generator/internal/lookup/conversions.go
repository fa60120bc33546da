package lookup

import (
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/convert/given"
)

// Planner makes the planner of an interface's conversions, and hands it what directives say of them. name allocates the name of a helper.
func (l *Functions) Planner(name func(base string) string) *convert.Planner {
	options := given.Options{Name: name, Package: l.in.Output, Function: l.NameFor, Interface: l.in.Pos}
	for _, d := range l.in.Said.Converts {
		for _, w := range d.Functions {
			if f := l.Said(w, w.Text); f != nil {
				options.Users = append(options.Users, given.User{Func: f, Pos: w.Pos})
			}
		}
	}
	options.Makers = l.Makers()
	for _, d := range l.in.Said.Fields {
		options.Fields = append(options.Fields, given.Field{
			Side: d.Side, Path: d.Path.Text, Names: d.Names, Null: d.Null, Unit: d.Unit, As: d.As, Enum: d.Enum, Lossy: d.Lossy,
			Get: d.Get, Set: d.Set, Pos: d.Pos,
		})
	}
	for _, d := range l.in.Said.Ignores {
		options.Ignores = append(options.Ignores, given.Ignore{Side: d.Side, Path: d.Path.Text, Pos: d.Pos})
	}
	for _, d := range l.in.Said.Compares {
		options.Compares = append(options.Compares, given.Compare{
			Ignore: d.Ignore, Round: d.Round, Unordered: d.Unordered, Equal: l.Equalities(d), Fields: d.Fields, Pos: d.Pos,
		})
	}
	options.Compares = append(options.Compares, l.expiries()...)
	for i, s := range l.in.Stores {
		if s.Pkg != nil {
			options.Precision[i] = convert.StorePrecision(s.Pkg)
		}
	}
	return convert.New(options)
}

// expiries compare the moments at which entities are gone: to the second, where nothing names another unit, since many stores keep them so.
func (l *Functions) expiries() (compares []given.Compare) {
	for _, d := range l.in.Said.TTLs {
		owner, field, _ := strings.Cut(d.Field.Text, ".")
		if !slices.ContainsFunc(l.in.Said.Compares, func(c *directive.Compare) bool { return c.Round[field] != 0 }) {
			compares = append(compares, given.Compare{Type: owner, Round: map[string]time.Duration{field: time.Second}, Pos: d.Pos, Implied: true})
		}
	}
	return compares
}
