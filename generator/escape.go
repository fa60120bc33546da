package generator

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/plan"
)

// checkEscapes refuses a method that hands out what writes to the store that made it: a writer, a batch, a transaction, an
// object with methods of its own, as a result or to a function of the caller's. What is written through it would not be
// mirrored. Who says that the method reads, or is the primary's alone, has seen it.
func (b *builder) checkEscapes(d *decision) {
	if d.said.Kind != nil && (d.Kind == plan.Read || d.Kind == plan.Primary) || d.Kind == plan.Lifecycle {
		return
	}
	for _, i := range d.nonError() {
		b.checkEscape(d, d.Results[i].Type, "returns %s", "the result")
	}
	if b.callbackOf(d) != nil {
		return // a transaction over the interface itself
	}
	for _, i := range d.nonContext() {
		if sig, ok := d.Params[i].Type.Underlying().(*types.Signature); ok {
			for p := range sig.Params().Variables() {
				if !moves(p.Type(), "Write") { // a stream ends with the call
					b.checkEscape(d, p.Type(), "hands %s to a function", "it")
				}
			}
		}
	}
}

// checkEscape refuses one type that a method hands out.
func (b *builder) checkEscape(d *decision, handed types.Type, how, through string) {
	t := elementOf(handed).typ
	method := b.writingMethod(t)
	if method == "" {
		return
	}
	b.ask(d, "leave the method out of the interface, and let one that takes all that is to be written take its place\nor write //dualgen:read above it if nothing is written through "+through+", //dualgen:primary if the primary alone shall have it",
		"%s "+how+", and what its method %s writes would not be mirrored", d.Name, typeString(t), method)
}

// writingMethod is a method of an interface that writes by its name and can fail, or "". Setters that cannot fail change a
// value in memory, and what is given a writer writes to that.
func (b *builder) writingMethod(t types.Type) string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || b.isEntity(t) {
		return ""
	}
	for f := range iface.Methods() {
		results := f.Signature().Results()
		if results.Len() == 0 || !isError(results.At(results.Len()-1).Type()) || takesWriter(f.Signature()) {
			continue
		}
		if rule, _, ok := classifyVerb(f.Name()); ok && rule.kind == plan.Write {
			return f.Name()
		}
	}
	return ""
}

// takesWriter reports whether a function is given a writer.
func takesWriter(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if moves(p.Type(), "Write") {
			return true
		}
	}
	return false
}

// isEntity reports whether a type is that of an entity that a directive describes.
func (b *builder) isEntity(t types.Type) bool {
	return slices.ContainsFunc(b.said.Entities, func(said *directive.Entity) bool {
		named, ok := types.Unalias(t).(*types.Named)
		return ok && named.Obj().Name() == said.Entity.Text
	})
}

// checkHandles refuses a method that is given a connection or a transaction: it is of one store's database, and the other
// store would be called with it.
func (b *builder) checkHandles(d *decision) {
	if d.Kind != plan.Read && d.Kind != plan.Write {
		return
	}
	for _, i := range d.nonContext() {
		t := d.Params[i].Type
		object, _, _ := types.LookupFieldOrMethod(t, true, nil, "ExecContext")
		if _, ok := object.(*types.Func); !ok {
			continue
		}
		b.ask(d, "let each store hold its own, and wrap an interface without the parameter\nor write //dualgen:primary above it if the primary alone shall have it",
			"%s takes %s, which is a connection to one of the two stores: the other cannot use it", d.Name, typeString(t))
	}
}
