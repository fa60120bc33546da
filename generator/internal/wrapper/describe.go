package wrapper

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/calls"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/family"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// suppose is the interface with nothing decided, as it would be if these lines stood in its source too. They replace what describes the
// same entity. Its names are taken from nobody.
func suppose(w *Wrapper, lines []directive.Line) *model.Interface {
	in := *w.In
	in.Reports, in.Methods, in.Extra, in.Entities, in.Proposals = &report.List{}, nil, nil, nil, nil
	in.EntryName = func(base string) string { return base }
	own := slices.DeleteFunc(slices.Clone(w.Lines), func(line directive.Line) bool {
		return line.Method == "" && slices.ContainsFunc(lines, func(more directive.Line) bool { return describesSame(line, more) })
	})
	in.Said = directive.Read(in.Reports, append(own, lines...), w.Object.Name(), w.Subject.MethodNames())
	for _, m := range w.In.Methods {
		d := w.describe(m.Name, m.Sig, m.Pos)
		d.Said, d.Origin, d.Foreign = *in.Said.Of(m.Name), m.Origin, m.Foreign
		in.Methods = append(in.Methods, d)
	}
	return &in
}

// describesSame reports whether two lines describe one entity.
func describesSame(a, b directive.Line) bool {
	first, second := strings.Fields(a.Text), strings.Fields(b.Text)
	return a.Method == "" && b.Method == "" && len(first) > 1 && len(second) > 1 && strings.TrimSuffix(first[0], "?") == "//dualgen:entity" && second[0] == "//dualgen:entity" && first[1] == second[1]
}

// describeMethods fills in what the signatures say, and refuses what can't be wrapped.
func (w *Wrapper) describeMethods() []*model.Method {
	var all []*model.Method
	for _, m := range w.Subject.Methods {
		if !w.wrappable(m) {
			continue
		}
		d := w.describe(m.Name, m.Sig, m.Pos)
		d.Doc, d.Said, d.Origin, d.Foreign = m.Doc, m.Said, m.Origin, m.Pos == w.Pos
		all = append(all, d)
	}
	return all
}

// describe makes a method with nothing decided.
func (w *Wrapper) describe(name string, sig *types.Signature, pos token.Position) *model.Method {
	params, results := w.names.Params(w.Repo.Names.Receiver, name, sig)
	d := &model.Method{Method: &plan.Method{Name: name, Pos: pos, Sig: sig, Context: -1, Error: -1}}
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		if d.Context < 0 && shape.IsContext(t) {
			d.Context = i
		}
		d.Params = append(d.Params, &plan.Param{Name: params[i], Said: cmp.Or(d.SourceName(i), params[i]), Type: t, Variadic: sig.Variadic() && i == sig.Params().Len()-1})
	}
	last := sig.Results().Len() - 1
	for i := range sig.Results().Len() {
		t := sig.Results().At(i).Type()
		if i == last && shape.IsError(t) {
			d.Error = i
		}
		d.Results = append(d.Results, &plan.Result{Name: results[i], Type: t})
	}
	return d
}

// wrappable refuses a method that no wrapper can serve.
func (w *Wrapper) wrappable(m *load.Method) bool {
	if object, _, _ := types.LookupFieldOrMethod(w.Typ, true, w.Pkg.Types, m.Name); object == nil {
		w.Reports.Addf(m.Pos, "wrap an interface without it", "%s is unexported in another package: no wrapper can have it", m.Name)
		return false
	}
	for v := range m.Sig.Results().Variables() {
		if shape.HoldsChannel(v.Type()) {
			w.Reports.Addf(m.Pos, "return a slice or an iter.Seq2, or leave the method out of the interface",
				"%s returns a channel: its values cannot be repeated or compared", m.Name)
			return false
		}
		if w.In.IsItself(v.Type()) {
			w.Reports.Addf(m.Pos, w.inTx(), "%s returns %s itself: writes through it would not be mirrored", m.Name, w.Object.Name())
			return false
		}
	}
	if what, remedy := family.Refusal(w.Object.Name(), m.Name, m.Sig, w.Program.IsWrapped); what != "" && m.Said.Kind == nil && !w.returnsEntity(m) {
		w.Reports.Add(m.Pos, what, remedy)
		return false
	}
	return true
}

// inTx is the remedy for a method that hands out the repository in a transaction: one that runs a function in it, and each store's own.
func (w *Wrapper) inTx() string {
	name := "InTx"
	if slices.Contains(w.Subject.MethodNames(), name) {
		name = "WithTransaction"
	}
	remedy := fmt.Sprintf("run the work in a function, in its place: %s(ctx context.Context, f func(%s) error) error", name, w.Object.Name())
	for i, s := range w.In.Stores {
		if !s.Same && s.Method[name] == nil {
			remedy += "\n" + calls.OwnInTx(w.In, i, name)
		}
	}
	return remedy
}

// returnsEntity reports whether a method returns what a directive describes as an entity.
func (w *Wrapper) returnsEntity(m *load.Method) bool {
	named, ok := types.Unalias(m.Sig.Results().At(0).Type()).(*types.Named)
	return ok && slices.ContainsFunc(w.Said.Entities, func(d *directive.Entity) bool { return d.Entity.Text == named.Obj().Name() })
}
