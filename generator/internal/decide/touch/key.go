package touch

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

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
	} else if !pointer && mayMakeUntold(m, e) {
		key.MayBeMade, key.Untold = true, true
		return key, fmt.Sprintf("Key: %s. Where it is the zero value, and nothing that was stored stands under it after the primary's call, the store has made one and told nobody: the kind stays unclean.", Paths(m, parts))
	}
	return key, fmt.Sprintf("Key: %s.", Paths(m, parts))
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
	if _, pointer := shape.Deref(elem); pointer && m.Kind == plan.Write && m.Trait == verb.Whole || !pointer && mayMakeUntold(m, e) {
		key.MayBeMade = true
		return key, fmt.Sprintf("Key: %s of each, read after the primary's call where one was the zero value, because the store may fill it in.", Paths(m, parts))
	}
	return key, fmt.Sprintf("Key: %s of each.", Paths(m, parts))
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
