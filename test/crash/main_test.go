package crash

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

func TestPostgresToPostgres(t *testing.T) {
	l, err := levelFromEnv()
	require.NoError(t, err)
	w := newWorld(t, pair{name: "pg-pg", mode: setting.Durable, cold: coldKeys})
	w.killUntil(pick(l, 40, 420, 16_000), 60)
	next := dual.Old
	alternate := func() dual.Store {
		next = next.Other()
		return next
	}
	for range pick(l, 1, 10, 220) {
		w.storeRound(pick(l, 2, 4, 4), alternate)
	}
	for range pick(l, 1, 4, 200) {
		all := allFaults()
		for half := range 2 {
			some := all[half*12 : half*12+12]
			w.networkRound(some[:pick(l, 3, 12, 12)], 400*time.Millisecond)
		}
	}
	require.NoError(t, w.tally.report(w.name, l))
}
