package generator

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// assignEntities says which entity each method touches: by directive, by the types in its signature, by the noun in its
// name, by a parameter of a key's own type, and at last by there being only one.
func (b *builder) assignEntities() {
	for _, d := range b.methods {
		switch d.Kind {
		case 0:
			continue
		case plan.Read, plan.Write:
		default:
			b.refuseKey(d)
			continue
		}
		e, why := b.entityOf(d)
		if e == nil {
			if d.Kind == plan.Write && d.said.Of == nil {
				b.reportNoEntity(d, why)
			}
			continue
		}
		d.Entity = e.Entity
		if d.Kind == plan.Write {
			e.written = true
			b.markFurther(d)
		}
	}
	b.shareWritten()
	b.dropUnwritten()
	b.assignLoosely()
}

// shareWritten gives the reads of a struct to the entity whose write carries it by directive: what is written as a Model, and
// read as an AuthorizationModel, is one thing. They go by the whole kind.
func (b *builder) shareWritten() {
	for _, e := range b.entities {
		if e.written || e.said != nil {
			continue
		}
		owner := b.carriedTo(e)
		if owner == nil {
			continue
		}
		for _, d := range b.methods {
			if d.Entity == e.Entity {
				d.Entity, d.loose = owner, true
			}
		}
		e.parts = nil
	}
}

// carriedTo is the one entity whose writes by directive carry another's type, or nil.
func (b *builder) carriedTo(e *entity) *plan.Entity {
	var owner *plan.Entity
	for _, d := range b.methods {
		if d.Kind != plan.Write || d.Entity == nil || d.said.Of == nil {
			continue
		}
		params, results := b.entitiesIn(d)
		if !slices.Contains(append(params, results...), e) {
			continue
		}
		if owner != nil && owner != d.Entity {
			return nil
		}
		owner = d.Entity
	}
	return owner
}

// assignLoosely gives the reads that are of no entity to the only one that is left: they go by its whole kind.
func (b *builder) assignLoosely() {
	if len(b.entities) != 1 || !b.entities[0].written {
		return
	}
	for _, d := range b.methods {
		if d.Kind == plan.Read && d.Entity == nil {
			d.Entity, d.loose = b.entities[0].Entity, true
		}
	}
}

// entityOf is the entity of a method, or nil and what is in the way.
func (b *builder) entityOf(d *decision) (*entity, string) {
	if d.said.Of != nil {
		return b.saidEntityOf(d), ""
	}
	if e := b.byRole(d); e != nil {
		return e, ""
	}
	params, results := b.entitiesIn(d)
	first, second := params, results
	if d.Kind == plan.Read {
		first, second = results, params
	}
	for _, list := range [][]*entity{first, second} {
		switch len(list) {
		case 0:
			continue
		case 1:
			return list[0], ""
		}
		if e := b.byNoun(d, list); e != nil {
			return e, ""
		}
		return nil, fmt.Sprintf(": its signature has %s and %s", list[0].Name, list[1].Name)
	}
	if e := b.byNoun(d, b.entities); e != nil {
		return e, ""
	}
	if e := b.byKeyParam(d); e != nil {
		return e, ""
	}
	if len(b.entities) == 1 && (d.Kind == plan.Read || b.neutral(d, b.entities[0])) {
		d.loose = !b.neutral(d, b.entities[0])
		return b.entities[0], ""
	}
	if len(b.entities) == 1 {
		return nil, fmt.Sprintf(": its name speaks of %s, not of %s", strings.Join(d.noun(), ""), b.entities[0].Name)
	}
	return nil, ""
}

// byRole finds the one entity that a method copies by directive: get=Load says that Load is about it.
func (b *builder) byRole(d *decision) *entity {
	var found *entity
	for _, e := range b.entities {
		if e.said == nil {
			continue
		}
		roles := append([]text.Word{e.said.Get, e.said.Delete, e.said.Scan}, e.said.Put...)
		if !slices.ContainsFunc(roles, func(w text.Word) bool { return w.Text == d.Name }) {
			continue
		}
		if found != nil {
			return nil
		}
		found = e
	}
	return found
}

// saidEntityOf finds the entity that a directive above a method names.
func (b *builder) saidEntityOf(d *decision) *entity {
	w := d.said.Of.Entity
	for _, e := range b.entities {
		if e.Name == w.Text {
			return e
		}
	}
	b.reports.Addf(w.Pos, report.Hint(w.Text, b.entityNames())+"\nor describe it above the interface: //dualgen:entity "+w.Text+" key=…",
		"there is no entity %s", w.Text)
	return nil
}

// entitiesIn are the entities that a method's parameters and results carry.
func (b *builder) entitiesIn(d *decision) (params, results []*entity) {
	add := func(list *[]*entity, t types.Type) {
		for _, c := range carried(t) {
			for _, e := range b.entities {
				if e.carries(c) && !slices.Contains(*list, e) {
					*list = append(*list, e)
				}
			}
		}
	}
	for _, i := range d.nonContext() {
		add(&params, d.Params[i].Type)
	}
	for _, i := range d.nonError() {
		add(&results, d.Results[i].Type)
	}
	return params, results
}

// byNoun finds the entity whose name a method's name begins with after its verb, and after All; the longest wins.
func (b *builder) byNoun(d *decision, among []*entity) *entity {
	noun := d.noun()
	if len(noun) > 1 && noun[0] == "All" {
		noun = noun[1:]
	}
	var best *entity
	for _, e := range among {
		if n := len(text.Camel(e.Name)); startsWith(noun, e.Name) && (best == nil || n > len(text.Camel(best.Name))) {
			best = e
		}
	}
	return best
}

// startsWith reports whether words begin with a name, in the singular or the plural.
func startsWith(words []string, name string) bool {
	n := len(text.Camel(name))
	if len(words) < n {
		return false
	}
	said := strings.Join(words[:n], "")
	return text.SameName(said, name) || text.SameName(text.Singular(said), name) || text.SameName(said, name+"s")
}

// byKeyParam finds the one entity whose key's own type, or whose name with its key's name, a parameter has.
func (b *builder) byKeyParam(d *decision) *entity {
	var found []*entity
	for _, e := range b.entities {
		if len(e.parts) == 0 {
			continue
		}
		for _, i := range d.nonContext() {
			p := d.Params[i]
			t := p.Type
			if slice, ok := t.(*types.Slice); ok {
				t = slice.Elem()
			}
			typed := !isBasic(e.parts[0].Type) && types.Identical(t, e.parts[0].Type)
			named := text.SameName(p.Name, e.Name+e.parts[0].name) || text.SameName(text.Singular(p.Name), e.Name+e.parts[0].name)
			if (typed || named) && !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
	}
	if len(found) == 1 && (len(b.entities) > 1 || b.namedKey(d, found[0])) {
		return found[0]
	}
	return nil
}

// namedKey reports whether a parameter is named for an entity's key with the entity in its name: userID.
func (b *builder) namedKey(d *decision, e *entity) bool {
	return slices.ContainsFunc(d.nonContext(), func(i int) bool {
		return text.SameName(d.nameOf(i), e.Name+e.parts[0].name) && !text.SameName(d.nameOf(i), e.parts[0].name)
	})
}

// neutralNouns say nothing of what is written.
var neutralNouns = []string{
	"all", "many", "one", "batch", "bulk", "multi", "by", "for", "with", "if", "when", "from", "in", "at", "older", "expired", "old", "stale",
	"before", "after", "ctx", "context", "unused", "everything", "entry", "entries", "item", "items", "record", "records", "row", "rows", "where", "matching",
}

// neutral reports whether a method's name leaves no doubt that it speaks of the only entity: it names nothing else, or
// one of its fields.
func (b *builder) neutral(d *decision, e *entity) bool {
	noun := d.noun()
	if len(noun) == 0 || slices.Contains(neutralNouns, strings.ToLower(noun[0])) {
		return true
	}
	for n := len(noun); n > 0; n-- {
		said := strings.Join(noun[:n], "")
		for _, field := range fieldNames(e.Type) {
			if text.SameName(said, field) || text.SameName(said+"s", field) || text.SameName(text.Singular(said), text.Singular(field)) {
				return true
			}
		}
	}
	return false
}

// dropUnwritten leaves out the entities that the interface only reads and whose key is not known: their reads are of
// no kind that a write could make unclean.
func (b *builder) dropUnwritten() {
	b.entities = slices.DeleteFunc(b.entities, func(e *entity) bool {
		if e.written || e.said != nil || len(e.parts) > 0 {
			return false
		}
		for _, d := range b.methods {
			if d.Entity == e.Entity {
				d.Entity = nil
			}
		}
		return true
	})
	b.repo.Entities = nil
	for _, e := range b.entities {
		b.repo.Entities = append(b.repo.Entities, e.Entity)
	}
}
