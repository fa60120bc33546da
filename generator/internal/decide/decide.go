// Package decide decides what is done with each method of an interface, and how what it stores is copied. Every decision is
// stated by a directive, or certain by a closed list of forms without a doubt, or likely and proposed, or asked. All questions
// of an interface are asked in one round: where one is open, the later stages go on from the likeliest answer.
package decide

import (
	"slices"

	"github.com/dualgen/dualgen/generator/internal/decide/copier"
	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/decide/kind"
	"github.com/dualgen/dualgen/generator/internal/decide/mirror"
	"github.com/dualgen/dualgen/generator/internal/decide/page"
	"github.com/dualgen/dualgen/generator/internal/decide/round"
	"github.com/dualgen/dualgen/generator/internal/decide/touch"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Decide decides everything about an interface. It fills in its methods and its entities, and reports what is open.
func Decide(in *model.Interface) {
	decideAll(in)
	round.Complete(in, decideAll)
}

// decideAll is one pass over all stages.
func decideAll(in *model.Interface) {
	readNames(in)
	if kind.RefuseWhole(in) {
		return
	}
	decideKinds(in)
	in.Entities = entity.Find(in)
	decideOwners(in)
	decideKeys(in)
	decideMirrors(in)
	decidePages(in)
	decideCopiers(in)
	copier.CheckLocks(in)
	in.AskTogetherNow()
}

// readNames reads the names of all methods. What stands before a verb in them may be what the interface stores.
func readNames(in *model.Interface) {
	var nouns []string
	for _, m := range in.Methods {
		for _, t := range m.Mentioned() {
			if named, _ := shape.NamedStruct(t); named != nil && !slices.Contains(nouns, named.Obj().Name()) {
				nouns = append(nouns, named.Obj().Name())
			}
		}
	}
	for _, said := range in.Said.Entities {
		nouns = append(nouns, said.Entity.Text)
	}
	for _, m := range in.Methods {
		m.Words = verb.Read(m.Name, nouns)
	}
}

// decideKinds says what each method does.
func decideKinds(in *model.Interface) {
	for _, m := range in.Methods {
		d := kind.Decide(in, m)
		m.Kind, m.Delete, m.Trait, m.Levels.Kind = d.Kind, d.Delete, d.Trait, d.Level
		m.Reasons = append(m.Reasons, d.Reasons...)
	}
	for _, m := range in.Methods {
		kind.Refuse(in, m)
		if m.Kind != plan.Transaction {
			continue
		}
		if m.Callback = kind.CheckTransaction(in, m); m.Callback != nil {
			m.Because("The phase's primary runs it; what its writes touch is copied after the commit.")
		}
	}
}

// touches reports whether a method touches entities.
func touches(m *model.Method) bool { return m.Kind == plan.Read || m.Kind == plan.Write }

// decideOwners says which entity each method touches.
func decideOwners(in *model.Interface) {
	in.Entities = touch.Guess(in)
	for _, m := range in.Methods {
		if !touches(m) {
			continue
		}
		in.Quietly(m, func() {
			o := touch.FindOwner(in, m)
			m.Own(o.Entity)
			if o.Entity == nil && kind.ReadsByName(m) && len(in.Entities) == 1 {
				m.Own(in.Entities[0]) // what it is asked to write: its key is asked with that
			}
			m.Loose, m.Levels.Entity = o.Loose, o.Level
		})
		if touch.IsOfPart(m) {
			m.ChangesPart(touch.Part(m, m.Owner))
		}
		if m.Owner != nil && m.Kind == plan.Write && !kind.ReadsByName(m) {
			m.Owner.Written = true
		}
		for _, e := range touch.Further(in, m) {
			e.Written = true
		}
	}
	in.Entities = touch.Settle(in)
}

// decideKeys says which entities of its kind each method touches.
func decideKeys(in *model.Interface) {
	for _, m := range in.Methods {
		if !touches(m) {
			continue
		}
		in.Quietly(m, func() {
			k, also, several := touch.FindSeveral(in, m)
			if !several {
				k = touch.FindKeys(in, m)
			}
			m.Also = also
			m.Key, m.Each, m.Levels.Key = k.Key, k.Each, k.Level
			m.Reasons = append(m.Reasons, k.Reasons...)
		})
	}
}

// decideMirrors says how each write reaches the mirror.
func decideMirrors(in *model.Interface) {
	for _, m := range in.Methods {
		if m.Kind != plan.Write || m.Owner == nil || !m.Levels.Key.Decided() && m.Key.Form == plan.KeyNone {
			continue // what isn't decided was asked
		}
		in.Quietly(m, func() {
			d := mirror.Decide(in, m)
			m.Mirror, m.Levels.Mirror = d.Mode, d.Level
			m.Reasons = append(m.Reasons, d.Reasons...)
			if len(m.Also) > 0 {
				touch.CheckSeveral(in, m)
			}
		})
	}
	mirror.Propose(in)
}

// decidePages says where the reads that return page by page have their cursors.
func decidePages(in *model.Interface) {
	for _, m := range in.Methods {
		if m.Paging = page.Decide(in, m); m.Paging == nil {
			continue
		}
		m.Because("Its cursors are the store's that made them, by directive.")
		if m.Key.Form == plan.KeyOne && slices.ContainsFunc(m.Key.Parts, func(p plan.KeyPart) bool { return len(p.Path) > 0 }) {
			each := m.Key
			m.Key, m.Each = plan.Key{Form: plan.KeyNone}, &each
		}
	}
}

// decideCopiers says how one entity of each kind is copied.
func decideCopiers(in *model.Interface) {
	for _, e := range in.Entities {
		if e.Type != nil {
			choices := copier.Choices{}
			e.Copiers = map[model.Role]model.Level{}
			for _, role := range model.Roles {
				choices[role] = copier.Choose(in, e, role)
				e.Copiers[role] = choices[role].Level
			}
			e.Get, e.Delete = choices[model.Get].Call, choices[model.Delete].Call
			e.Put, e.PutElse = choices[model.Put].Call, choices[model.Put].Else
			e.PutMany = copier.Many(in, e)
			if scan := choices[model.Scan]; scan.Call != nil {
				e.Scan = &plan.ScanCall{EntityCall: *scan.Call, Form: scan.Form}
			}
			e.Since = copier.Since(in, e)
			copier.Ask(in, e, choices)
		}
		copier.Check(in, e)
	}
}
