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
	"github.com/dualgen/dualgen/generator/plan"
)

// KeyDoubt is a reason not to believe the key that was found.
type KeyDoubt struct {
	Name, When, Example string

	// settle asks or proposes where the doubt applies, and says whether it does.
	settle func(*model.Interface, *model.Method, plan.Key) (model.Level, bool)
}

// KeyDoubts are all doubts about the key of a method. The first that applies is settled.
var KeyDoubts = []KeyDoubt{
	{
		Name: "a made key", When: "a create or a put returns one value of the key's type, or another value that may tell which one was stored",
		Example: "Put(ctx, User) (int64, error)", settle: returnsKey,
	},
	{
		Name: "an id beside it", When: "a method is handed a part of a key, or an entity, and another identifier that is neither a part of the key nor a field",
		Example: "RemoveDevice(ctx, account, deviceID) error, where a Device has no account", settle: otherID,
	},
	{
		Name: "a key under another name", When: "a read returns one entity, and is handed one value of the key's type whose name is no field",
		Example: "GetUser(ctx, handle string) (User, error)", settle: likelyKey,
	},
}

// doubtKey settles the first doubt about a key that applies, and returns the level of the key.
func doubtKey(in *model.Interface, m *model.Method, key plan.Key) model.Level {
	for _, doubt := range KeyDoubts {
		if level, applies := doubt.settle(in, m, key); applies {
			return level
		}
	}
	return model.Certain
}

// returnsKey proposes that the result of a write is the key, or asks what it tells.
func returnsKey(in *model.Interface, m *model.Method, key plan.Key) (model.Level, bool) {
	e := m.Owner
	results := m.NonError()
	if m.Kind != plan.Write || key.Form != plan.KeyOne || m.Trait != verb.Creates && m.Trait != verb.Whole || len(key.Parts) == 0 ||
		len(key.Parts[0].Path) == 0 || len(results) != 1 {
		return 0, false
	}
	t := m.Results[results[0]].Type
	caller := "else write " + m.Directive("key", Paths(m, key.Parts)) + " " + m.Place() + ", if the caller makes the key"
	if len(e.Parts) == 1 && types.Identical(t, e.Parts[0].Type) {
		in.Propose(&model.Proposal{Method: m, Verb: "key", Args: "result", Why: "its result has the type of the key, and nothing says that it is another"},
			fmt.Sprintf("the store likely makes the key of what %s writes", m.Name), caller)
		return model.Likely, true
	}
	named, _ := shape.NamedStruct(shape.ElementOf(t).Type)
	if named == nil || e.Carries(shape.ElementOf(t).Type) {
		return 0, false
	}
	in.Propose(&model.Proposal{Method: m, Verb: "key", Args: Paths(m, key.Parts), Why: fmt.Sprintf("its result, a %s, may tell which one was stored", shape.String(t))},
		fmt.Sprintf("the caller likely makes the key of what %s writes", m.Name),
		"else write "+m.Directive("key", "none")+" "+m.Place()+", if the store chooses what it writes")
	return model.Likely, true
}

// options are names of parameters that say how something is done, not what it is done to.
var options = []string{
	"limit", "offset", "page", "size", "count", "n", "now", "at", "before", "since", "until", "from", "to", "ttl", "expiry", "force", "reason", "order", "sort",
	"version", "revision", "rev", "status", "state", "by", "actor", "user agent", "ip",
}

// otherID asks about an identifier that isn't covered by the key.
func otherID(in *model.Interface, m *model.Method, key plan.Key) (model.Level, bool) {
	e := m.Owner
	if e.Type == nil || e.Beside != nil || e.IsSingleton() || key.Form != plan.KeyOne && key.Form != plan.KeyEach {
		return 0, false
	}
	for _, i := range m.Required() {
		name := m.SourceName(i)
		_, isNumber := types.Unalias(m.Params[i].Type).(*types.Basic)
		identifies := shape.IsKeyType(m.Params[i].Type) && !shape.IsBool(m.Params[i].Type) && !shape.IsNamed(m.Params[i].Type, "time", "Time")
		inKey := slices.ContainsFunc(key.Parts, func(p plan.KeyPart) bool { return p.Param == i })
		_, carries := e.Param(m, false)
		_, list := e.Param(m, true)
		if inKey || e.Carries(shape.ElementOf(m.Params[i].Type).Type) {
			continue
		}
		if m.Delete && !fitsField(e, name) && !isPart(e, name) && !slices.Contains(harmless, text.BareName(name)) && name != "" || list && identifies {
			return askOther(in, m, key, name)
		}
		own := isPart(e, name) && (!carries && !list || types.Identical(m.Params[i].Type, e.Parts[0].Type))
		if !identifies || name == "" || own || fitsField(e, name) || slices.Contains(options, text.BareName(name)) {
			continue
		}
		if isNumber && !looksLikeID(name) && m.Kind == plan.Write {
			continue // what it sets, which the doubts about the entity have looked at
		}
		if !looksLikeID(name) && m.Kind == plan.Read {
			continue
		}
		return askOther(in, m, key, name)
	}
	return 0, false
}

// harmless are names of parameters that say how an entity is removed, and not what else is.
var harmless = []string{"force", "reason", "now", "at", "version", "revision", "rev", "by", "actor", "dryrun"}

// askOther asks what an argument beside the key says.
func askOther(in *model.Interface, m *model.Method, key plan.Key, name string) (model.Level, bool) {
	e := m.Owner
	in.Ask(m, "write "+m.Directive("key", forms(key)+Paths(m, key.Parts))+" "+m.Place()+", if it touches nothing else\nor "+m.Directive("key", "none")+", if it may touch others"+
		"\nor describe what is found by both: //dualgen:entity "+e.Name+"Record key="+name+",… get=… put=… delete=… methods="+m.Name,
		"cannot tell which %s %s touches: it is handed %s too, which is neither a part of the key %s nor a field", e.Name, m.Name, name, e.PartNames())
	return model.Asked, true
}

// forms is the word before a key's paths in a directive.
func forms(key plan.Key) string {
	if key.Form == plan.KeyEach {
		return "each "
	}
	return ""
}

// looksLikeID reports whether a parameter's name says that it identifies something.
func looksLikeID(name string) bool {
	words := text.Camel(name)
	last := strings.ToLower(words[len(words)-1])
	return slices.Contains([]string{"id", "ids", "key", "uuid", "uid", "name", "namespace", "tenant", "bucket", "realm", "scope", "owner", "localpart", "server", "account", "org", "project"}, last)
}

// likelyKey proposes what a read is handed as the key, where it returns one entity and no other name speaks against it.
func likelyKey(in *model.Interface, m *model.Method, key plan.Key) (model.Level, bool) {
	e := m.Owner
	if m.Kind != plan.Read || key.Form != plan.KeyNone || len(e.Parts) != 1 || m.Loose || !e.GetsOne(m) || e.Beside != nil {
		return 0, false
	}
	args := m.Required()
	if len(args) != 1 || !types.Identical(m.Params[args[0]].Type, e.Parts[0].Type) {
		return 0, false
	}
	name := m.SourceName(args[0])
	by := slices.IndexFunc(m.Words.Noun, func(word string) bool { return strings.EqualFold(word, "by") })
	if isField(e, name) || by >= 0 || name != "" && speaksOfOther(m, e, "id") {
		return 0, false
	}
	in.Propose(&model.Proposal{Method: m, Verb: "key", Args: m.NameOf(args[0]), Why: fmt.Sprintf("%s has the type of the key %s, and no other name", m.NameOf(args[0]), e.PartNames())},
		fmt.Sprintf("%s likely finds a %s by its key", m.Name, e.Name), "else write "+m.Directive("key", "none")+" "+m.Place())
	return model.Likely, true
}
