package touch

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// askOwner asks which entities writes touch of which nothing says so, once for all of an interface. What is named for the same is
// described by one line.
func askOwner(in *model.Interface, m *model.Method, why string) {
	if m.Words.Noun == nil && m.Words.First == nil || why == "" {
		why = ": nothing in its signature or its name is an entity that is known"
	}
	if m.Why == "" {
		m.Why = strings.TrimPrefix(why, ": ")
	}
	in.AskTogether("owner", m, func(in *model.Interface, all []*model.Method) (what, remedy string) {
		what = fmt.Sprintf("cannot tell which entity %s %s: %s", model.Names(all), writeVerb(all), all[0].Why)
		if len(all) > 1 {
			what = fmt.Sprintf("cannot tell which entities %s write", model.Names(all))
		}
		if len(in.Entities) > 0 {
			remedy = chooseEntity(in, all) + "\nor "
		}
		for n, family := range families(in, all) {
			if n > 0 {
				remedy += "\n"
			}
			if len(in.Entities) > 0 && !m.Foreign {
				remedy += "above the interface: //dualgen:entity " + nameFor(in, family[0]) + " methods=" + model.JoinNames(family)
				continue
			}
			remedy += describe(in, family)
		}
		return what, remedy
	})
}

// families are methods by what they are named for.
func families(in *model.Interface, all []*model.Method) [][]*model.Method {
	var families [][]*model.Method
	for _, m := range all {
		i := slices.IndexFunc(families, func(f []*model.Method) bool { return guessName(in, f[0]) == guessName(in, m) })
		if i < 0 {
			families = append(families, []*model.Method{m})
			continue
		}
		families[i] = append(families[i], m)
	}
	return families
}

// writeVerb is the verb of a sentence about writes.
func writeVerb(all []*model.Method) string {
	if len(all) == 1 {
		return "writes"
	}
	return "write"
}

// ChooseEntity lists the directives of which one says what a method touches, and the one that says that it touches them all.
func ChooseEntity(in *model.Interface, m *model.Method) string {
	return chooseEntity(in, []*model.Method{m})
}

// chooseEntity is ChooseEntity for methods of which the same is open.
func chooseEntity(in *model.Interface, all []*model.Method) string {
	names := in.EntityNames()
	it, above := "it", "above it"
	if len(all) > 1 {
		it, above = "them", "above each"
	}
	if all[0].Foreign {
		remedy := "add " + it + " to one of these above the interface, or to several:"
		for _, name := range names {
			remedy += "\n//dualgen:entity " + name + " methods=" + model.JoinNames(all)
		}
		return remedy
	}
	remedy := "write one of these " + above + ":"
	for _, name := range names {
		remedy += "\n//dualgen:entity " + name
	}
	if len(names) > 1 {
		remedy += "\n//dualgen:entity " + strings.Join(names, ",") + ", or those of them that it touches"
	}
	return remedy
}

// describe shows a directive for a write of something that is no struct: what it writes is found by its first parameter
// that can be a key, and the others are its fields.
func describe(in *model.Interface, all []*model.Method) string {
	m := all[0]
	key := "none"
	for _, i := range m.NonContext() {
		if in.IsKeyType(m.Params[i].Type) && !m.Params[i].Variadic {
			key = m.NameOf(i)
			break
		}
	}
	if name := carriesInterface(m); name != "" {
		said := "//dualgen:entity " + name
		return "if what it writes is " + name + ": " + said + " key=… get=… put=… delete=… above the interface, with a getter of it as the key"
	}
	entity := nameFor(in, m)
	said := "//dualgen:entity " + entity + " key=" + key
	return "if its arguments are all that it writes: " + said + " get=none put=none delete=none methods=" + model.JoinNames(all) + " above the interface\nor declare a struct " + entity +
		", and functions over a store that copy one: " + said + " get=… put=… delete=… methods=" + model.JoinNames(all)
}

// nameFor is a name for the entity that a method writes, of the words after its verb: Session for SaveSessionByID. Where they
// say nothing, or what is there already, it is Name.
func nameFor(in *model.Interface, m *model.Method) string {
	noun := m.Words.Noun
	if i := slices.IndexFunc(noun, func(word string) bool { return slices.Contains(neutralNouns, strings.ToLower(word)) }); i >= 0 {
		noun = noun[:i]
	}
	name := text.Singular(strings.Join(noun, ""))
	if !token.IsExported(name) || len(noun) == 1 && isNoNoun(noun[0]) || slices.Contains(in.EntityNames(), name) || in.Object.Pkg().Scope().Lookup(name) != nil {
		return "Name"
	}
	return name
}

// isNoNoun reports whether a word that stands alone behind a verb is certainly no noun: Into of MergeInto, Paid of MarkPaid.
func isNoNoun(word string) bool {
	word = strings.ToLower(word)
	particles := []string{"into", "to", "onto", "of", "on", "off", "out", "up", "down", "over", "as", "paid", "sent", "done", "read", "seen", "spent", "sold", "lost", "known", "active", "inactive"}
	participle := strings.HasSuffix(word, "ed") && len(word) > 4 && !strings.HasSuffix(word, "eed")
	return participle || slices.Contains(particles, word)
}

// carriesInterface is the name of the first interface that a method's parameters or results carry, streams aside, or "".
func carriesInterface(m *model.Method) string {
	for _, t := range m.Mentioned() {
		named, ok := types.Unalias(t).(*types.Named)
		if !ok || named.Obj().Pkg() == nil || shape.IsContext(t) || shape.IsStream(t) {
			continue
		}
		if iface, ok := named.Underlying().(*types.Interface); ok && iface.NumMethods() > 0 {
			return named.Obj().Name()
		}
	}
	return ""
}
