package touch

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Keys says which entities a method touches.
type Keys struct {
	Key     plan.Key
	Each    *plan.Key // of a read of several entities, which goes by the whole kind
	Level   model.Level
	Reasons []string
}

// because adds a reason.
func (k *Keys) because(format string, args ...any) {
	k.Reasons = append(k.Reasons, fmt.Sprintf(format, args...))
}

// FindKeys says which entities a read or a write touches: by directive, else by types and names. A read without a key concerns
// the whole kind; a write without one is asked about.
func FindKeys(in *model.Interface, m *model.Method) Keys {
	var k Keys
	switch {
	case m.Said.Key != nil:
		k = saidKeys(in, m)
	case m.Owner == nil && m.Kind == plan.Write: // asked where its entity was looked for
		return Keys{Level: model.Asked}
	case m.Owner == nil:
		k = Keys{Key: plan.Key{Form: plan.KeyNone}, Level: model.Certain}
	default:
		k = infer(in, m)
	}
	if m.Kind == plan.Read && k.Key.Form == plan.KeyEach {
		each := k.Key
		k.Key, k.Each = plan.Key{Form: plan.KeyNone}, &each
		k.because("It may touch several: its reads go by the whole kind.")
	}
	return k
}

// keyRule is one way to find a method's key. The reason is "" where the rule doesn't apply.
type keyRule struct {
	name string
	find func(*model.Interface, *model.Method, *model.Entity) (plan.Key, string)
}

// keyRules are tried in order; the first that finds a key wins.
var keyRules = []keyRule{
	{"singleton", keyOfSingleton},
	{"made by the primary", keyMade},
	{"made by the primary, of many", keysMade},
	{"entity argument", keyOfEntity},
	{"argument of the entity's name", keyOfNamesake},
	{"parameters", keyOfParams},
	{"list of entities", keyOfEntities},
	{"list of keys", keyOfKeys},
	{"result", keyOfResult},
}

// infer finds a key by types and names.
func infer(in *model.Interface, m *model.Method) Keys {
	e := m.Owner
	if m.Wide != "" && e.Keyed() && m.Kind == plan.Write {
		return Keys{Key: plan.Key{Form: plan.KeyNone}, Level: proposeWide(in, m, m.Wide, keyRemedy(in, m, e))}
	}
	if e.Keyed() && !m.Loose && !(m.Kind == plan.Read && readsMany(m, e)) {
		if key, reason := byRules(in, m, e); key.Form != 0 {
			k := Keys{Key: key, Level: min(model.Certain, e.KeyLevel), Reasons: []string{reason}}
			if m.Kind == plan.Read || m.Levels.Entity.Decided() { // what a write touches is asked first
				likeliest, level := doubtKey(in, m, key)
				k.Key, k.Level = likeliest, min(k.Level, level)
			}
			return k
		}
	}
	if m.Kind == plan.Read {
		k := Keys{Key: plan.Key{Form: plan.KeyNone}}
		k.Key, k.Level = doubtKey(in, m, k.Key)
		k.because("No key: it reads the whole kind.")
		return k
	}
	if k, ok := requestKeys(in, m, e); ok {
		return k
	}
	if len(e.Parts) > 0 {
		why := "none of its parameters is certainly the key " + e.PartNames()
		return Keys{Key: plan.Key{Form: plan.KeyNone}, Level: proposeWide(in, m, why, keyRemedy(in, m, e))}
	}
	AskKey(in, m, e)
	return Keys{Level: model.Asked}
}

// byRules finds a key by the first rule that applies.
func byRules(in *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	for _, rule := range keyRules {
		if key, reason := rule.find(in, m, e); key.Form != 0 {
			return key, reason
		}
	}
	return plan.Key{}, ""
}

// readsMany reports whether a read is of no single entity, whatever its parameters are called: it returns a list, or a number
// that counts, or looks for what is like an example.
func readsMany(m *model.Method, e *model.Entity) bool {
	if e.Type == nil || e.Beside != nil && e.GetsOne(m) {
		return false
	}
	if m.ReturnsMany() {
		return !listsKeys(m, e)
	}
	if i, ok := e.Param(m, false); ok && !m.Fills(i) {
		return true
	}
	counts := []string{"count", "sum", "total", "num", "len", "length", "stats", "size"}
	return slices.ContainsFunc(text.Camel(m.Name), func(word string) bool { return slices.Contains(counts, strings.ToLower(word)) }) &&
		slices.ContainsFunc(m.NonError(), func(i int) bool { return shape.IsNumber(m.Results[i].Type) })
}

// listsKeys reports whether a read is handed a list of keys or of entities, of which each is one that it reads.
func listsKeys(m *model.Method, e *model.Entity) bool {
	return slices.ContainsFunc(m.NonContext(), func(i int) bool {
		slice, ok := m.Params[i].Type.Underlying().(*types.Slice)
		return ok && (len(e.Parts) == 1 && types.Identical(slice.Elem(), e.Parts[0].Type) || e.Carries(shape.ElementOf(slice).Type))
	})
}

// keyOfSingleton is the key of an entity that there is one of.
func keyOfSingleton(_ *model.Interface, _ *model.Method, e *model.Entity) (plan.Key, string) {
	if !e.IsSingleton() {
		return plan.Key{}, ""
	}
	return plan.Key{Form: plan.KeyOne}, fmt.Sprintf("There is one %s.", e.Name)
}

// keyMade is the key of a create whose entity comes back: in a result, or behind a pointer that the store may fill in.
// Both are right even where the caller made the key.
func keyMade(in *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if m.Kind != plan.Write || m.Trait != verb.Creates || e.Type == nil {
		return plan.Key{}, ""
	}
	if key, reason := keyOfResult(in, m, e); key.Form != 0 {
		return key, reason
	}
	i, ok := e.Param(m, false)
	if !ok {
		return plan.Key{}, ""
	}
	if _, pointer := shape.Deref(m.Params[i].Type); !pointer {
		return plan.Key{}, ""
	}
	parts := e.PartsFrom(i, m.Params[i].Type)
	return plan.Key{Form: plan.KeyOut, Parts: parts},
		fmt.Sprintf("Key: %s, read after the primary's call, because a create may fill it in.", Paths(m, parts))
}

// keyOfEntity is the key of the one entity among the arguments.
func keyOfEntity(_ *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	i, ok := e.Param(m, false)
	if !ok || m.Fills(i) {
		return plan.Key{}, ""
	}
	parts := e.PartsFrom(i, m.Params[i].Type)
	key := plan.Key{Form: plan.KeyOne, Parts: parts}
	if _, pointer := shape.Deref(m.Params[i].Type); pointer && m.Kind == plan.Write && m.Trait == verb.Whole {
		key.MayBeMade = true
		return key, fmt.Sprintf("Key: %s, read after the primary's call where it was the zero value, because the store may fill it in.", Paths(m, parts))
	} else if !pointer && m.Kind == plan.Write && m.Trait == verb.Creates && hasID(e) && m.Said.Mirror == nil {
		key.MayBeMade, key.Untold = true, true
		return key, fmt.Sprintf("Key: %s. Where it is the zero value, and nothing stands under it after the primary's call, the store has made one and told nobody: the kind stays unclean.", Paths(m, parts))
	}
	return key, fmt.Sprintf("Key: %s.", Paths(m, parts))
}

// hasID reports whether a part of an entity's key is what stores make: an ID.
func hasID(e *model.Entity) bool {
	return e.Type != nil && slices.ContainsFunc(e.Parts, func(part model.KeyField) bool { return entity.IsID(e, part.Name) })
}

// keyOfEntities is the key of each entity in a list.
func keyOfEntities(_ *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	i, ok := e.Param(m, true)
	if !ok {
		return plan.Key{}, ""
	}
	elem := m.Params[i].Type.Underlying().(*types.Slice).Elem()
	parts := e.PartsFrom(i, elem)
	key := plan.Key{Form: plan.KeyEach, Parts: parts}
	if _, pointer := shape.Deref(elem); pointer && m.Kind == plan.Write && m.Trait == verb.Whole {
		key.MayBeMade = true
		return key, fmt.Sprintf("Key: %s of each, read after the primary's call where one was the zero value, because the store may fill it in.", Paths(m, parts))
	}
	return key, fmt.Sprintf("Key: %s of each.", Paths(m, parts))
}

// keysMade are the keys of a create of many, which the store may fill into what it is given: right, too, where the caller made them.
func keysMade(in *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if m.Kind != plan.Write || m.Trait != verb.Creates || e.Type == nil || callerMakes(in, e) {
		return plan.Key{}, ""
	}
	i, ok := e.Param(m, true)
	if !ok {
		return plan.Key{}, ""
	}
	parts := e.PartsFrom(i, m.Params[i].Type.Underlying().(*types.Slice).Elem())
	return plan.Key{Form: plan.KeyOutEach, Parts: parts},
		fmt.Sprintf("Key: %s of each, read after the primary's call, because a create may fill it in.", Paths(m, parts))
}

// callerMakes reports whether a create of one entity says that the caller makes its key: it is handed the entity by value, and
// returns no key.
func callerMakes(in *model.Interface, e *model.Entity) bool {
	return slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		if m.Kind != plan.Write || m.Trait != verb.Creates || m.Owner != e || len(m.NonError()) > 0 {
			return false
		}
		i, ok := e.Param(m, false)
		if !ok {
			return false
		}
		if said := m.Said.Key; said != nil {
			return said.Form == plan.KeyOne
		}
		_, pointer := shape.Deref(m.Params[i].Type)
		return !pointer
	})
}

// keyOfKeys is each key in a list of keys.
func keyOfKeys(_ *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if len(e.Parts) != 1 {
		return plan.Key{}, ""
	}
	part := e.Parts[0]
	for _, i := range m.NonContext() {
		slice, ok := m.Params[i].Type.Underlying().(*types.Slice)
		if !ok || !types.Identical(slice.Elem(), part.Type) {
			continue
		}
		name := text.Singular(m.SourceName(i))
		typed := !shape.IsBasic(part.Type) && !isSharedType(e, part)
		if typed || namesPart(name, e, part.Name) || slices.Contains(neutralKeys, text.BareName(name)) && !isField(e, name) {
			return plan.Key{Form: plan.KeyEach, Parts: []plan.KeyPart{{Param: i, Type: part.Type}}},
				fmt.Sprintf("Key: each of %s.", m.Params[i].Name)
		}
	}
	return plan.Key{}, ""
}

// keyOfResult is the key of an entity that a write returns, or the key itself where a create returns one that is
// certainly it.
func keyOfResult(_ *model.Interface, m *model.Method, e *model.Entity) (plan.Key, string) {
	if m.Kind != plan.Write || m.Trait != verb.Creates && m.Trait != verb.Takes {
		return plan.Key{}, ""
	}
	for _, i := range m.NonError() {
		r := m.Results[i]
		if c := shape.ElementOf(r.Type); e.Type != nil && !c.Many && types.Identical(c.Type, e.Type) {
			return plan.Key{Form: plan.KeyResult, Parts: e.PartsFrom(i, r.Type)}, "Key: of the result, because the primary may make it."
		}
		if m.Trait == verb.Creates && isMadeKey(m, e, i) {
			return plan.Key{Form: plan.KeyResult, Parts: []plan.KeyPart{{Param: i, Type: r.Type}}}, "Key: the result, because the primary makes it."
		}
	}
	return plan.Key{}, ""
}

// isMadeKey reports whether a result is certainly the key of what a create stored: by its type, or by its name.
func isMadeKey(m *model.Method, e *model.Entity, i int) bool {
	r := m.Results[i]
	if len(e.Parts) != 1 || !types.Identical(r.Type, e.Parts[0].Type) {
		return false
	}
	named := m.Sig.Results().At(i).Name()
	return !shape.IsBasic(r.Type) || namesPart(named, e, e.Parts[0].Name) || slices.Contains(neutralKeys, text.BareName(named))
}

// Paths writes a key's parts as expressions.
func Paths(m *model.Method, parts []plan.KeyPart) string {
	var all []string
	for _, p := range parts {
		path := m.Params[p.Param].Name
		for _, step := range p.Path {
			path += "." + step.Name
		}
		all = append(all, path)
	}
	return strings.Join(all, ", ")
}
