package kind

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// returnsNothing says that a read has no way to tell what it read.
func returnsNothing(_ *model.Interface, m *model.Method) string {
	if len(m.NonError()) > 0 {
		return ""
	}
	for _, i := range m.NonContext() {
		switch m.Params[i].Type.Underlying().(type) {
		case *types.Pointer, *types.Signature, *types.Interface:
			return ""
		}
	}
	return "it has the name of a read, but returns nothing that was read"
}

// settleNothing proposes a read where a map is handed over, which it may fill in, and asks where there is none.
func settleNothing(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	if slices.ContainsFunc(m.NonContext(), func(i int) bool { _, ok := m.Params[i].Type.Underlying().(*types.Map); return ok }) {
		return proposeRead(in, m, d, "it returns nothing, and may fill in the map that it is handed")
	}
	if len(m.NonContext()) == 0 {
		d.Kind = plan.Lifecycle
		return proposeKind(in, m, d, "it is handed nothing and returns nothing, as what makes a store ready is")
	}
	return ask(in, m, d, why)
}

// cannotFail says that a write takes nothing and returns no error.
func cannotFail(_ *model.Interface, m *model.Method) string {
	if len(m.NonContext()) > 0 || len(m.NonError()) == 0 || m.Error >= 0 {
		return ""
	}
	return "it has the name of a write, but takes nothing and returns no error"
}

// storesNothing says that a write is handed nothing that it could store.
func storesNothing(_ *model.Interface, m *model.Method) string {
	if len(m.NonContext()) > 0 || len(m.NonError()) > 0 || m.Trait != verb.Whole && m.Words.Trait != verb.Whole && m.Words.Verb != "Mark" {
		return ""
	}
	return "it has the name of a write, but is handed nothing that it could write, as what makes a store ready, or flushes it, is"
}

// proposeKindLifecycle proposes that a method is of the life of a store.
func proposeKindLifecycle(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	d.Kind, d.Trait, d.Delete = plan.Lifecycle, verb.Plain, false
	return proposeKind(in, m, d, why)
}

// proposeInner proposes that a method writes which has the verb of a write inside, or that it reads where it is handed nothing and cannot
// fail: LastStoreVersion() string.
func proposeInner(in *model.Interface, m *model.Method, d Decision, why string) Decision {
	if cannotFail(in, m) != "" && d.Trait != verb.Takes {
		return proposeRead(in, m, d.reads(), why+", but it is handed nothing and returns no error")
	}
	return proposeKind(in, m, d, why)
}

// reads makes a decision that of a read.
func (d Decision) reads() Decision {
	d.Kind, d.Trait, d.Delete = plan.Read, verb.Plain, false
	return d
}
