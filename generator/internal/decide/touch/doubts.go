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

// Doubt is a reason not to believe that a write touches one entity alone.
type Doubt struct {
	Name, When, Example string

	why    func(*model.Interface, *model.Method, *model.Entity) string
	remedy func(*model.Interface, *model.Method, *model.Entity) string
	// owners are those that are proposed; nil where nothing is likely.
	owners func(*model.Interface, *model.Method, *model.Entity) []*model.Entity
	wide   bool // the write may touch any entity of its kind
}

// Doubts are all doubts about the entity of a write. The first that applies is asked.
var Doubts = []Doubt{
	{
		Name: "a second entity", When: "a write is handed a struct of another entity, or a list of them, which the first doesn't hold",
		Example: "CreatePipeline(ctx, *Pipeline, ...*Step) error", why: secondEntity, remedy: severalEntities, owners: allHanded,
	},
	{
		Name: "two nouns", When: "a write's name joins two nouns",
		Example: "CreateOrderAndItems(ctx, *Order) error", why: twoNouns, remedy: thisEntity,
	},
	{
		Name: "an entity inside", When: "a write is handed an entity with a field that holds another entity, which the interface writes by itself too",
		Example: "CreateOrder(ctx, *Order) error, where an Order holds a Customer, beside SaveCustomer", why: entityInside, remedy: entityInsideRemedy, owners: withInside,
	},
	{
		Name: "another name", When: "a write is handed an entity, and its name speaks of something that is neither the entity nor a field",
		Example: "SetCreation(ctx, *Event) error", why: otherName, remedy: thisEntity, owners: partOfName,
	},
	{
		Name: "another namespace", When: "a write's name has a qualifier that the entity's name doesn't have, and something is found under that name too",
		Example: "SetAdminSession(ctx, *Session) error beside GetAdminSession", why: otherNamespace, remedy: namespaceEntity, owners: partOfName,
	},
	{
		Name: "something of it", When: "a write is named for something of an entity that is no field of it, or that is an entity too",
		Example: "RevokeUserTokens(ctx, userID) error, where a User has no tokens", why: partApart, remedy: thisEntity, owners: withPart,
	},
	{
		Name: "a row beside it", When: "a write is neither named for the entity nor handed one, and an argument of it fits no field of the entity",
		Example: "AddTag(ctx, postID, tag) error, where Post has no tags", why: rowBeside, remedy: rowEntity, owners: namedFor, wide: true,
	},
}

// doubtOwner proposes what the first doubt that applies leaves likely, or asks, and returns the level of what was found.
func doubtOwner(in *model.Interface, m *model.Method, e *model.Entity) model.Level {
	for _, doubt := range Doubts {
		why := doubt.why(in, m, e)
		if why == "" {
			continue
		}
		if doubt.owners != nil {
			if all := doubt.owners(in, m, e); len(all) > 0 {
				if doubt.wide {
					m.Wide = why
				}
				return proposeOwners(in, m, all, why)
			}
		}
		in.AskTogether(e.Alone(doubt.Name), m, func(in *model.Interface, all []*model.Method) (what, remedy string) {
			for n, m := range all {
				if n > 0 {
					remedy += "\n"
				}
				if len(all) > 1 {
					remedy += m.Name + ": " + doubt.why(in, m, e) + ": "
				}
				remedy += doubt.remedy(in, m, e)
			}
			if len(all) > 1 {
				return fmt.Sprintf("cannot tell whether %s write %s alone", model.Names(all), e.Name), remedy
			}
			return fmt.Sprintf("cannot tell whether %s writes %s alone: %s", m.Name, e.Name, why), remedy
		})
		return model.Asked
	}
	return model.Certain
}

// secondEntity says that a write is handed another entity than its own.
func secondEntity(in *model.Interface, m *model.Method, e *model.Entity) string {
	params, _ := carriedIn(in, m)
	for _, other := range params {
		if other != e && !holds(e, other) && !(e.Type != nil && other.Type != nil && types.Identical(e.Type, other.Type)) {
			return fmt.Sprintf("it is handed %s too, which a copy of %s does not cover", other.Name, e.Name)
		}
	}
	return ""
}

// allHanded are the entities that a write is handed, where it is known how its own are found. How the others are is asked of them.
func allHanded(in *model.Interface, m *model.Method, e *model.Entity) []*model.Entity {
	if !isKnown(e) {
		return nil
	}
	all := []*model.Entity{e}
	params, _ := carriedIn(in, m)
	for _, other := range params {
		if other != e {
			all = append(all, other)
		}
	}
	return all
}

// holds reports whether a field of an entity holds another.
func holds(e, other *model.Entity) bool {
	_, s := shape.NamedStruct(e.Type)
	if s == nil {
		return false
	}
	for field := range s.Fields() {
		if other.Carries(shape.ElementOf(field.Type()).Type) {
			return true
		}
	}
	return false
}

// severalEntities shows how to say that a write touches several entities.
func severalEntities(in *model.Interface, m *model.Method, e *model.Entity) string {
	params, _ := carriedIn(in, m)
	names := []string{e.Name}
	for _, other := range params {
		if other != e {
			names = append(names, other.Name)
		}
	}
	several, one := strings.Join(names, ","), e.Name
	if m.Foreign {
		return "add methods=" + m.Name + " to //dualgen:entity " + strings.Join(names, " and to //dualgen:entity ") + " above the interface, if it writes each of them\nor to that of " + one + " alone, if it only reads the others"
	}
	return "write //dualgen:entity " + several + " above it, if it writes each of them\nor //dualgen:entity " + one + ", if it only reads the others"
}

// qualifier are the words of a write's name that are neither the entity's name nor one of its fields: Admin of SetAdminSession.
func qualifier(m *model.Method, e *model.Entity) []string {
	noun := m.Words.Noun
	if len(noun) == 0 || e.HasField(noun) || slices.Contains(neutralNouns, strings.ToLower(noun[0])) || calls(noun, e) {
		return nil
	}
	n := len(text.Camel(e.Name))
	if len(noun) > n && calls(noun[len(noun)-n:], e) {
		before := noun[:len(noun)-n]
		if e.HasField(before) || e.HasField(append([]string{"Is"}, before...)) {
			return nil
		}
		return before
	}
	return noun
}

// otherNamespace says that something is found under a write's qualifier too.
func otherNamespace(in *model.Interface, m *model.Method, e *model.Entity) string {
	words := qualifier(m, e)
	if len(words) == 0 || m.Trait == verb.Plain || m.Trait == verb.Takes {
		return ""
	}
	var plain, qualified string
	for _, other := range in.Methods {
		if other.Kind != plan.Read || !e.GetsOne(other) || len(other.Selecting()) == 0 {
			continue
		}
		switch {
		case e.IsNamed(other.Words.Noun):
			plain = other.Name
		case startsWith(other.Words.Noun, strings.Join(words, "")):
			qualified = other.Name
		}
	}
	if qualified == "" {
		return ""
	}
	if plain == "" {
		plain = "the others"
	}
	return fmt.Sprintf("%s finds what it writes, and %s need not", qualified, plain)
}

// namespaceEntity shows how two entities of one struct are told apart.
func namespaceEntity(in *model.Interface, m *model.Method, e *model.Entity) string {
	words := qualifier(m, e)
	name := strings.Join(words, "")
	if !strings.HasSuffix(name, e.Name) {
		name += e.Name
	}
	var methods []string
	for _, other := range in.Methods {
		if startsWith(other.Words.Noun, strings.Join(words, "")) {
			methods = append(methods, other.Name)
		}
	}
	key := strings.ReplaceAll(e.PartNames(), ", ", ",")
	if key == "" {
		key = "…"
	}
	return fmt.Sprintf("if they are kept apart, write //dualgen:entity %s type=%s key=%s get=… put=… delete=… methods=%s above the interface", name, e.Name, key, strings.Join(methods, ",")) +
		"\nif not, write " + m.Directive("entity", e.Name) + " " + m.Place()
}

// rowBeside says that a write may write a row beside the entity.
func rowBeside(in *model.Interface, m *model.Method, e *model.Entity) string {
	if e.Type == nil || e.Beside != nil || m.Said.Key != nil || m.Trait == verb.Removes && len(m.NonContext()) <= max(1, len(e.Parts)) {
		return ""
	}
	params, results := carriedIn(in, m)
	if slices.Contains(params, e) || slices.Contains(results, e) || m.TakesFunction() {
		return ""
	}
	named := len(m.Words.Noun) == 0 || calls(m.Words.Noun, e) || calls(m.Words.First, e) ||
		slices.Contains(neutralNouns, strings.ToLower(m.Words.Noun[0])) || namesField(e, m.Words.Noun)
	for _, i := range m.Required() {
		name := m.SourceName(i)
		switch {
		case name == "" || isPart(e, name) || fitsField(e, name):
		case named && !looksLikeID(name):
		default:
			return fmt.Sprintf("%s has no field for its argument %s, which may be kept in a row of its own", e.Name, name)
		}
	}
	if !named {
		return fmt.Sprintf("its name speaks of %s, which is no field of %s and may be a row of its own", strings.Join(m.Words.Noun, ""), e.Name)
	}
	return ""
}

// namedFor is the entity that a write is named for, though an argument fits none of its fields.
func namedFor(in *model.Interface, m *model.Method, e *model.Entity) []*model.Entity {
	only := len(m.Words.Noun) == 0 && len(m.Words.First) == 0 && len(in.Entities) == 1
	if isKnown(e) && (only || calls(m.Words.Noun, e) || calls(m.Words.First, e)) {
		return []*model.Entity{e}
	}
	return nil
}

// rowEntity shows how a row beside an entity is described.
func rowEntity(in *model.Interface, m *model.Method, e *model.Entity) string {
	keys := keyNames(in, m, e)
	row := nameFor(in, m)
	if row == "Name" {
		row = e.Name + "Row"
	}
	same := "write //dualgen:entity " + e.Name + " above it"
	if m.Foreign {
		same = "write //dualgen:entity " + e.Name + " methods=" + m.Name + " above the interface"
	}
	return same + ", if what finds a " + e.Name + " gives back what " + m.Name + " writes\nor describe the row above the interface: //dualgen:entity " + row +
		" key=" + strings.Join(keys, ",") + " get=… put=… delete=… methods=" + m.Name + ", with a struct " + row + " and functions over a store that copy one"
}

// keyNames are names for the fields of a key, after a method's parameters that can be parts of one.
func keyNames(in *model.Interface, m *model.Method, e *model.Entity) []string {
	var keys []string
	for _, i := range m.Required() {
		if in.IsKeyType(m.Params[i].Type) {
			keys = append(keys, fieldFor(e, m.NameOf(i)))
		}
	}
	return keys
}

// fieldFor is a name for the field of a struct that keeps a parameter: that of the entity's field where one is called so.
func fieldFor(e *model.Entity, param string) string {
	if strings.EqualFold(param, "id") {
		return e.Name + "ID"
	}
	return text.UpperFirst(param)
}
