package generator

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// findKeyed finds the values that lie beside their keys: Get(key) value and Put(key, value), the value a struct that tells no
// key, or no struct at all. What is copied of them is an entry, the key and the value.
func (b *builder) findKeyed() {
	for _, get := range b.methods {
		value := b.keyedValue(get)
		if value == nil || b.isHeld(get, value) {
			continue
		}
		puts := b.keyedPuts(get, value)
		if len(puts) == 0 {
			continue
		}
		if e := b.keyedEntity(value); e != nil {
			b.keyBeside(e, get, value, puts)
		}
	}
}

// keyedValue is what a read finds by nothing but parameters that can be keys, or nil.
func (b *builder) keyedValue(d *decision) types.Type {
	results := d.nonError()
	if len(results) == 2 && isBool(d.Results[results[1]].Type) {
		results = results[:1]
	}
	keys := d.selecting()
	if d.Kind != plan.Read || len(results) != 1 || len(keys) == 0 || len(keys) != len(d.required()) {
		return nil
	}
	for _, i := range keys {
		if !b.isKeyType(d.Params[i].Type) {
			return nil
		}
	}
	value, _ := derefType(d.Results[results[0]].Type)
	if isBool(value) || isNamed(value, "iter", "Seq") || isNamed(value, "iter", "Seq2") {
		return nil
	}
	return value
}

// isHeld reports whether a value is known to lie beside its key, or a directive says otherwise, or a write takes it without a
// key: then it tells its key itself.
func (b *builder) isHeld(get *decision, value types.Type) bool {
	for _, e := range b.entities {
		if e.beside != nil && types.Identical(e.beside, value) {
			return true
		}
		if e.said != nil && (e.Type == nil || types.Identical(e.Type, value)) && !b.saysKeyed(e, get) {
			return true
		}
	}
	return slices.ContainsFunc(b.methods, func(d *decision) bool {
		args := d.required()
		return d.Kind == plan.Write && len(args) == 1 && types.Identical(elementOf(d.Params[args[0]].Type).typ, value) &&
			!b.isKeyType(value)
	})
}

// saysKeyed reports whether a directive speaks of what a read finds by the keys that it names: //dualgen:entity Settings
// key=userID delete=none.
func (b *builder) saysKeyed(e *entity, get *decision) bool {
	if e.Type == nil && e.Name != b.entryName() {
		return false
	}
	if len(e.said.Key) == 0 {
		return e.Type == nil
	}
	keys := get.selecting()
	return slices.EqualFunc(e.said.Key, keys, func(said text.Word, i int) bool { return get.calls(i, said.Text) })
}

// entryName names what an interface stores whose values are no structs.
func (b *builder) entryName() string { return text.UpperFirst(b.object.Name()) + "Entry" }

// keyedPuts are the writes that take the keys of a read, in its order, and the value: those that put it, or a create and an
// update.
func (b *builder) keyedPuts(get *decision, value types.Type) []*decision {
	var puts []*decision
	traits := map[trait]bool{}
	for _, d := range b.methods {
		if d.Kind == plan.Write && b.takesKeyed(d, get, value) {
			puts = append(puts, d)
			traits[d.rule.trait] = true
		}
	}
	if traits[whole] || traits[creates] && traits[updates] {
		return puts
	}
	return nil
}

// takesKeyed reports whether a write takes the keys of a read, and then the value.
func (b *builder) takesKeyed(d, get *decision, value types.Type) bool {
	keys, args := get.selecting(), d.required()
	if len(args) != len(keys)+1 || !slices.Contains([]trait{whole, creates, updates}, d.rule.trait) {
		return false
	}
	for n, i := range keys {
		name, other := get.sourceName(i), d.sourceName(args[n])
		if !types.Identical(get.Params[i].Type, d.Params[args[n]].Type) || name != "" && other != "" && !text.SameName(name, other) {
			return false
		}
	}
	last, _ := derefType(d.Params[args[len(keys)]].Type)
	return types.Identical(last, value)
}

// keyedEntity is the entity of a value: the struct's, or a new one named for the interface, if that stores nothing else.
func (b *builder) keyedEntity(value types.Type) *entity {
	for _, e := range b.entities {
		if e.Type != nil && types.Identical(e.Type, value) || e.Type == nil && e.Name == b.entryName() {
			return e
		}
	}
	if len(b.entities) > 0 {
		return nil
	}
	e := &entity{Entity: &plan.Entity{Name: b.entryName(), Pos: b.pos}}
	b.entities = append(b.entities, e)
	return e
}

// keyBeside makes an entity of a value and the keys of the read that finds it.
func (b *builder) keyBeside(e *entity, get *decision, value types.Type, puts []*decision) {
	if e.Type == nil && slices.ContainsFunc(append(puts, get), func(d *decision) bool { return len(d.noun()) > 0 }) {
		b.entities = nil // GetName, SetName: a part of something
		return
	}
	e.beside = value
	entry := &plan.Entry{Value: value}
	var vars []*types.Var
	scope := newAllocator()
	add := func(name string, t types.Type) {
		entry.Fields = append(entry.Fields, scope.field(name))
		vars = append(vars, types.NewField(token.NoPos, b.repo.Output.Package, entry.Fields[len(vars)], t, false))
	}
	for _, i := range get.selecting() {
		name, t := get.Params[i].Name, get.Params[i].Type
		add(name, t)
		step := plan.PathStep{Name: entry.Fields[len(vars)-1]}
		e.parts = append(e.parts, keyField{name, plan.KeyPart{Path: []plan.PathStep{step}, Type: t}})
	}
	add("value", value)
	name := b.helperName(text.LowerFirst(e.Name))
	if e.Type != nil {
		name = b.helperName(text.LowerFirst(e.Name) + "Entry")
	}
	object := types.NewTypeName(token.NoPos, b.repo.Output.Package, name, nil)
	e.Type, e.Entry = b.generic(types.NewNamed(object, types.NewStruct(vars, nil), nil)), entry
	entry.Name = name
}

// carries reports whether values of a type are what an entity is in the interface's signatures.
func (e *entity) carries(t types.Type) bool {
	if e.beside != nil {
		return types.Identical(e.beside, t)
	}
	return e.Type != nil && types.Identical(e.Type, t)
}

// putsBeside reports whether a method takes nothing but the key and the value that lies beside it.
func (b *builder) putsBeside(d *decision, e *entity) bool {
	if e == nil || e.beside == nil || d.Key.Form != plan.KeyOne {
		return false
	}
	args := d.required()
	if len(args) != len(e.parts)+1 {
		return false
	}
	value, _ := derefType(d.Params[args[len(e.parts)]].Type)
	return types.Identical(value, e.beside) && !slices.ContainsFunc(d.Key.Parts, func(p plan.KeyPart) bool { return p.Param == args[len(e.parts)] })
}

// keyNouns are words for keys in names of methods: ListKeys.
var keyNouns = []string{"keys", "ids"}

// scansMap: (ctx) (map[K]V, error), of values beside their keys.
func scansMap(_ *builder, d *decision, e *entity) (pointer, ok bool) {
	list := d.nonError()
	if e.beside == nil || len(e.parts) != 1 || len(d.nonContext()) != 0 || len(list) != 1 || d.Error < 0 {
		return false, false
	}
	m, ok := d.Results[list[0]].Type.Underlying().(*types.Map)
	if !ok || !types.Identical(m.Key(), e.parts[0].Type) {
		return false, false
	}
	elem, pointer := derefType(m.Elem())
	return pointer, types.Identical(elem, e.beside)
}

// scansKeys: (ctx) ([]K, error), of values beside their keys. Where the keys have no type of their own, the name must say so.
func scansKeys(_ *builder, d *decision, e *entity) (pointer, ok bool) {
	list := d.nonError()
	if e.beside == nil || len(e.parts) != 1 || len(d.nonContext()) != 0 || len(list) != 1 || d.Error < 0 {
		return false, false
	}
	slice, ok := d.Results[list[0]].Type.Underlying().(*types.Slice)
	words := text.Camel(d.Name)
	named := slices.Contains(keyNouns, strings.ToLower(words[len(words)-1]))
	return false, ok && types.Identical(slice.Elem(), e.parts[0].Type) && (named || !isBasic(slice.Elem()) && !types.Identical(slice.Elem(), e.beside))
}
