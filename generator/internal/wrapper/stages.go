package wrapper

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/calls"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// nameOutput names what the output declares, and puts a shim around each store that needs one.
func (w *Wrapper) nameOutput() {
	var ok bool
	if w.Repo.Names, ok = w.names.Output(&w.Repo.Output, len(w.subs) > 0); !ok {
		return
	}
	for i, s := range w.In.Stores {
		if w.needsShim(s) {
			w.addShim(i)
		}
		w.Repo.Stores[i].Type, w.Repo.Stores[i].Pos = s.Type, s.Pos
	}
}

// addShim puts a shim around a store.
func (w *Wrapper) addShim(i int) {
	w.In.Stores[i].Shim = true
	w.Repo.Stores[i].Shim = w.names.Shim(i)
}

// needsShim reports whether a store has to be made look like the interface: it does not implement it as it is, or the
// user says that a method has another name there.
func (w *Wrapper) needsShim(s *model.Store) bool {
	if w.errors.SaysErrors(slices.Index(w.In.Stores[:], s)) {
		return true
	}
	if len(w.subs) > 0 && w.runsFunctions() { // in whose transactions it makes wrappers
		return true
	}
	if s.Same {
		return false
	}
	for _, m := range w.Subject.Methods {
		if m.Said.Call != nil {
			return true
		}
	}
	return !types.Implements(s.Type, w.itself)
}

// lacksExtra reports whether a method of the internal store interface has another signature in a store that implements the
// repository as it is.
func (w *Wrapper) lacksExtra(s *model.Store) bool {
	return slices.ContainsFunc(w.In.Extra, func(d *model.Method) bool {
		sig := s.Signature(d.Name)
		return sig != nil && !types.Identical(sig, d.Sig)
	})
}

// nameView names the repository inside a transaction.
func (w *Wrapper) nameView() *plan.View {
	if !w.In.Transacts() {
		return nil
	}
	fields := names.New(slices.Concat(w.In.MethodNames(), w.getterNames())...)
	return &plan.View{
		Name:    w.names.Name(text.LowerFirst(w.Object.Name()) + "Tx"),
		Wrapper: fields.Field("dual"), Tx: fields.Field("tx"), Store: fields.Field("store"),
	}
}

// planCalls decides how each store is called.
func (w *Wrapper) planCalls() {
	stage := calls.Stage{In: w.In, Conversions: w.Conversions, Functions: w.functions, Errors: w.errors}
	for i, s := range w.In.Stores {
		if !s.Shim && w.lacksExtra(s) {
			w.addShim(i)
		}
		stage.Shims[i] = w.Repo.Stores[i].Shim
	}
	if len(w.subs) > 0 {
		stage.HandsOut = w.subs[0].Name
	}
	stage.Plan()
}

// nameStores names the interface over the stores where it has more methods than the wrapped one.
func (w *Wrapper) nameStores() {
	if len(w.In.Extra) > 0 || slices.ContainsFunc(w.Repo.Subs, func(s *plan.SubRepository) bool { return s.Inside != "" }) {
		w.Repo.Names.Stores = w.names.Name(text.LowerFirst(w.Object.Name()) + "Stores")
	}
}
