package generator

import (
	"go/token"

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
		n.Prefix = lowerFirst(name)
	}
	if said := b.request.flags.name; said.text != "" {
		if !token.IsIdentifier(said.text) {
			b.reports.addf(said.pos, "write -name Dual"+upperFirst(name), "-name %s is no identifier", said.text)
			return
		}
		if b.repo.Output.Package.Scope().Lookup(said.text) != nil {
			b.reports.addf(said.pos, "choose another name", "-name %s is declared in package %s already", said.text, b.repo.Output.Name)
			return
		}
		n.Wrapper = said.text
		b.names.take(n.Wrapper)
	} else if token.IsExported(name) {
		n.Wrapper = b.names.name("Dual" + name)
	} else {
		n.Wrapper = b.names.name("dual" + upperFirst(name))
	}
	constructor := "New" + upperFirst(n.Wrapper)
	if !token.IsExported(n.Wrapper) {
		constructor = "new" + upperFirst(n.Wrapper)
	}
	n.Constructor = b.names.name(constructor)
	n.Conformance = b.names.name("Run" + upperFirst(name) + "Conformance")
	b.nameReceiver()
	for i, s := range b.stores {
		if s.needsShim(b) {
			s.shim = true
			fields := newAllocator()
			fields.take(b.subject.methodNames()...)
			b.repo.Stores[i].Shim = &plan.Shim{Name: b.names.name(sides[i] + upperFirst(name)), Field: fields.field("store")}
		}
		b.repo.Stores[i].Type, b.repo.Stores[i].Pos = s.typ, s.pos
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
