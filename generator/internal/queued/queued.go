// Package queued decides which methods of an interface are answered from a queue, and reports what cannot be.
package queued

import (
	"fmt"
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Decide fills in how each write is queued. It reports each that cannot be: all writes of a key go through the queue, or none.
func Decide(s *load.Subject, in *model.Interface, repo *plan.Repository, name func(base string) string) {
	for _, d := range in.Methods {
		if said := d.Said.Idempotent; said != nil && (repo.Queued == nil || d.Kind != plan.Write) {
			s.Reports.Addf(said.Pos, "drop it", "//dualgen:idempotent speaks of writes that are queued (-queued on the //go:generate line), and %s is not", d.Name)
		}
	}
	if repo.Queued == nil {
		return
	}
	if len(repo.Subs) > 0 {
		s.Reports.Addf(repo.Pos, "drop -queued here, and ask for it above each interface that is handed out",
			"-queued: %s hands out repositories of their own, whose writes would go past the queue", repo.Interface.Name())
		return
	}
	repo.Queued.Front = name("Queued" + text.UpperFirst(repo.Interface.Name()))
	repo.Queued.Constructor = name("New" + repo.Queued.Front)
	for _, d := range in.Methods {
		if d.Kind != plan.Write && d.Kind != plan.Transaction {
			continue
		}
		if problem, remedy := against(d); problem != "" {
			s.Reports.Addf(d.Pos, remedy, "-queued: %s %s", d.Name, problem)
			continue
		}
		repo.Queued.Methods = append(repo.Queued.Methods, carried(repo, d.Method, name))
		repo.Queued.Methods[len(repo.Queued.Methods)-1].Update = !d.Delete && !stores(d)
	}
}

// stores reports whether a write stores a whole entity whether it is there or not. If such a write says that something is missing, it is
// another entity, which may wait in the queue still: keys have no order between them.
func stores(d *model.Method) bool {
	e := d.Entity
	return e != nil && e.PutElse == nil && e.Put != nil && e.Put.Method == d.Method
}

const apart = "drop -queued, or take the method into another interface, of another entity"

// against says what keeps a write from being queued, and what to do about it.
func against(d *model.Method) (problem, remedy string) {
	switch {
	case d.Kind == plan.Transaction:
		return "runs a function in a transaction, which cannot wait in a queue", "let one method of the interface do what the function does, or drop -queued"
	case d.Key.MayBeMade:
		return "is given an entity whose key the store makes where it is the zero value, and nobody has it before the write is made",
			"if the caller always makes it, say so: //dualgen:key and the path to it, such as user.ID; else drop -queued"
	case d.Key.Form.Made():
		return "writes an entity whose key the store makes, and nobody has it before the write is made", "let the caller make the key, or drop -queued"
	case d.Error < 0 || len(d.Results) > 1:
		return "returns what nobody has before the write is made: a queued write is answered by an error, or none", "let it return an error alone, or drop -queued"
	case d.Context < 0:
		return "takes no context, and an append has to end with its caller", "give it a context, or drop -queued"
	case d.Key.Form != plan.KeyOne || len(d.Also) > 0:
		return "does not write one entity that it names, and nothing orders it beside the writes of one key", "write one entity a call, or drop -queued"
	case d.Mirror == plan.Skip:
		return "is not mirrored, so that it would go past the queue", apart
	case !twice(d):
		return "may be made twice in a row, where a worker dies, and need not mean the same then as once",
			"write //dualgen:idempotent above it if it sets what it is given and does nothing else; else let it put the whole entity"
	}
	for _, i := range d.Args.Index {
		if why := cannot(d.Params[i].Type, d.Params[i].Said, map[types.Type]bool{}); why != "" {
			return "is given what JSON cannot carry: " + why, apart
		}
	}
	return "", ""
}

// twice reports whether a write means the same twice in a row as once: a delete, a whole entity that is put, or one of which its author
// says so.
func twice(d *model.Method) bool {
	e := d.Entity
	return d.Delete || d.Said.Idempotent != nil || e != nil && e.Put != nil && e.Put.Method == d.Method
}

// cannot says what of a type JSON cannot carry, whatever the value is. What depends on the value is found when it is queued.
func cannot(t types.Type, path string, above map[types.Type]bool) string {
	if above[t] {
		return ""
	}
	above[t] = true
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return fmt.Sprintf("%s is an interface", path)
	case *types.Signature:
		return fmt.Sprintf("%s is a function", path)
	case *types.Chan:
		return fmt.Sprintf("%s is a channel", path)
	case *types.Pointer:
		return cannot(u.Elem(), path, above)
	case *types.Slice:
		return cannot(u.Elem(), path+"[]", above)
	case *types.Array:
		return cannot(u.Elem(), path+"[]", above)
	case *types.Map:
		return cannot(u.Elem(), path+"[]", above)
	case *types.Struct:
		for f := range u.Fields() {
			if !f.Exported() {
				continue
			}
			if why := cannot(f.Type(), path+"."+f.Name(), above); why != "" {
				return why
			}
		}
	}
	return ""
}

// carried is a write with the struct that carries its arguments.
func carried(repo *plan.Repository, m *plan.Method, name func(base string) string) *plan.QueuedMethod {
	q := &plan.QueuedMethod{Method: m, Args: name(text.LowerFirst(repo.Queued.Front) + m.Name)}
	taken := map[string]bool{}
	for _, i := range m.Args.Index {
		field := text.UpperFirst(m.Params[i].Said)
		if m.Params[i].Said == "id" {
			field = "ID"
		}
		if !token.IsExported(field) || taken[field] {
			field = fmt.Sprintf("P%d", i)
		}
		taken[field] = true
		q.Fields = append(q.Fields, field)
	}
	return q
}
