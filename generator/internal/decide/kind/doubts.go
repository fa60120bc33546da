package kind

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

// Doubt is a reason not to believe a method's name.
type Doubt struct {
	Name    string
	When    string
	Example string
	Of      plan.Kind // the kind that the name says

	// why says what speaks against the name, "" where nothing does.
	why func(*model.Interface, *model.Method) string
	// settle proposes or asks, and returns what later stages go on with.
	settle func(*model.Interface, *model.Method, Decision, string) Decision
}

// Doubts are all doubts about what a method does. The first that applies is settled.
var Doubts = []Doubt{
	{
		Name: "a verb inside", Of: plan.Read, When: "a verb stands behind words that name nothing that is known, and fewer than three methods begin with them",
		Example: "JobGet(ctx, id)", why: innerVerb, settle: proposeKind,
	},
	{
		Name: "a verb inside", Of: plan.Write, When: "a verb stands behind words that name nothing that is known, and fewer than three methods begin with them",
		Example: "JobInsert(ctx, Job)", why: innerVerb, settle: proposeInner,
	},
	{
		Name: "two verbs", Of: plan.Read, When: "the name of a read has the verb of a write in it, which neither a type, nor a field, nor a parameter explains",
		Example: "QueryDelete(ctx, text) (int, error)", why: writesToo, settle: settleTwoVerbs,
	},
	{
		Name: "reads from a stream", Of: plan.Read, When: "a read is handed an io.Reader, and returns nothing of an entity",
		Example: "ReadFrom(io.Reader) (int64, error)", why: readsStream, settle: askWrite,
	},
	{
		Name: "fills the receiver", Of: plan.Read, When: "a read is handed a value of any type and nothing that says what to read, as sql.Scanner is",
		Example: "Scan(any) error", why: fillsReceiver, settle: askWrite,
	},
	{
		Name: "a function that may change", Of: plan.Read, When: "a read hands a pointer to a struct to a function of the caller's, which may change it",
		Example: "Each(ctx, func(*User) error) error", why: handsPointer, settle: proposeRead,
	},
	{
		Name: "a sibling that only looks", Of: plan.Read, When: "a Peek of the same signature stands beside a Get: where one only looks, the other may do more",
		Example: "Get(key) beside Peek(key)", why: hasPeek, settle: ask,
	},
	{
		Name: "takes what it returns", Of: plan.Read, When: "a read finds one struct without a key, and another method completes, extends or releases one",
		Example: "GetTask(ctx, queues []string) (*Task, error) beside CompleteTask(ctx, *Task) error", why: leases, settle: askWrite,
	},
	{
		Name: "reads nothing", Of: plan.Read, When: "a read returns nothing, and is handed nothing that it could fill in but maybe a map",
		Example: "Load(ctx) error", why: returnsNothing, settle: settleNothing,
	},
	{
		Name: "cannot fail", Of: plan.Write, When: "a write takes nothing, and returns a value and no error",
		Example: "New() User", why: cannotFail, settle: ask,
	},
	{
		Name: "stores nothing", Of: plan.Write, When: "a write that stores something whole by its verb, or marks it, is handed nothing and returns nothing",
		Example: "Save() error", why: storesNothing, settle: proposeKindLifecycle,
	},
	{
		Name: "brings back what is hidden", Of: plan.Write, When: "a write brings back what a delete has hidden, and no directive names all that copies hidden entities",
		Example: "Restore(ctx, id) error", why: revives, settle: askRevived,
	},
}

// explained reports whether a word of a method's name is part of the name of a type, a field or a parameter of its signature.
func explained(m *model.Method, word string) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(text.Camel(name), func(w string) bool { return strings.EqualFold(w, word) || strings.EqualFold(text.Singular(w), word) })
	}
	for _, t := range m.Mentioned() {
		named, ok := types.Unalias(t).(*types.Named)
		if ok && (shape.IsCarrier(named.Obj().Name()) || strings.HasPrefix(named.Obj().Name(), m.Name)) {
			continue // it is named for what is done, not for what is read
		}
		if ok && has(named.Obj().Name()) {
			return true
		}
		if slices.ContainsFunc(shape.FieldNames(t), func(field string) bool { return strings.EqualFold(field, word) }) {
			return true
		}
	}
	return slices.ContainsFunc(m.ParamNames(), has)
}

// adjectives are words that are verbs of writes too, and in the name of a read say which.
var adjectives = []string{"new"}

// writesToo says which words of a read's name are verbs of writes.
func writesToo(_ *model.Interface, m *model.Method) string {
	words := slices.DeleteFunc(verb.Writes(m.Words), func(word string) bool {
		return slices.Contains(adjectives, strings.ToLower(word)) || explained(m, word)
	})
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf("its name says both %s and %s", m.Words.Verb, strings.Join(words, " and "))
}

// askWrite asks what a method does, and goes on as if it wrote, so that what else would have to be said then is asked with it.
func askWrite(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	d.Kind, d.Trait = plan.Write, verb.Plain
	return ask(in, m, d, why)
}

// ask asks what a method does.
func ask(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	in.AskFor(m, kindAnswers(d.Kind), chooseKind(m), "cannot tell whether %s reads or writes: %s", m.Name, why)
	d.Level = model.Asked
	return d
}

// proposeRead proposes that a method reads.
func proposeRead(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	in.Propose(&model.Proposal{Method: m, Verb: "read", Why: why}, m.Name+" likely reads",
		"else "+m.Choose(m.Directive("write"), m.Directive("delete"), m.Directive("primary")), "write", "delete")
	d.Level = model.Likely
	return d
}

// readsStream says that a read is handed a reader and returns no entity.
func readsStream(_ *model.Interface, m *model.Method) string {
	reads := slices.ContainsFunc(m.NonContext(), func(i int) bool { return shape.Moves(m.Params[i].Type, "Read") })
	if !reads || slices.ContainsFunc(m.NonError(), func(i int) bool {
		named, _ := shape.NamedStruct(shape.ElementOf(m.Results[i].Type).Type)
		return named != nil
	}) {
		return ""
	}
	return "it is handed a reader, and returns nothing of an entity, as what stores the reader's content does"
}

// fillsReceiver says that a read is handed a value of any type alone.
func fillsReceiver(in *model.Interface, m *model.Method) string {
	args := m.Required()
	if len(args) != 1 || len(m.NonError()) > 0 || m.Error < 0 {
		return ""
	}
	t := m.Params[args[0]].Type
	if iface, ok := t.Underlying().(*types.Interface); !ok || iface.NumMethods() > 0 || in.IsKeyType(t) {
		return ""
	}
	if _, generic := types.Unalias(t).(*types.TypeParam); generic {
		return ""
	}
	return "it is handed a value of any type, and nothing that says what to read, as what fills the receiver is"
}

// handsPointer says that a read's function is handed a pointer to a struct.
func handsPointer(_ *model.Interface, m *model.Method) string {
	for _, i := range m.NonContext() {
		sig, ok := m.Params[i].Type.Underlying().(*types.Signature)
		if !ok {
			continue
		}
		for p := range sig.Params().Variables() {
			elem, pointer := shape.Deref(p.Type())
			if named, _ := shape.NamedStruct(elem); pointer && named != nil {
				return fmt.Sprintf("it hands a pointer to %s to a function, which may change it", text.A(shape.String(elem)))
			}
		}
	}
	return ""
}

// hasPeek says that a Peek of the same signature stands beside a read.
func hasPeek(in *model.Interface, m *model.Method) string {
	for _, peek := range in.Methods {
		if peek.Words.Verb == "Peek" && m != peek && m.Words.Verb != "Peek" && types.Identical(m.Sig, peek.Sig) &&
			text.SameName(strings.Join(m.Words.Noun, ""), strings.Join(peek.Words.Noun, "")) {
			return peek.Name + " has the same signature, and only looks"
		}
	}
	return ""
}

// revives says that a write brings back what the repository doesn't show.
func revives(in *model.Interface, m *model.Method) string {
	if m.Trait != verb.Revives && m.Words.Trait != verb.Revives || m.Said.Mirror != nil {
		return ""
	}
	for _, said := range in.Said.Entities {
		if said.Get.Text != "" && said.Scan.Text != "" && len(said.Put) > 0 && said.Delete.Text != "" {
			return ""
		}
	}
	return "it brings back what the store keeps and does not show: neither a copy nor a verify pass sees that"
}

// askRevived asks how hidden entities are copied.
func askRevived(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	replay := "\nor write " + m.Directive("mirror", "replay") + " " + m.Place() + ", if what is hidden now may be left behind"
	if m.TakesOnce() {
		replay = ""
	}
	in.Ask(m, "name a get and a scan that give hidden ones too, a put that stores one hidden or not, and a delete that removes for good, methods of both stores or functions over a store: //dualgen:entity … get=… put=… delete=… scan=… above the interface"+replay,
		"cannot copy what %s restores: %s", m.Name, why)
	d.Level = model.Asked
	return d
}

// leasing are verbs of what follows when a task was taken.
var leasing = []string{"complete", "finish", "ack", "nack", "extend", "release", "fail", "heartbeat", "renew", "retry"}

// leases says that a read may take what it returns.
func leases(in *model.Interface, m *model.Method) string {
	results := m.NonError()
	if len(results) != 1 || slices.ContainsFunc(m.Required(), func(i int) bool { return in.IsKeyType(m.Params[i].Type) }) {
		return ""
	}
	element := shape.ElementOf(m.Results[results[0]].Type)
	named, _ := shape.NamedStruct(element.Type)
	if named == nil || element.Many {
		return ""
	}
	for _, other := range in.Methods {
		words := text.Camel(other.Name)
		if len(words) < 2 || !slices.Contains(leasing, strings.ToLower(words[0])) {
			continue
		}
		if text.SameName(strings.Join(words[1:], ""), strings.Join(m.Words.Noun, "")) {
			return fmt.Sprintf("%s follows it, so that it may take what it returns", other.Name)
		}
	}
	return ""
}

// innerVerb says that a verb stands behind words that name nothing that is known.
func innerVerb(in *model.Interface, m *model.Method) string {
	if !m.Words.Inner {
		return ""
	}
	family := 0
	for _, other := range in.Methods {
		if len(other.Words.First) > 0 && strings.EqualFold(other.Words.First[0], m.Words.First[0]) {
			family++
		}
	}
	if family >= 3 {
		return ""
	}
	return fmt.Sprintf("%s stands behind %s", m.Words.Verb, strings.Join(m.Words.First, ""))
}

// proposeKind proposes the kind that was found.
func proposeKind(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	word := map[plan.Kind]string{plan.Read: "read", plan.Write: "write", plan.Primary: "primary", plan.Lifecycle: "lifecycle"}[d.Kind]
	if d.Delete {
		word = "delete"
	}
	says := map[string]string{"read": "likely reads", "write": "likely writes", "delete": "likely deletes", "primary": "is likely for the primary alone", "lifecycle": "is likely of the life of a store"}[word]
	in.Propose(&model.Proposal{Method: m, Verb: word, Why: why}, m.Name+" "+says, "else "+chooseKind(m), kindAnswers(d.Kind)...)
	d.Level = model.Likely
	return d
}
