package generator

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/plan"
)

// mirrorRule is one reason to mirror a write in one way.
type mirrorRule struct {
	applies func(*builder, *decision) bool
	mode    plan.MirrorMode
	reason  string
}

// mirrorRules are ordered, the first that applies wins. A write is replayed only where that is as good as a copy.
func mirrorRules() []mirrorRule {
	return []mirrorRule{
		{func(_ *builder, d *decision) bool { return d.Key.Form == plan.KeyNone }, plan.Copy,
			"Mirror: copy, because its keys are not known; a verify pass makes the kind clean again."},
		{func(_ *builder, d *decision) bool { return d.Key.Form == plan.KeyListed }, plan.Copy,
			"Mirror: copy, of each that was listed."},
		{func(_ *builder, d *decision) bool { return d.takesFunction() }, plan.Copy,
			"Mirror: copy, because it runs a function of the caller's."},
		{func(_ *builder, d *decision) bool { return d.takesStream() }, plan.Copy,
			"Mirror: copy, because it is given a stream, which one store uses up."},
		{func(_ *builder, d *decision) bool { return d.Key.Form == plan.KeyResult || d.Key.Form == plan.KeyOut }, plan.Copy,
			"Mirror: copy, because the primary may make the key."},
		{func(b *builder, d *decision) bool { return d.rule.trait == removes && b.keyIsAll(d) }, plan.Replay,
			"Mirror: replay, because it removes by key."},
		{func(_ *builder, d *decision) bool { return len(d.nonError()) > 0 }, plan.Copy,
			"Mirror: copy, because its result is made by the store."},
		{func(b *builder, d *decision) bool { return d.rule.trait == creates && b.entityIsAll(d) }, plan.Copy,
			"Mirror: copy, because a create refuses what is there already."},
		{func(b *builder, d *decision) bool { return d.rule.trait == creates && b.putsBeside(d, b.ownerOf(d)) }, plan.Copy,
			"Mirror: copy, because a create refuses what is there already."},
		{func(b *builder, d *decision) bool {
			return d.storesWhole() && (b.entityIsAll(d) || b.putsBeside(d, b.ownerOf(d)))
		}, plan.Replay,
			"Mirror: replay, because it writes the whole entity."},
		{func(b *builder, d *decision) bool { return d.rule.trait == whole && d.Entity.Type == nil }, plan.Replay,
			"Mirror: replay, because its arguments are the whole entity."},
		{func(*builder, *decision) bool { return true }, plan.Copy,
			"Mirror: copy, because it changes a part of the entity."},
	}
}

// decideMirrors says how each write reaches the mirror.
func (b *builder) decideMirrors() {
	for _, d := range b.methods {
		if d.Kind != plan.Write || d.Entity == nil || d.Key.Form == plan.KeyNone && d.said.Key == nil {
			continue // what is not decided was reported
		}
		if said := d.said.Mirror; said != nil {
			b.saidMirror(d, said)
			continue
		}
		for _, rule := range mirrorRules() {
			if rule.applies(b, d) {
				d.Mirror = rule.mode
				d.Reasons = append(d.Reasons, rule.reason)
				break
			}
		}
	}
}

// saidMirror follows a mirror directive, unless the method cannot.
func (b *builder) saidMirror(d *decision, said *directive.Mirror) {
	d.Mirror = said.Mode
	name := map[plan.MirrorMode]string{plan.Replay: "replay", plan.Copy: "copy", plan.Skip: "skip"}[said.Mode]
	d.because("Mirror: %s, by directive.", name)
	made := d.Key.Form == plan.KeyResult || d.Key.Form == plan.KeyOut
	if said.Mode == plan.Replay && made {
		b.reports.Addf(said.Pos, "drop the directive, or name the key that the caller made: //dualgen:key …",
			"%s cannot be replayed: its key is made by the primary, and the mirror would make another", d.Name)
	}
	if said.Mode != plan.Copy && d.Key.Form == plan.KeyListed {
		b.reports.Addf(said.Pos, "drop one of the two directives", "the keys of %s are listed so that they are copied: it cannot be said to be mirrored by %s", d.Name, name)
	}
	if said.Mode == plan.Replay && d.takesFunction() {
		b.reports.Addf(said.Pos, "drop the directive: it is copied", "%s cannot be replayed: the caller's function would run twice", d.Name)
	}
	if said.Mode == plan.Replay && d.takesStream() {
		b.reports.Addf(said.Pos, "drop the directive: it is copied", "%s cannot be replayed: the first store would use up the stream that it is given", d.Name)
	}
}

// storesWhole reports whether the verb says that the whole entity is stored.
func (d *decision) storesWhole() bool { return d.rule.trait == whole || d.rule.trait == updates }

// takesFunction reports whether a method is given a function.
func (d *decision) takesFunction() bool {
	return slices.ContainsFunc(d.nonContext(), func(i int) bool {
		_, ok := d.Params[i].Type.Underlying().(*types.Signature)
		return ok
	})
}

// entityIsAll reports whether a method's only argument is the entity, or a list of them.
func (b *builder) entityIsAll(d *decision) bool {
	args := d.nonContext()
	e := b.ownerOf(d)
	if len(args) != 1 || e == nil {
		return false
	}
	_, one := d.entityParam(e, false)
	_, many := d.entityParam(e, true)
	return one || many
}

// entityIsEnough reports whether a method needs no other argument than the entity, or a list of them: what is more is
// options, of which a call may have none.
func (b *builder) entityIsEnough(d *decision) bool {
	e := b.ownerOf(d)
	if e == nil {
		return false
	}
	i, ok := d.entityParam(e, false)
	if !ok {
		i, ok = d.entityParam(e, true)
	}
	return ok && !slices.ContainsFunc(d.required(), func(r int) bool { return r != i })
}

// keyIsEnough is keyIsAll, options aside.
func (b *builder) keyIsEnough(d *decision) bool {
	for _, i := range d.required() {
		if !slices.ContainsFunc(d.Key.Parts, func(p plan.KeyPart) bool { return p.Param == i }) {
			return false
		}
	}
	return true
}

// required are the parameters that a call cannot do without.
func (d *decision) required() []int {
	return slices.DeleteFunc(d.nonContext(), func(i int) bool { return d.Params[i].Variadic })
}

// keyIsAll reports whether all of a method's arguments are its key.
func (b *builder) keyIsAll(d *decision) bool {
	for _, i := range d.nonContext() {
		if !slices.ContainsFunc(d.Key.Parts, func(p plan.KeyPart) bool { return p.Param == i }) {
			return false
		}
	}
	return true
}
