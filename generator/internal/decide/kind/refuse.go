package kind

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Refuse reports a kind that the signature can't have, and what escapes from the wrapper.
func Refuse(in *model.Interface, m *model.Method) {
	refuseKind(in, m)
	refuseDirectives(in, m)
	refuseEscapes(in, m)
	refuseHandles(in, m)
}

// refuseKind reports a kind that the signature can't have.
func refuseKind(in *model.Interface, m *model.Method) {
	switch {
	case m.Kind == plan.Lifecycle && m.Said.Kind == nil && (len(m.NonContext()) > 0 || len(m.NonError()) > 0):
		in.AskFor(m, kindAnswers(likeliest(m)), "say what it is: "+m.Directive("read")+", "+m.Directive("write")+", "+m.Directive("delete")+", "+m.Directive("lifecycle")+" or "+m.Directive("primary"),
			"%s has parameters or results: a lifecycle method is called on both stores, and only its errors are joined", m.Name)
	case m.Kind == plan.Lifecycle && len(m.NonError()) > 0:
		in.AskFor(m, kindAnswers(likeliest(m)), "say what it is: "+m.Directive("read")+", "+m.Directive("write")+", "+m.Directive("delete")+" or "+m.Directive("primary"),
			"%s has results: a lifecycle method is called on both stores, and only its errors are joined", m.Name)
	}
	if m.Kind != plan.Transaction && Callback(in, m) != nil && m.Words.Known() {
		in.Ask(m, "write "+m.Directive("transaction")+" "+m.Place()+", or leave the method out of the interface",
			"%s hands %s itself to a function: writes through it would not be mirrored", m.Name, in.Object.Name())
	}
}

// refuseDirectives reports directives that a method of another kind can't follow.
func refuseDirectives(in *model.Interface, m *model.Method) {
	if m.Kind != plan.Read && m.Said.Compare != nil {
		in.Reports.Addf(m.Said.Compare.Pos, "drop it, or write //dualgen:read above the method",
			"//dualgen:compare speaks of a read, but %s is not one", m.Name)
	}
	if m.Kind != plan.Write && m.Said.Mirror != nil {
		in.Reports.Addf(m.Said.Mirror.Pos, "drop it, or write //dualgen:write above the method",
			"//dualgen:mirror speaks of a write, but %s is not one", m.Name)
	}
	if m.Kind == plan.Read || m.Kind == plan.Write {
		return
	}
	if m.Said.Key != nil {
		in.Reports.Addf(m.Said.Key.Pos, "drop it", "//dualgen:key speaks of a read or a write, but %s is neither", m.Name)
	}
	if m.Said.Of != nil && !m.Said.Of.Listed { // what an entity's own directive lists may turn out to be neither
		in.Reports.Addf(m.Said.Of.Pos, "drop it", "//dualgen:entity speaks of a read or a write, but %s is neither", m.Name)
	}
}

// CheckTransaction refuses a transaction whose calls can't be followed, and returns its function, or nil.
func CheckTransaction(in *model.Interface, m *model.Method) *plan.Callback {
	form := transactionForm(in)
	c := Callback(in, m)
	if c == nil {
		in.Ask(m, "write it like "+form, "%s is said to be a transaction, but runs no function over %s", m.Name, in.Object.Name())
		return nil
	}
	sig := m.Params[c.Param].Type.Underlying().(*types.Signature)
	others := sig.Params().Len() - 1
	if c.Context >= 0 {
		others--
	}
	results := sig.Results()
	if others > 0 || results.Len() != 1 || !shape.IsError(results.At(0).Type()) || len(m.NonError()) > 0 || m.Error < 0 || m.Params[c.Param].Variadic {
		in.Ask(m, "write it like "+form+"\nand hand other values over by variables of the caller's",
			"%s cannot be followed: its function takes %s, maybe after a context, and returns an error, and so must %s", m.Name, in.Object.Name(), m.Name)
		return nil
	}
	return c
}

// refuseEscapes refuses a method that hands out what writes to the store that made it: a writer, a batch, a transaction, an
// object with methods of its own, as a result or to a function of the caller's. What is written through it would not be
// mirrored. Who says that the method reads, or is the primary's alone, has seen it.
func refuseEscapes(in *model.Interface, m *model.Method) {
	if m.Said.Kind != nil && (m.Kind == plan.Read || m.Kind == plan.Primary) || m.Kind == plan.Lifecycle || !m.Words.Known() && m.Said.Kind == nil {
		return
	}
	for _, i := range m.NonError() {
		refuseEscape(in, m, m.Results[i].Type, escape{"returns %s", "the result"})
	}
	if Callback(in, m) != nil {
		return // a transaction over the interface itself
	}
	for _, i := range m.NonContext() {
		if sig, ok := m.Params[i].Type.Underlying().(*types.Signature); ok {
			for p := range sig.Params().Variables() {
				if !shape.Moves(p.Type(), "Write") { // a stream ends with the call
					refuseEscape(in, m, p.Type(), escape{"hands %s to a function", "it"})
				}
			}
		}
	}
}

// escape says how a value gets out.
type escape struct{ how, through string }

// refuseEscape refuses one type that a method hands out.
func refuseEscape(in *model.Interface, m *model.Method, handed types.Type, e escape) {
	t := shape.ElementOf(handed).Type
	method := writingMethod(in, t)
	if method == "" {
		return
	}
	in.Ask(m, "leave the method out of the interface, and let one that takes all that is to be written take its place\nor write "+
		m.Directive("read")+" "+m.Place()+" if nothing is written through "+e.through+", "+m.Directive("primary")+" if the primary alone shall have it",
		"%s %s, and what its method %s writes would not be mirrored", m.Name, fmt.Sprintf(e.how, shape.String(t)), method)
}

// writingMethod is a method of an interface that writes by its name and can fail, or "". Setters that can't fail change a
// value in memory, and what is given a writer writes to that.
func writingMethod(in *model.Interface, t types.Type) string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || saidEntity(in, t) {
		return ""
	}
	for f := range iface.Methods() {
		results := f.Signature().Results()
		if results.Len() == 0 || !shape.IsError(results.At(results.Len()-1).Type()) || takesWriter(f.Signature()) {
			continue
		}
		if r := verb.Read(f.Name(), nil); r.Known() && r.Kind == plan.Write {
			return f.Name()
		}
	}
	return ""
}

// takesWriter reports whether a function is given a writer.
func takesWriter(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if shape.Moves(p.Type(), "Write") {
			return true
		}
	}
	return false
}

// saidEntity reports whether a type is that of an entity that a directive describes.
func saidEntity(in *model.Interface, t types.Type) bool {
	return slices.ContainsFunc(in.Said.Entities, func(said *directive.Entity) bool {
		named, ok := types.Unalias(t).(*types.Named)
		return ok && named.Obj().Name() == said.Entity.Text
	})
}

// refuseHandles refuses a method that is given a connection or a transaction: it is of one store's database, and the other
// store would be called with it.
func refuseHandles(in *model.Interface, m *model.Method) {
	if m.Kind != plan.Read && m.Kind != plan.Write {
		return
	}
	for _, i := range m.NonContext() {
		t := m.Params[i].Type
		object, _, _ := types.LookupFieldOrMethod(t, true, nil, "ExecContext")
		if _, ok := object.(*types.Func); !ok {
			continue
		}
		in.Ask(m, "let each store hold its own, and wrap an interface without the parameter\nor write "+m.Directive("primary")+" "+m.Place()+" if the primary alone shall have it",
			"%s takes %s, which is a connection to one of the two stores: the other cannot use it", m.Name, shape.String(t))
	}
}
