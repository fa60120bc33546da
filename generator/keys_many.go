package generator

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// keyOfEntities is the key of each entity in a list.
func (b *builder) keyOfEntities(d *decision, e *entity) (plan.Key, string) {
	i, ok := d.entityParam(e, true)
	if !ok {
		return plan.Key{}, ""
	}
	elem := d.Params[i].Type.Underlying().(*types.Slice).Elem()
	parts := b.partsFrom(e, i, elem)
	return plan.Key{Form: plan.KeyEach, Parts: parts}, fmt.Sprintf("Key: %s of each.", pathsOf(d, parts))
}

// keyOfKeys is each key in a list of keys.
func (b *builder) keyOfKeys(d *decision, e *entity) (plan.Key, string) {
	if len(e.parts) != 1 {
		return plan.Key{}, ""
	}
	part := e.parts[0]
	for _, i := range d.nonContext() {
		slice, ok := d.Params[i].Type.Underlying().(*types.Slice)
		if !ok || !types.Identical(slice.Elem(), part.Type) {
			continue
		}
		name := text.Singular(d.sourceName(i))
		typed := !isBasic(part.Type) && !isSharedType(e, part)
		if typed || b.namesPart(name, e, part.name) || slices.Contains(neutralKeys, text.BareName(name)) && !b.isField(e, name) {
			return plan.Key{Form: plan.KeyEach, Parts: []plan.KeyPart{{Param: i, Type: part.Type}}},
				fmt.Sprintf("Key: each of %s.", d.Params[i].Name)
		}
	}
	return plan.Key{}, ""
}

// keyOfResult is the key of an entity that a write returns, or the key itself where a create returns one that is
// certainly it.
func (b *builder) keyOfResult(d *decision, e *entity) (plan.Key, string) {
	if d.Kind != plan.Write || d.rule.trait != creates && d.rule.trait != takes {
		return plan.Key{}, ""
	}
	for _, i := range d.nonError() {
		r := d.Results[i]
		if c := elementOf(r.Type); e.Type != nil && !c.many && types.Identical(c.typ, e.Type) {
			return plan.Key{Form: plan.KeyResult, Parts: b.partsFrom(e, i, r.Type)}, "Key: of the result, because the primary may make it."
		}
		if d.rule.trait == creates && len(e.parts) == 1 && types.Identical(r.Type, e.parts[0].Type) {
			named := d.Sig.Results().At(i).Name()
			if !isBasic(r.Type) || b.namesPart(named, e, e.parts[0].name) || slices.Contains(neutralKeys, text.BareName(named)) {
				return plan.Key{Form: plan.KeyResult, Parts: []plan.KeyPart{{Param: i, Type: r.Type}}}, "Key: the result, because the primary makes it."
			}
		}
	}
	return plan.Key{}, ""
}

// lists reports whether a method returns a list of an entity.
func (d *decision) lists(e *entity) bool {
	return slices.ContainsFunc(d.nonError(), func(i int) bool {
		c := elementOf(d.Results[i].Type)
		return c.many && e.carries(c.typ)
	})
}
