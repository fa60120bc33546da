package copier

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// chooseGet takes the one getter whose name says no more than verb and entity.
func chooseGet(e *model.Entity, all []candidate) Choice {
	plain := plainOnes(all)
	switch {
	case len(plain) == 1:
		return Choice{Call: plain[0].call, Level: model.Certain}
	case len(plain) > 1:
		best := prefer(plain, "Get", "Find", "Fetch", "Load", "Read")
		return Choice{Call: best.call, Level: model.Likely, Why: fmt.Sprintf("%s find one", text.And(names(plain)))}
	case len(withoutChoice(all)) > 0:
		best := prefer(withoutChoice(all))
		return Choice{Call: best.call, Level: model.Likely, Why: fmt.Sprintf("%s may not find every %s, or not give back all of it", best.method.Name, e.Name)}
	}
	return Choice{Why: "no method finds one by its key"}
}

// choosing are words of a getter that finds what it chooses itself, whatever it is handed.
var choosing = []string{"latest", "last", "first", "newest", "oldest", "current", "default", "next", "previous", "any", "random", "active"}

// withoutChoice are the candidates that find what they are asked for.
func withoutChoice(all []candidate) []candidate {
	return slices.DeleteFunc(slices.Clone(all), func(c candidate) bool {
		return slices.ContainsFunc(c.method.Words.Noun, func(word string) bool { return slices.Contains(choosing, strings.ToLower(word)) })
	})
}

// chooseDelete takes the one method that removes and whose name says no more than that.
func chooseDelete(in *model.Interface, e *model.Entity, all []candidate) Choice {
	plain := plainOnes(all)
	one := slices.DeleteFunc(slices.Clone(plain), func(c candidate) bool { return c.method.Key.Form != plan.KeyOne })
	switch {
	case len(one) == 1:
		return Choice{Call: one[0].call, Level: model.Certain}
	case len(one) == 0 && len(plain) == 1:
		return Choice{Call: plain[0].call, Level: model.Certain}
	case len(withVerbs(one, "Delete", "Remove")) == 1: // a Purge or a Retire beside it says more than to remove
		return Choice{Call: withVerbs(one, "Delete", "Remove")[0].call, Level: model.Certain}
	case len(plain) > 1:
		best := prefer(plain, "Delete", "Remove")
		return Choice{Call: best.call, Level: model.Likely, Why: fmt.Sprintf("%s remove one", text.And(names(plain)))}
	case len(all) > 0:
		return Choice{None: true, Level: model.Likely, Why: fmt.Sprintf("%s may remove a part of %s, and nothing else removes one", text.And(names(all)), text.A(e.Name))}
	}
	return Choice{None: true, Level: model.Likely, Why: "no method removes one by its key alone" + removers(in, e)}
}

// removers names the methods that remove entities otherwise than a copy can call them.
func removers(in *model.Interface, e *model.Entity) string {
	var list []string
	for _, m := range in.Methods {
		if m.Owner == e && m.Delete {
			list = append(list, m.Name)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return ", not " + text.And(list)
}

// chooseScan takes the first form in which a method lists all entities by its name.
func chooseScan(all []candidate) Choice {
	plain := plainOnes(all)
	for _, form := range scanForms {
		same := slices.DeleteFunc(slices.Clone(plain), func(c candidate) bool { return c.form != form.form })
		switch len(same) {
		case 0:
		case 1:
			return Choice{Call: same[0].call, Form: form.form, Level: model.Certain}
		default:
			best := prefer(same, "List", "All", "Scan")
			return Choice{Call: best.call, Form: form.form, Level: model.Likely, Why: fmt.Sprintf("%s list them", text.And(names(same)))}
		}
	}
	return Choice{None: true, Level: model.Certain}
}

// upserts are verbs that say that an entity is stored whether it is there or not. Save, Put, Store, Set and Write may insert only.
var upserts = []string{
	"Upsert", "CreateOrUpdate", "CreateOrReplace", "InsertOrUpdate", "InsertOrReplace", "AddOrUpdate", "ReplaceOrInsert", "UpdateOrInsert", "UpdateOrCreate",
}

// choosePut finds what stores an entity: one method that takes it whether it is there or not, else an update and a create.
func choosePut(in *model.Interface, e *model.Entity, all []candidate) Choice {
	whole := plainOnes(traitOf(all, verb.Whole))
	if len(whole) > 0 {
		return chooseWhole(in, e, whole)
	}
	updates, creates := plainOnes(traitOf(all, verb.Updates)), plainOnes(traitOf(all, verb.Creates))
	switch {
	case len(updates) == 1 && len(creates) == 1:
		return Choice{Call: updates[0].call, Else: creates[0].call, Level: model.Certain}
	case len(updates) > 0 && len(creates) > 0:
		return Choice{
			Call: prefer(updates, "Update", "Replace").call, Else: prefer(creates, "Create", "Insert", "Add").call, Level: model.Likely,
			Why: fmt.Sprintf("%s store one", text.And(append(names(updates), names(creates)...))),
		}
	case len(creates) == 1 && !changes(in, e) && numbers(e, creates[0].method):
		return Choice{Why: fmt.Sprintf("no method changes one that is there, and %s may number what it stores itself, whatever key it is handed", creates[0].method.Name)}
	case len(creates) == 1 && !changes(in, e):
		return Choice{Call: creates[0].call, Level: model.Likely, Why: fmt.Sprintf("no method changes one that is there: %s can put it where there is none", creates[0].method.Name)}
	}
	return Choice{Why: missingPut(e, all)}
}

// changes reports whether a write of an entity changes what is there.
func changes(in *model.Interface, e *model.Entity) bool {
	return slices.ContainsFunc(in.Methods, func(m *model.Method) bool {
		return m.Owner == e && m.Kind == plan.Write && !m.Delete && m.Trait != verb.Creates
	})
}

// missingPut says what there is instead of a method that stores a whole entity.
func missingPut(e *model.Entity, all []candidate) string {
	if len(all) == 0 {
		return "no method stores one whole"
	}
	return fmt.Sprintf("no method certainly stores a whole %s, whether it is there or not: not %s", e.Name, strings.Join(names(all), ", nor "))
}

// chooseWhole takes the one method that stores an entity, unless others beside it say that it does less.
func chooseWhole(in *model.Interface, e *model.Entity, whole []candidate) Choice {
	one := slices.DeleteFunc(slices.Clone(whole), func(c candidate) bool { _, many := e.Param(c.method, true); return many })
	if len(one) == 0 {
		one = whole
	}
	best := prefer(one, append(upserts, "Save", "Put", "Store", "Set", "Write")...)
	choice := Choice{Call: best.call, Level: model.Likely}
	beside := updates(in, e)
	switch {
	case len(withVerbs(one, upserts...)) == 1:
		choice.Level = model.Certain
	case len(one) == 1 && len(beside) == 0:
		if choice.Why, choice.Remedy = mayNumber(in, e, best); choice.Why == "" {
			choice.Level = model.Certain
		}
	case len(one) > 1:
		choice.Why = fmt.Sprintf("%s store one", text.And(names(one)))
	default:
		choice.Why = fmt.Sprintf("%s may store one only where there is none, since %s stands beside it", best.method.Name, text.And(beside))
	}
	return choice
}

// Many is the one method that stores all entities of a list whole, by its verb and its name; nil where there is none, or several.
func Many(in *model.Interface, e *model.Entity) *plan.EntityCall {
	var found []*model.Method
	for _, m := range in.Methods {
		if m.Owner != e || m.Kind != plan.Write || m.Trait != verb.Whole || !m.Levels.Kind.Decided() || m.Key.Form != plan.KeyEach || len(m.Also) > 0 {
			continue
		}
		noun := strings.Join(m.Words.Noun, "")
		if _, ok := e.Param(m, true); ok && len(m.Required()) == 1 && (e.IsNamed(m.Words.Noun) || slices.Contains([]string{"All", "Many", "Batch", "Bulk"}, noun)) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return nil
	}
	i, _ := e.Param(found[0], true)
	return &plan.EntityCall{Method: found[0].Method, Pointer: shape.ElementOf(found[0].Params[i].Type).Pointer}
}

// updates are the updates of an entity that are handed it, beside what stores it whole.
func updates(in *model.Interface, e *model.Entity) []string {
	var list []string
	for _, m := range in.Methods {
		if m.Owner != e || m.Kind != plan.Write || m.Trait != verb.Updates {
			continue
		}
		if _, ok := e.Param(m, false); ok {
			list = append(list, m.Name)
		}
	}
	return list
}

// withVerbs are the candidates that have one of some verbs.
func withVerbs(all []candidate, verbs ...string) []candidate {
	return slices.DeleteFunc(slices.Clone(all), func(c candidate) bool { return !slices.Contains(verbs, c.method.Words.Verb) })
}

// prefer takes the candidate whose verb stands first in a list; of several the one with the shortest name, and of these the
// first in the alphabet.
func prefer(all []candidate, verbs ...string) candidate {
	rank := func(c candidate) int {
		if i := slices.Index(verbs, c.method.Words.Verb); i >= 0 {
			return i
		}
		return len(verbs)
	}
	return slices.MinFunc(all, func(a, b candidate) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if d := len(a.method.Name) - len(b.method.Name); d != 0 {
			return d
		}
		return strings.Compare(a.method.Name, b.method.Name)
	})
}
