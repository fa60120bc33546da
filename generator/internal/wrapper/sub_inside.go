package wrapper

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// planSubsInside plans what the function of a transaction is handed out: wrappers over what the store's transaction hands out.
func (w *Wrapper) planSubsInside() {
	if w.Repo.View == nil {
		return
	}
	names := names.New(slices.Concat(w.In.MethodNames(), w.getterNames())...)
	for _, s := range w.subs {
		if s.of == nil {
			continue
		}
		s.plan.Inside = names.Name(text.LowerFirst(s.Name) + "Inside")
		if what := s.of.notInside(); what != "" {
			w.Reports.Addf(s.Pos, fmt.Sprintf("leave it out of %s, or wrap an interface without %s", s.of.Object.Name(), s.Name),
				"%s hands out %s inside of a transaction too, where %s", s.Name, s.of.Object.Name(), what)
		}
	}
}

// runsFunctions reports whether a method runs a function over the interface itself.
func (w *Wrapper) runsFunctions() bool {
	for _, m := range w.Subject.Methods {
		for v := range m.Sig.Params().Variables() {
			f, ok := v.Type().Underlying().(*types.Signature)
			if ok && slices.ContainsFunc(slices.Collect(f.Params().Variables()), func(p *types.Var) bool { return w.In.IsItself(p.Type()) }) {
				return true
			}
		}
	}
	return false
}

// notInside says what a wrapper does that it cannot do inside the transaction of another one; "" where it can do all.
func (w *Wrapper) notInside() string {
	for _, m := range w.In.Methods {
		if m.Kind == plan.Lifecycle {
			return m.Name + " would be called on a store that is not in it"
		}
	}
	switch {
	case len(w.subs) > 0:
		return w.subs[0].Name + " would hand out another one, which is not planned there yet"
	case len(w.Said.Rollovers) > 0:
		return "the keys may lie on both sides of a cutoff"
	}
	return ""
}
