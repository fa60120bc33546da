// Package rollover decides how each method tells the time of its keys, for a rollover at a cutoff.
package rollover

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/touch"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// keyTime is where the time of an entity's key is: in one part of it, or behind that.
type keyTime struct {
	part int
	tail plan.KeyPart // from the part to the time
	unit string
}

// times are those of the keys of an interface's entities.
type times struct {
	in *model.Interface
	of map[*model.Entity]*keyTime
}

// Decide says how each method tells the time of its keys, where a directive says that they have one.
func Decide(in *model.Interface) {
	r := &times{in, map[*model.Entity]*keyTime{}}
	r.decide()
}

// decide says it of each method.
func (r *times) decide() {
	if len(r.in.Said.Rollovers) == 0 {
		for _, d := range r.in.Methods {
			if said := d.Said.Rollover; said != nil {
				r.in.Reports.Addf(said.Pos, "write //dualgen:rollover and the part of the key that is its time above the interface too",
					"//dualgen:rollover speaks of %s alone, but a cutoff divides all keys", d.Name)
			}
		}
		return
	}
	for _, e := range r.in.Entities {
		if slices.ContainsFunc(r.in.Methods, func(d *model.Method) bool { return d.Entity == e.Entity }) {
			r.decideEntityTime(e)
		}
	}
	for _, d := range r.in.Said.Rollovers {
		if !d.Used {
			r.in.Reports.Addf(d.Pos, "drop it", "//dualgen:rollover %s speaks of no entity that has none of its own", d.Path.Text)
		}
	}
	for _, d := range r.in.Methods {
		r.decideTime(d)
	}
}

// decideEntityTime finds the directive that speaks of an entity: one that names it, else the one that names none.
func (r *times) decideEntityTime(e *model.Entity) {
	var said *directive.Rollover
	for _, d := range r.in.Said.Rollovers {
		named, general := r.timed(d) == e, r.timed(d) == nil
		d.Used = d.Used || named
		switch {
		case said != nil && r.timed(said) == r.timed(d) && (named || general):
			d.Used = true
			r.in.Reports.Addf(d.Pos, "keep one of the two", "//dualgen:rollover is said twice of %s: also in line %d", e.Name, said.Pos.Line)
		case named, general && said == nil:
			said = d
		}
	}
	if said == nil {
		r.in.Reports.Addf(r.in.Said.Rollovers[0].Pos, fmt.Sprintf("write //dualgen:rollover %s.… too, or move %[1]s to an interface and a migration of its own", e.Name),
			"nothing says what the time of %s is, and a cutoff divides all keys", e.Name)
		return
	}
	said.Used = true
	names := strings.Split(said.Path.Text, ".")
	if r.timed(said) == e {
		names = names[1:]
	}
	r.of[e] = r.timeInKey(e, said, names)
}

// timed is the entity that a directive above the interface names before a dot, or nil.
func (r *times) timed(d *directive.Rollover) *model.Entity {
	first, _, ok := strings.Cut(d.Path.Text, ".")
	for _, e := range r.in.Entities {
		if ok && e.Name == first {
			return e
		}
	}
	return nil
}

// timeInKey finds a time in an entity's key. What is no part of the key may change, and its entity would be in both stores.
func (r *times) timeInKey(e *model.Entity, said *directive.Rollover, names []string) *keyTime {
	for n, part := range e.Parts {
		own := stepNames(part.Path)
		if len(own) == 0 || !slices.Equal(own, names[:min(len(own), len(names))]) {
			own = []string{part.Name}
		}
		if own[0] != names[0] || len(own) > len(names) {
			continue
		}
		tail, err := r.in.Path(part.Type, names[len(own):])
		if err != nil {
			r.in.Reports.Addf(said.Path.Pos, "name a part of the key that is a time, or a getter of one that returns it", "%s: %v", said.Path.Text, err)
			return nil
		}
		if len(tail.Path) == 0 {
			tail.Deref = part.Deref
		}
		if !r.isTime(tail.Type, said) {
			return nil
		}
		return &keyTime{part: n, tail: tail, unit: said.Unit}
	}
	keys := e.PartNames()
	if e.Type != nil {
		if _, err := r.in.Path(e.Type, names); err == nil {
			r.in.Reports.Addf(said.Path.Pos, fmt.Sprintf("make it one: //dualgen:entity %s key=%s,%s; each method must then be given it", e.Name, keys, strings.Join(names, ".")),
				"%s is no part of the key of %s (%s): a write could change it, and leave the entity in both stores", strings.Join(names, "."), e.Name, keys)
			return nil
		}
	}
	r.in.Reports.Addf(said.Path.Pos, report.Hint(names[0], strings.Split(keys, ", ")), "the key of %s (%s) has no part %s", e.Name, keys, names[0])
	return nil
}

// stepNames are the names along a path.
func stepNames(path []plan.PathStep) []string {
	var names []string
	for _, step := range path {
		names = append(names, step.Name)
	}
	return names
}

// isTime reports whether a type is a time, or an integer that counts a unit since 1970, and says what is wrong if not.
func (r *times) isTime(t types.Type, said *directive.Rollover) bool {
	integer := plan.BasicInfo(t)&types.IsInteger != 0
	switch {
	case shape.IsNamed(t, "time", "Time") && said.Unit == "", integer && said.Unit != "":
		return true
	case shape.IsNamed(t, "time", "Time"):
		r.in.Reports.Addf(said.Pos, "drop unit="+said.Unit, "%s is a time, and has no unit", said.Path.Text)
	case integer:
		r.in.Reports.Addf(said.Pos, "write unit=s, ms, us or ns, if it counts these since 1970", "%s is an integer, and nothing says what it counts", said.Path.Text)
	default:
		r.in.Reports.Addf(said.Path.Pos, "name a time.Time, an integer with its unit, or a getter that returns one, such as ID.Time",
			"%s has type %s, which is no time", said.Path.Text, shape.String(t))
	}
	return false
}

// decideTime says how a method tells the time of its keys.
func (r *times) decideTime(d *model.Method) {
	switch {
	case d.Kind == plan.Transaction:
		r.in.Ask(d, "leave it out of the interface, or drop //dualgen:rollover", "the function that %s runs may touch keys on both sides of a cutoff", d.Name)
		return
	case d.Kind != plan.Read && d.Kind != plan.Write:
		if d.Said.Rollover != nil {
			r.in.Reports.Addf(d.Said.Rollover.Pos, "drop it", "//dualgen:rollover speaks of a method that reads or writes, and %s does neither", d.Name)
		}
		return
	case d.Key.Form.Made():
		r.in.Ask(d, "if the caller makes the key, name it: //dualgen:key "+r.keyExample(d)+"\nelse let the caller make it",
			"the primary makes the key of what %s writes, so that nobody can tell beforehand which store is the primary", d.Name)
		return
	case d.Said.Rollover != nil:
		r.saidTime(d)
	default:
		r.timeOfKey(d)
	}
	if d.Time != nil {
		d.Because("Its keys' time: %s.", touch.Paths(d, []plan.KeyPart{d.Time.Part}))
	}
}

// keyExample is the key directive of a method that is given its entity.
func (r *times) keyExample(d *model.Method) string {
	if d.Key.Form == plan.KeyOut && len(d.Key.Parts) > 0 {
		return strings.ReplaceAll(touch.Paths(d, d.Key.Parts), ", ", ",")
	}
	return "…"
}

// timeOfKey takes the time from the method's key.
func (r *times) timeOfKey(d *model.Method) {
	e := d.Owner
	if e != nil && r.of[e] == nil {
		return // reported
	}
	key := d.Key
	if d.Each != nil {
		key = *d.Each
	}
	if e == nil || key.Form == plan.KeyNone || r.of[e].part >= len(key.Parts) {
		r.reportNoTime(d)
		return
	}
	part := key.Parts[r.of[e].part]
	if len(r.of[e].tail.Path) > 0 {
		part.Path, part.Deref = slices.Concat(part.Path, r.of[e].tail.Path), r.of[e].tail.Deref
	}
	part.Type = r.of[e].tail.Type
	d.Time = &plan.Time{Part: part, Each: key.Form == plan.KeyEach, Unit: r.of[e].unit}
}

// reportNoTime asks for the time of a method that goes by the whole kind.
func (r *times) reportNoTime(d *model.Method) {
	var times []string
	for _, i := range d.NonContext() {
		if shape.IsNamed(d.Params[i].Type, "time", "Time") && d.SourceName(i) != "" {
			times = append(times, d.SourceName(i))
		}
	}
	example := "…"
	if len(times) == 1 { // two are a span
		example = times[0]
	}
	r.in.Ask(d, "if all that it touches has one time, which it is given, write //dualgen:rollover "+example+" above it\nelse leave it out of the interface, and ask each store for its side of the cutoff",
		"cannot tell the time of what %s touches: it may lie on both sides of a cutoff", d.Name)
}

// saidTime resolves a directive above a method: all that it touches has the time that it is given.
func (r *times) saidTime(d *model.Method) {
	said := d.Said.Rollover
	if d.Key.Form != plan.KeyNone && d.Key.Form != plan.KeyListed || d.Each != nil {
		r.in.Reports.Addf(said.Pos, "drop it", "the key of %s tells its time already", d.Name)
		return
	}
	names := strings.Split(said.Path.Text, ".")
	for _, i := range d.NonContext() {
		if !d.IsParam(i, names[0]) {
			continue
		}
		part, err := r.in.Path(d.Params[i].Type, names[1:])
		if err != nil {
			r.in.Reports.Addf(said.Path.Pos, r.in.PathHint(names[0], d.Params[i].Type, names[1:]), "%s: %v", said.Path.Text, err)
			return
		}
		part.Param = i
		if len(part.Path) > 0 {
			_, part.Path[0].Ptr = shape.Deref(d.Params[i].Type)
		}
		if r.isTime(part.Type, said) {
			d.Time = &plan.Time{Part: part, Unit: said.Unit}
		}
		return
	}
	r.in.Reports.Addf(said.Path.Pos, report.Hint(names[0], d.ParamNames()), "%s has no parameter %s", d.Name, names[0])
}
