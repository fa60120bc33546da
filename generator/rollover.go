package generator

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/plan"
)

// keyTime is where the time of an entity's key is: in one part of it, or behind that.
type keyTime struct {
	part int
	tail plan.KeyPart // from the part to the time
	unit string
}

// decideTimes says how each method tells the time of its keys, where a directive says that they have one.
func (b *builder) decideTimes() {
	if len(b.said.Rollovers) == 0 {
		for _, d := range b.methods {
			if said := d.said.Rollover; said != nil {
				b.reports.Addf(said.Pos, "write //dualgen:rollover and the part of the key that is its time above the interface too",
					"//dualgen:rollover speaks of %s alone, but a cutoff divides all keys", d.Name)
			}
		}
		return
	}
	for _, e := range b.entities {
		if slices.ContainsFunc(b.methods, func(d *decision) bool { return d.Entity == e.Entity }) {
			b.decideEntityTime(e)
		}
	}
	for _, d := range b.said.Rollovers {
		if !d.Used {
			b.reports.Addf(d.Pos, "drop it", "//dualgen:rollover %s speaks of no entity that has none of its own", d.Path.Text)
		}
	}
	for _, d := range b.methods {
		b.decideTime(d)
	}
}

// decideEntityTime finds the directive that speaks of an entity: one that names it, else the one that names none.
func (b *builder) decideEntityTime(e *entity) {
	var said *directive.Rollover
	for _, d := range b.said.Rollovers {
		named, general := b.timed(d) == e, b.timed(d) == nil
		d.Used = d.Used || named
		switch {
		case said != nil && b.timed(said) == b.timed(d) && (named || general):
			d.Used = true
			b.reports.Addf(d.Pos, "keep one of the two", "//dualgen:rollover is said twice of %s: also in line %d", e.Name, said.Pos.Line)
		case named, general && said == nil:
			said = d
		}
	}
	if said == nil {
		b.reports.Addf(b.said.Rollovers[0].Pos, fmt.Sprintf("write //dualgen:rollover %s.… too, or move %[1]s to an interface and a migration of its own", e.Name),
			"nothing says what the time of %s is, and a cutoff divides all keys", e.Name)
		return
	}
	said.Used = true
	names := strings.Split(said.Path.Text, ".")
	if b.timed(said) == e {
		names = names[1:]
	}
	e.time = b.timeInKey(e, said, names)
}

// timed is the entity that a directive above the interface names before a dot, or nil.
func (b *builder) timed(d *directive.Rollover) *entity {
	first, _, ok := strings.Cut(d.Path.Text, ".")
	for _, e := range b.entities {
		if ok && e.Name == first {
			return e
		}
	}
	return nil
}

// timeInKey finds a time in an entity's key. What is no part of the key may change, and its entity would be in both stores.
func (b *builder) timeInKey(e *entity, said *directive.Rollover, names []string) *keyTime {
	for n, part := range e.parts {
		own := stepNames(part.Path)
		if len(own) == 0 || !slices.Equal(own, names[:min(len(own), len(names))]) {
			own = []string{part.name}
		}
		if own[0] != names[0] || len(own) > len(names) {
			continue
		}
		tail, err := b.path(part.Type, names[len(own):])
		if err != nil {
			b.reports.Addf(said.Path.Pos, "name a part of the key that is a time, or a getter of one that returns it", "%s: %v", said.Path.Text, err)
			return nil
		}
		if len(tail.Path) == 0 {
			tail.Deref = part.Deref
		}
		if !b.isTime(tail.Type, said) {
			return nil
		}
		return &keyTime{part: n, tail: tail, unit: said.Unit}
	}
	keys := partNames(e)
	if e.Type != nil {
		if _, err := b.path(e.Type, names); err == nil {
			b.reports.Addf(said.Path.Pos, fmt.Sprintf("make it one: //dualgen:entity %s key=%s,%s; each method must then be given it", e.Name, keys, strings.Join(names, ".")),
				"%s is no part of the key of %s (%s): a write could change it, and leave the entity in both stores", strings.Join(names, "."), e.Name, keys)
			return nil
		}
	}
	b.reports.Addf(said.Path.Pos, report.Hint(names[0], strings.Split(keys, ", ")), "the key of %s (%s) has no part %s", e.Name, keys, names[0])
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
func (b *builder) isTime(t types.Type, said *directive.Rollover) bool {
	integer := plan.BasicInfo(t)&types.IsInteger != 0
	switch {
	case isNamed(t, "time", "Time") && said.Unit == "", integer && said.Unit != "":
		return true
	case isNamed(t, "time", "Time"):
		b.reports.Addf(said.Pos, "drop unit="+said.Unit, "%s is a time, and has no unit", said.Path.Text)
	case integer:
		b.reports.Addf(said.Pos, "write unit=s, ms, us or ns, if it counts these since 1970", "%s is an integer, and nothing says what it counts", said.Path.Text)
	default:
		b.reports.Addf(said.Path.Pos, "name a time.Time, an integer with its unit, or a getter that returns one, such as ID.Time",
			"%s has type %s, which is no time", said.Path.Text, typeString(t))
	}
	return false
}

// decideTime says how a method tells the time of its keys.
func (b *builder) decideTime(d *decision) {
	switch {
	case d.Kind == plan.Transaction:
		b.ask(d, "leave it out of the interface, or drop //dualgen:rollover", "the function that %s runs may touch keys on both sides of a cutoff", d.Name)
		return
	case d.Kind != plan.Read && d.Kind != plan.Write:
		if d.said.Rollover != nil {
			b.reports.Addf(d.said.Rollover.Pos, "drop it", "//dualgen:rollover speaks of a method that reads or writes, and %s does neither", d.Name)
		}
		return
	case d.Key.Form == plan.KeyResult || d.Key.Form == plan.KeyOut:
		b.ask(d, "if the caller makes the key, name it: //dualgen:key "+b.keyExample(d)+"\nelse let the caller make it",
			"the primary makes the key of what %s writes, so that nobody can tell beforehand which store is the primary", d.Name)
		return
	case d.said.Rollover != nil:
		b.saidTime(d)
	default:
		b.timeOfKey(d)
	}
	if d.Time != nil {
		d.because("Its keys' time: %s.", pathsOf(d, []plan.KeyPart{d.Time.Part}))
	}
}

// keyExample is the key directive of a method that is given its entity.
func (b *builder) keyExample(d *decision) string {
	if d.Key.Form == plan.KeyOut && len(d.Key.Parts) > 0 {
		return strings.ReplaceAll(pathsOf(d, d.Key.Parts), ", ", ",")
	}
	return "…"
}

// timeOfKey takes the time from the method's key.
func (b *builder) timeOfKey(d *decision) {
	e := b.ownerOf(d)
	if e != nil && e.time == nil {
		return // reported
	}
	key := d.Key
	if d.each != nil {
		key = *d.each
	}
	if e == nil || key.Form == plan.KeyNone || e.time.part >= len(key.Parts) {
		b.reportNoTime(d)
		return
	}
	part := key.Parts[e.time.part]
	if len(e.time.tail.Path) > 0 {
		part.Path, part.Deref = slices.Concat(part.Path, e.time.tail.Path), e.time.tail.Deref
	}
	part.Type = e.time.tail.Type
	d.Time = &plan.Time{Part: part, Each: key.Form == plan.KeyEach, Unit: e.time.unit}
}

// reportNoTime asks for the time of a method that goes by the whole kind.
func (b *builder) reportNoTime(d *decision) {
	var times []string
	for _, i := range d.nonContext() {
		if isNamed(d.Params[i].Type, "time", "Time") && d.sourceName(i) != "" {
			times = append(times, d.sourceName(i))
		}
	}
	example := "…"
	if len(times) == 1 { // two are a span
		example = times[0]
	}
	b.ask(d, "if all that it touches has one time, which it is given, write //dualgen:rollover "+example+" above it\nelse leave it out of the interface, and ask each store for its side of the cutoff",
		"cannot tell the time of what %s touches: it may lie on both sides of a cutoff", d.Name)
}

// saidTime resolves a directive above a method: all that it touches has the time that it is given.
func (b *builder) saidTime(d *decision) {
	said := d.said.Rollover
	if d.Key.Form != plan.KeyNone && d.Key.Form != plan.KeyListed || d.each != nil {
		b.reports.Addf(said.Pos, "drop it", "the key of %s tells its time already", d.Name)
		return
	}
	names := strings.Split(said.Path.Text, ".")
	for _, i := range d.nonContext() {
		if !d.calls(i, names[0]) {
			continue
		}
		part, err := b.path(d.Params[i].Type, names[1:])
		if err != nil {
			b.reports.Addf(said.Path.Pos, report.Hint(names[len(names)-1], fieldNames(elementOf(d.Params[i].Type).typ)), "%s: %v", said.Path.Text, err)
			return
		}
		part.Param = i
		if len(part.Path) > 0 {
			_, part.Path[0].Ptr = derefType(d.Params[i].Type)
		}
		if b.isTime(part.Type, said) {
			d.Time = &plan.Time{Part: part, Unit: said.Unit}
		}
		return
	}
	b.reports.Addf(said.Path.Pos, report.Hint(names[0], d.paramNames()), "%s has no parameter %s", d.Name, names[0])
}
