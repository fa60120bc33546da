package generator

import (
	"go/token"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// nameOutput allocates the names that the wrapper adds to its package.
func (b *builder) nameOutput() {
	if b.repo.Output.Package != b.pkg.Types {
		b.names = newAllocator(b.repo.Output.Package.Scope().Names()...)
		b.takeParams()
	}
	name := b.object.Name()
	n := &b.repo.Names
	if b.request.shared {
		n.Prefix = text.LowerFirst(name)
	}
	if said := b.request.flags.name; said.Text != "" {
		if !token.IsIdentifier(said.Text) {
			b.reports.Addf(said.Pos, "write -name Dual"+text.UpperFirst(name), "-name %s is no identifier", said.Text)
			return
		}
		if b.repo.Output.Package.Scope().Lookup(said.Text) != nil {
			b.reports.Addf(said.Pos, "choose another name", "-name %s is declared in package %s already", said.Text, b.repo.Output.Name)
			return
		}
		n.Wrapper = said.Text
		b.names.take(n.Wrapper)
	} else if token.IsExported(name) {
		n.Wrapper = b.names.name("Dual" + name)
	} else {
		n.Wrapper = b.names.name("dual" + text.UpperFirst(name))
	}
	constructor := "New" + text.UpperFirst(n.Wrapper)
	if !token.IsExported(n.Wrapper) {
		constructor = "new" + text.UpperFirst(n.Wrapper)
	}
	n.Constructor = b.names.name(constructor)
	n.Conformance = b.names.name("Run" + text.UpperFirst(name) + "Conformance")
	b.nameReceiver()
	for i, s := range b.in.Stores {
		if b.needsShim(s) {
			s.Shim = true
			fields := newAllocator()
			fields.take(b.subject.methodNames()...)
			b.repo.Stores[i].Shim = &plan.Shim{Name: b.names.name(model.Sides[i] + text.UpperFirst(name)), Field: fields.field("store")}
		}
		b.repo.Stores[i].Type, b.repo.Stores[i].Pos = s.Type, s.Pos
	}
}

// takeParams keeps helpers from having the name of a parameter or a result, which would hide them.
func (b *builder) takeParams() {
	for _, m := range b.subject.methods {
		for v := range m.sig.Params().Variables() {
			b.names.take(v.Name())
		}
		for v := range m.sig.Results().Variables() {
			b.names.take(v.Name())
		}
	}
}

// nameReceiver finds a receiver that no parameter has the name of.
func (b *builder) nameReceiver() {
	scope := newAllocator(b.pkg.Types.Scope().Names()...)
	for _, m := range b.subject.methods {
		for v := range m.sig.Params().Variables() {
			scope.take(v.Name())
		}
		for v := range m.sig.Results().Variables() {
			scope.take(v.Name())
		}
	}
	for _, p := range b.params {
		scope.take(p.Obj().Name())
	}
	b.repo.Names.Receiver = scope.name("d")
}
