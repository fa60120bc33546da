package dualtest

import "github.com/dualgen/dualgen/runtime/dual"

// Reasons for which a law is untested.
const (
	notTried = "no sequence tried it"
	undrawn  = "nothing draws its arguments"

	eachCallFailed = "each of its calls failed"
	eachPutRefused = "each of its puts was refused"
)

// limits notes what should be tested, as untested so far, and what cannot be, whatever the stores do.
func (s Suite[R]) limits(b *book) {
	for _, kind := range s.Kinds {
		why := notTried
		if kind.lacks != "" {
			why = kind.lacks
		}
		b.cannotAny(kind.name, why, putThenGet, putOver, keyKept, deleteThenGet, scanComplete, mirrorsReconciled)
	}
	for _, info := range s.Undrawn {
		b.cannotAny(methodOf(info), undrawn, lawsOf(info)...)
	}
	for _, x := range s.Transactions {
		b.cannotAny(x.method(), notTried, lawsOf(x.info)...)
	}
	for _, step := range s.Steps {
		why := notTried
		switch kind := step.info.Kind; {
		case kind == dual.KindLifecycle:
			why = "it is called on both stores, as the phase test tries"
		case kind == dual.KindPrimary || step.info.Mirror == dual.Skip:
			why = "it is never mirrored"
		}
		b.cannotAny(step.method(), why, lawsOf(step.info)...)
		if why == notTried && step.info.Kind != dual.KindRead {
			b.cannot(writeWithinKeys, step.method(), "no sequence met an entity that it writes")
		}
	}
}

// lawsOf are the laws that a method is held to.
func lawsOf(info dual.MethodInfo) []Law {
	switch info.Kind {
	case dual.KindRead:
		return []Law{readChangesNone, readOfItsEntity, answersAlike, wrapperAlike}
	case dual.KindTransaction:
		return []Law{commitKeeps, rollbackUndoes, errorsAlike, wrapperAlike}
	case dual.KindLifecycle:
		return []Law{answersAlike, wrapperAlike}
	}
	return []Law{writeWithinKeys, answersAlike, wrapperAlike}
}
