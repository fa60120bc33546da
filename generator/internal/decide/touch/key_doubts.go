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

// KeyDoubt is a reason not to believe the key that was found.
type KeyDoubt struct {
	Name, When, Example string

	// settle asks or proposes where the doubt applies, and says whether it does. It returns the key that is likeliest.
	settle func(*model.Interface, *model.Method, plan.Key) (plan.Key, model.Level, bool)
}

// KeyDoubts are all doubts about the key of a method. The first that applies is settled.
var KeyDoubts = []KeyDoubt{
	{
		Name: "a made key", When: "a create or a put returns one value of the key's type, or another value that may tell which one was stored",
		Example: "Put(ctx, User) (int64, error)", settle: returnsKey,
	},
	{
		Name: "a key that nobody is told", When: "a create is handed an entity by value, and returns nothing, where a whole number identifies it",
		Example: "Create(ctx, User) error, where ID is an int64", settle: tellsNobody,
	},
	{
		Name: "a second key", When: "a write is handed another value of the key's type, or of that of another entity's key, whose name is no field and says nothing else",
		Example: "MoveBalance(ctx, id, to uint, amount int64) error", settle: secondKey,
	},
	{
		Name: "several under one key", When: "a write is named for several entities, and is handed one key",
		Example: "DeletePushers(ctx, appID, pushKey) error, where both are the key of a Pusher", settle: severalUnder,
	},
	{
		Name: "a new entity", When: "a write whose name says no more is handed a key, and returns an entity",
		Example: "Clone(ctx, id) (*Account, error)", settle: newEntity,
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

// doubtKey settles the first doubt about a key that applies, and returns the likeliest key and its level.
func doubtKey(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level) {
	for _, doubt := range KeyDoubts {
		if likeliest, level, applies := doubt.settle(in, m, key); applies {
			return likeliest, level
		}
	}
	return key, model.Certain
}

// returnsKey proposes that the result of a write is the key, or asks what it tells.
func returnsKey(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	results := m.NonError()
	if m.Kind != plan.Write || key.Form != plan.KeyOne || m.Trait != verb.Creates && m.Trait != verb.Whole || len(key.Parts) == 0 ||
		len(key.Parts[0].Path) == 0 || len(results) != 1 {
		return key, 0, false
	}
	t := m.Results[results[0]].Type
	caller := "else write " + m.Directive("key", paths(m, key.Parts)) + " " + m.Place() + ", if the caller makes the key"
	if len(e.Parts) == 1 && types.Identical(t, e.Parts[0].Type) {
		in.Propose(&model.Proposal{Method: m, Verb: "key", Args: "result", Why: "its result has the type of the key, and nothing says that it is another"},
			fmt.Sprintf("the store likely makes the key of what %s writes", m.Name), caller)
		return plan.Key{Form: plan.KeyResult, Parts: []plan.KeyPart{{Param: results[0], Type: t}}}, model.Likely, true
	}
	named, _ := shape.NamedStruct(shape.ElementOf(t).Type)
	if named == nil || e.Carries(shape.ElementOf(t).Type) {
		return key, 0, false
	}
	why := fmt.Sprintf("its result, %s, may tell which one was stored", text.A(shape.String(t)))
	return wide, proposeWide(in, m, why, "else write "+m.Directive("key", paths(m, key.Parts))+" "+m.Place()+", if the caller makes the key"), true
}

// tellsNobody doubts the key of a create that is handed an entity by value. Stores number what they insert, and this one could not say which
// number it made: what was created would stand under a key that no copy looks at.
func tellsNobody(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	if m.Kind != plan.Write || m.Trait != verb.Creates || key.Form != plan.KeyOne || len(m.NonError()) > 0 || len(e.Parts) != 1 ||
		len(key.Parts) != 1 || len(key.Parts[0].Path) == 0 || !shape.IsInteger(e.Parts[0].Type) || !entity.IsID(e, e.Parts[0].Name) {
		return key, 0, false
	}
	part := e.Parts[0].Name
	why := fmt.Sprintf("the store may make the %s, and %s cannot tell which it made", part, m.Name)
	other := "else write " + m.Directive("key", paths(m, key.Parts)) + " " + m.Place() + ", if the caller makes the " + part +
		fmt.Sprintf("\nor let it return the %s, or take a pointer and fill it in: then one entity is copied, and no other is unclean", part)
	return wide, proposeWide(in, m, why, other), true
}

// wide is the key of a method that may touch any entity of its kind.
var wide = plan.Key{Form: plan.KeyNone}

// severalUnder doubts that a write which is named for several entities touches the one under the key that it is handed.
func severalUnder(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	noun := strings.Join(m.Words.Noun, "")
	if m.Kind != plan.Write || key.Form != plan.KeyOne || len(key.Parts) == 0 || len(key.Parts[0].Path) > 0 || e.IsSingleton() ||
		text.SameName(noun, e.Name) || text.SameName(noun, text.Singular(noun)) || !text.SameName(text.Singular(noun), e.Name) {
		return key, 0, false
	}
	why := fmt.Sprintf("its name speaks of several, and it is handed one %s", e.PartNames())
	return wide, proposeWide(in, m, why, "else write "+m.Directive("key", paths(m, key.Parts))+" "+m.Place()+", if it touches that one alone"), true
}

// options are names of parameters that say how something is done, not what it is done to.
var options = []string{
	"limit", "offset", "page", "size", "count", "n", "now", "at", "before", "since", "until", "from", "to", "ttl", "expiry", "force", "reason", "order", "sort",
	"version", "revision", "rev", "status", "state", "by", "actor", "user agent", "ip",
}

// otherID doubts a key because of an identifier that isn't covered by the key.
func otherID(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	if e.Type == nil || e.Beside != nil || e.IsSingleton() || key.Form != plan.KeyOne && key.Form != plan.KeyEach && key.Form != plan.KeyOutEach {
		return key, 0, false
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
		if m.Delete && !fitsField(e, name) && !isPart(e, name) && !slices.Contains(harmless, text.BareName(name)) && name != "" || list && !slices.Contains(options, text.BareName(name)) && !isCarried(m.Params[i].Type) {
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
	return key, 0, false
}

// isCarried reports whether a type carries a request, or options.
func isCarried(t types.Type) bool {
	named, _ := shape.NamedStruct(shape.ElementOf(t).Type)
	return named != nil && shape.IsCarrier(named.Obj().Name())
}

// harmless are names of parameters that say how an entity is removed, and not what else is.
var harmless = []string{"force", "reason", "now", "at", "version", "revision", "rev", "by", "actor", "dryrun"}

// askOther proposes that a method with another argument beside the key may touch any entity.
func askOther(in *model.Interface, m *model.Method, key plan.Key, name string) (plan.Key, model.Level, bool) {
	e := m.Owner
	why := fmt.Sprintf("it is handed %s too, which is neither a part of the key %s nor a field", name, e.PartNames())
	both := "else write "
	if i := m.ParamCalled(name); m.Kind == plan.Write && len(e.Parts) == 1 && i >= 0 && types.Identical(elemOf(m.Params[i].Type), e.Parts[0].Type) {
		both += m.Directive("key", "each "+paths(m, key.Parts)+","+name) + " " + m.Place() + ", if it touches both\nor "
	}
	return wide, proposeWide(in, m, why, both+m.Directive("key", forms(key)+paths(m, key.Parts))+" "+m.Place()+", if it touches nothing else"+
		"\nor describe what is found by both: //dualgen:entity "+e.Name+"Record key="+name+",… get=… put=… delete=… methods="+m.Name), true
}

// paths writes a key's parts as a directive has them.
func paths(m *model.Method, parts []plan.KeyPart) string {
	return strings.ReplaceAll(Paths(m, parts), ", ", ",")
}

// forms is the word before a key's paths in a directive.
func forms(key plan.Key) string {
	switch key.Form {
	case plan.KeyEach:
		return "each "
	case plan.KeyOutEach:
		return "out each "
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
func likelyKey(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	if m.Kind != plan.Read || key.Form != plan.KeyNone || len(e.Parts) != 1 || m.Loose || !e.GetsOne(m) || e.Beside != nil {
		return key, 0, false
	}
	args := m.Required()
	if len(args) != 1 || !types.Identical(m.Params[args[0]].Type, e.Parts[0].Type) {
		return key, 0, false
	}
	name := m.SourceName(args[0])
	by := slices.IndexFunc(m.Words.Noun, func(word string) bool { return strings.EqualFold(word, "by") })
	if isField(e, name) || by >= 0 || name != "" && speaksOfOther(m, e, "id") {
		return key, 0, false
	}
	in.Propose(&model.Proposal{Method: m, Verb: "key", Args: m.NameOf(args[0]), Why: fmt.Sprintf("%s has the type of the key %s, and no other name", m.NameOf(args[0]), e.PartNames())},
		fmt.Sprintf("%s likely finds %s by its key", m.Name, text.A(e.Name)), "else write "+m.Directive("key", "none")+" "+m.Place())
	return plan.Key{Form: plan.KeyOne, Parts: []plan.KeyPart{{Param: args[0], Type: m.Params[args[0]].Type}}}, model.Likely, true
}
