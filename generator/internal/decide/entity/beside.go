package entity

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// findBeside finds the values that lie beside their keys: Get(key) value and Put(key, value), the value a struct that tells no
// key, or no struct at all. What is copied of them is an entry, the key and the value.
func findBeside(in *model.Interface, all []*model.Entity) []*model.Entity {
	for _, get := range in.Methods {
		value := besideValue(in, get)
		if value == nil || isHeld(in, all, get, value) {
			continue
		}
		puts := besidePuts(in, get, value)
		if len(puts) == 0 {
			continue
		}
		partly := slices.ContainsFunc(append(puts, get), func(m *model.Method) bool { return len(m.Words.Noun) > 0 }) && !allCalled(in, get.Words.Noun)
		e, added := besideEntity(in, all, value)
		switch {
		case e == nil, e.Type == nil && partly: // GetName, SetName: a part of something
			continue
		case added:
			all = append(all, e)
		}
		makeEntry(in, e, get, value)
		if allCalled(in, get.Words.Noun) {
			e.Alias = text.Singular(strings.Join(get.Words.Noun, ""))
		}
	}
	return all
}

// allCalled reports whether all methods of an interface are named for the same, and one removes it, so that it stores nothing else:
// GetSecret, PutSecret, DeleteSecrets.
func allCalled(in *model.Interface, noun []string) bool {
	name := strings.Join(noun, "")
	removes := slices.ContainsFunc(in.Methods, func(m *model.Method) bool { return m.Delete })
	return name != "" && removes && !slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		said := strings.Join(m.Words.Noun, "")
		return m.Kind != plan.Lifecycle && !strings.HasPrefix(text.Singular(said), name) && !strings.HasPrefix(said, name)
	})
}

// besideValue is what a read finds by nothing but parameters that can be keys, or nil.
func besideValue(in *model.Interface, m *model.Method) types.Type {
	results := m.NonError()
	if len(results) == 2 && shape.IsBool(m.Results[results[1]].Type) {
		results = results[:1]
	}
	keys := m.Selecting()
	if m.Kind != plan.Read || len(results) != 1 || len(keys) == 0 || len(keys) != len(m.Required()) {
		return nil
	}
	for _, i := range keys {
		if !in.IsKeyType(m.Params[i].Type) {
			return nil
		}
	}
	value, _ := shape.Deref(m.Results[results[0]].Type)
	if shape.IsBool(value) || shape.IsNamed(value, "iter", "Seq") || shape.IsNamed(value, "iter", "Seq2") {
		return nil
	}
	return value
}

// isHeld reports whether a value is known to lie beside its key, or a directive says otherwise, or a write takes it without a
// key: then it tells its key itself.
func isHeld(in *model.Interface, all []*model.Entity, get *model.Method, value types.Type) bool {
	for _, e := range all {
		if e.Beside != nil && types.Identical(e.Beside, value) {
			return true
		}
		if e.Said != nil && (e.Type == nil || types.Identical(e.Type, value)) && !saysKeyed(in, e, get) {
			return true
		}
	}
	return slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		args := m.Required()
		return m.Kind == plan.Write && len(args) == 1 && types.Identical(shape.ElementOf(m.Params[args[0]].Type).Type, value) &&
			!in.IsKeyType(value)
	})
}

// saysKeyed reports whether a directive speaks of what a read finds by the keys that it names: //dualgen:entity Settings
// key=userID delete=none.
func saysKeyed(in *model.Interface, e *model.Entity, get *model.Method) bool {
	if e.Type == nil && e.Name != entryName(in) {
		return false
	}
	if len(e.Said.Key) == 0 {
		return e.Type == nil
	}
	return slices.EqualFunc(e.Said.Key, get.Selecting(), func(said text.Word, i int) bool { return get.IsParam(i, said.Text) })
}

// entryName names what an interface stores whose values aren't structs.
func entryName(in *model.Interface) string { return text.UpperFirst(in.Object.Name()) + "Entry" }

// besidePuts are the writes that take the keys of a read, in its order, and the value: those that put it, or a create and an
// update.
func besidePuts(in *model.Interface, get *model.Method, value types.Type) []*model.Method {
	var puts []*model.Method
	traits := map[verb.Trait]bool{}
	for _, m := range in.Methods {
		if m.Kind == plan.Write && takesBeside(m, get, value) {
			puts = append(puts, m)
			traits[m.Trait] = true
		}
	}
	if traits[verb.Whole] || traits[verb.Creates] && traits[verb.Updates] {
		return puts
	}
	return nil
}

// takesBeside reports whether a write takes the keys of a read, and then the value.
func takesBeside(m, get *model.Method, value types.Type) bool {
	keys, args := get.Selecting(), m.Required()
	if len(args) != len(keys)+1 || !slices.Contains([]verb.Trait{verb.Whole, verb.Creates, verb.Updates}, m.Trait) {
		return false
	}
	for n, i := range keys {
		name, other := get.SourceName(i), m.SourceName(args[n])
		if !types.Identical(get.Params[i].Type, m.Params[args[n]].Type) || name != "" && other != "" && !text.SameName(name, other) {
			return false
		}
	}
	last, _ := shape.Deref(m.Params[args[len(keys)]].Type)
	return types.Identical(last, value)
}

// besideEntity is the entity of a value: the struct's, or a new one named for the interface, if that stores nothing else.
func besideEntity(in *model.Interface, all []*model.Entity, value types.Type) (e *model.Entity, added bool) {
	for _, e := range all {
		if e.Type != nil && types.Identical(e.Type, value) || e.Type == nil && e.Name == entryName(in) {
			return e, false
		}
	}
	if len(all) > 0 {
		return nil, false
	}
	return &model.Entity{Entity: &plan.Entity{Name: entryName(in), Pos: in.Pos}}, true
}

// makeEntry makes an entity of a value and the keys of the read that finds it.
func makeEntry(in *model.Interface, e *model.Entity, get *model.Method, value types.Type) {
	e.Beside = value
	entry := &plan.Entry{Value: value}
	var vars []*types.Var
	add := func(name string, t types.Type) {
		entry.Fields = append(entry.Fields, in.FieldName(entry.Fields, name))
		vars = append(vars, types.NewField(token.NoPos, in.Output, entry.Fields[len(vars)], t, false))
	}
	for _, i := range get.Selecting() {
		name, t := get.Params[i].Name, get.Params[i].Type
		add(name, t)
		step := plan.PathStep{Name: entry.Fields[len(vars)-1]}
		e.Parts = append(e.Parts, model.KeyField{Name: name, KeyPart: plan.KeyPart{Path: []plan.PathStep{step}, Type: t}})
	}
	add("value", value)
	base := text.LowerFirst(e.Name)
	if e.Type != nil {
		base += "Entry"
	}
	entry.Name = in.EntryName(base)
	object := types.NewTypeName(token.NoPos, in.Output, entry.Name, nil)
	e.Type, e.Entry = in.Generic(types.NewNamed(object, types.NewStruct(vars, nil), nil)), entry
}
