package sqlcontrol

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/control/internal/journaldiff"
)

// The journal answers as the one in memory does.
func TestAsInMemory(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		for seed := range uint64(2) {
			b := p.open(t, Options{Migration: "m" + string(rune('a'+seed))})
			// In Postgres what others have open, in any database of the server, makes Activity return more.
			journaldiff.Run(t, b.Journal(), journaldiff.Options{Steps: 70, Seed: seed, Superset: p.dialect == Postgres})
		}
	})
}
