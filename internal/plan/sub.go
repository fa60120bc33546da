package plan

import (
	"path/filepath"
	"slices"
)

// SubRepository is a method that hands out a repository of its own, Users() UserStore. The wrapper's hands out the wrapper of that,
// which the constructor makes over what the method returns in each store.
type SubRepository struct {
	Method *Method     // without a kind: no call of it reaches a store
	Of     *Repository // nil where it cannot be planned
	Field  string      // of the wrapper
	Calls  [2]SubCall
	// Inside is the name of the stores' method that makes the wrapper inside a transaction; "" where the interface has none.
	Inside string
}

// SubCall is how a store hands out its own.
type SubCall struct {
	Method string   // the store's own name for it
	Func   *FuncRef // a user's function over the store instead
}

// Beside reports whether it is written to the package of another repository's output.
func (p *SubRepository) Beside(r *Repository) bool {
	return filepath.Dir(p.Of.Output.File) == filepath.Dir(r.Output.File)
}

// HandsOutOnly reports whether a repository has nothing of its own that reads or writes, beside what its transactions run and what belongs
// to the life of the stores.
func (r *Repository) HandsOutOnly() bool {
	return len(r.Subs) > 0 && !slices.ContainsFunc(r.Methods, func(m *Method) bool { return m.Kind != Lifecycle && m.Kind != Transaction })
}
