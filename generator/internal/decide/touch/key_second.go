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

// amounts are last words of names of parameters that say how much, when or how, and so no key, though they may have its type.
var amounts = strings.Fields("amount n count quantity qty delta by limit offset size step value total sum price cost fee score rank points balance position index idx level weight priority " +
	"seconds minutes hours days ms millis nanos timestamp time at expires expiry ttl now since until before version revision rev epoch generation seq sequence status state type kind mode flags")

// words are last words of names of texts that say something about one entity.
var words = strings.Fields("name title reason comment note notes description message text content data body payload email mail phone address url uri link path file filename image avatar color colour tag label labels " +
	"token hash password passwd secret salt digest checksum etag format lang language locale timezone zone currency code ip agent actor author user editor operator method query pattern filter expr expression " +
	"field column attribute attr property prop json xml html summary subject header cursor nonce signature cert pem lock holder owner worker node host hostname error err result output input log role scope permission pin otp nickname username login display icon")

// secondKey proposes both keys of a write that is handed another value which may be one.
func secondKey(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	if m.Kind != plan.Write || e.Type == nil || e.IsSingleton() || key.Form != plan.KeyOne && key.Form != plan.KeyEach || m.Said.Key != nil {
		return key, 0, false
	}
	others := mayBeKeys(in, m, key)
	if len(others) == 0 {
		return key, 0, false
	}
	first := m.NameOf(others[0])
	if of := keyOfOther(in, e, elemOf(m.Params[others[0]].Type)); of != nil {
		in.AskFor(m, []string{"entity " + e.Name + "," + of.Name}, "write //dualgen:entity "+e.Name+","+of.Name+" above it, and //dualgen:key "+e.Name+"="+paths(m, key.Parts)+" "+of.Name+"="+first+", if it changes both\n"+
			"or "+m.Directive("key", forms(key)+paths(m, key.Parts))+" "+m.Place()+", if it changes the "+e.Name+" alone",
			"cannot tell whether %s changes a %s too: its %s has the type of the key of one", m.Name, of.Name, first)
		return key, model.Asked, true
	}
	one := "else write " + m.Directive("key", forms(key)+paths(m, key.Parts)) + " " + m.Place() + ", if it changes nothing else"
	if len(e.Parts) > 1 {
		in.AskFor(m, []string{"key none"}, "write "+m.Directive("key", "none")+" "+m.Place()+", if it may change another\n"+strings.TrimPrefix(one, "else "),
			"cannot tell which %s %s changes: its %s may be a part of the key of another", e.Name, m.Name, first)
		return key, model.Asked, true
	}
	said := paths(m, key.Parts)
	for _, i := range others {
		said += "," + m.NameOf(i)
	}
	in.Propose(&model.Proposal{Method: m, Verb: "key", Args: "each " + said, Why: first + " has the type of the key too, and is no field"},
		fmt.Sprintf("%s likely changes each %s that it is handed the key of", m.Name, e.Name), one)
	return key, model.Likely, true
}

// mayBeKeys are the parameters beside a key that may be another one: by their type, unless their names say what else they are.
func mayBeKeys(in *model.Interface, m *model.Method, key plan.Key) []int {
	e := m.Owner
	_, carries := e.Param(m, false)
	var found []int
	for _, i := range m.NonContext() {
		t := elemOf(m.Params[i].Type)
		name := text.Singular(m.SourceName(i))
		inKey := slices.ContainsFunc(key.Parts, func(p plan.KeyPart) bool { return p.Param == i })
		own := slices.ContainsFunc(e.Parts, func(p model.KeyField) bool { return types.Identical(p.Type, t) })
		switch {
		case inKey, !own && keyOfOther(in, e, t) == nil, e.Beside != nil && types.Identical(e.Beside, t):
		case carries && isPart(e, name), fitsField(e, name), saysOther(e, name, m.Params[i].Type):
		case !own && isField(e, name):
		default:
			found = append(found, i)
		}
	}
	return found
}

// saysOther reports whether a parameter's name says that it is no key, where its type has no name of its own to say that it is one. A
// list of texts is one of keys only where its name says so.
func saysOther(e *model.Entity, name string, of types.Type) bool {
	t := elemOf(of)
	if !shape.IsBasic(t) || name == "" {
		return false
	}
	if t != of && shape.IsText(t) {
		return !looksLikeID(name) && !isPart(e, name) && !slices.Contains([]string{"other", "target", "into", "from", "to"}, text.BareName(name))
	}
	list := text.Camel(name)
	last := strings.ToLower(list[len(list)-1])
	return slices.Contains(amounts, last) || shape.IsText(t) && slices.Contains(words, last)
}

// keyOfOther is another entity of which a type is certainly the key, or nil.
func keyOfOther(in *model.Interface, e *model.Entity, t types.Type) *model.Entity {
	if shape.IsBasic(t) || shape.IsNamed(t, "time", "Time") || slices.ContainsFunc(e.Parts, func(p model.KeyField) bool { return types.Identical(p.Type, t) }) {
		return nil
	}
	for _, other := range in.Entities {
		if other != e && len(other.Parts) == 1 && types.Identical(other.Parts[0].Type, t) {
			return other
		}
	}
	return nil
}

// elemOf is what a list is one of, or the type itself.
func elemOf(t types.Type) types.Type {
	if slice, ok := t.Underlying().(*types.Slice); ok {
		return slice.Elem()
	}
	return t
}

// newEntity asks which one a write changes that is handed a key and returns an entity: it may be a new one.
func newEntity(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	if m.Kind != plan.Write || m.Trait != verb.Plain || key.Form != plan.KeyOne || m.Said.Key != nil || changesOne(m) {
		return key, 0, false
	}
	returns := slices.ContainsFunc(m.NonError(), func(i int) bool {
		r := shape.ElementOf(m.Results[i].Type)
		return !r.Many && e.Type != nil && types.Identical(r.Type, e.Type)
	})
	if !returns || len(key.Parts) == 0 || len(key.Parts[0].Path) > 0 {
		return key, 0, false
	}
	path := "result"
	if len(e.Parts) == 1 {
		path += "." + e.Parts[0].Name
	}
	in.Ask(m, "write "+m.Directive("key", path)+" "+m.Place()+", if it makes a new one and returns that\n"+
		"or "+m.Directive("key", "each "+path+","+paths(m, key.Parts))+", if it changes that of "+paths(m, key.Parts)+" too\n"+
		"or "+m.Directive("key", paths(m, key.Parts))+", if it changes that one alone, and returns it",
		"cannot tell which %s %s writes: the one of %s, or the one that it returns", e.Name, m.Name, paths(m, key.Parts))
	return key, model.Asked, true
}

// changesOne reports whether a write's name certainly says that it changes what is there.
func changesOne(m *model.Method) bool {
	return m.Words.Kind == plan.Write && !m.Words.Inner && !slices.Contains([]string{"merge", "import", "transfer", "move"}, strings.ToLower(m.Words.Verb))
}
