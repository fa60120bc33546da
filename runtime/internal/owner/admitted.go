package owner

import "github.com/dualgen/dualgen/runtime/phase"

// Admitted returns why a migration's instance must not copy or certify, or nil. A migration that does not say is admitted.
func Admitted(migration any) error {
	if m, ok := migration.(interface{ Admitted() error }); ok {
		return m.Admitted()
	}
	return nil
}

// BackfillRate returns the rate of backfills that the fleet's settings name, or 0.
func BackfillRate(migration any) float64 {
	if m, ok := migration.(interface{ Settings() phase.Settings }); ok {
		return m.Settings().BackfillRate
	}
	return 0
}

// Paused reports whether an operator has paused copies and comparisons in the fleet, as the instance knows.
func Paused(migration any) bool {
	m, ok := migration.(interface{ Paused() bool })
	return ok && m.Paused()
}
