package crash

import (
	"os"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

func TestMain(m *testing.M) {
	zerolog.SetGlobalLevel(zerolog.Disabled) // toxiproxy logs to where no logger can be given
	os.Exit(m.Run())
}

func TestPostgresToPostgres(t *testing.T) {
	t.Parallel() // most of the time is spent on leases and settle windows
	l, err := levelFromEnv()
	require.NoError(t, err)
	w := newWorld(t, pair{name: "pg-pg", mode: setting.Durable, cold: coldKeys})
	w.killUntil(pick(l, 30, 420, 16_000), pick(l, 30, 60, 60))
	next := dual.Old
	alternate := func() dual.Store {
		next = next.Other()
		return next
	}
	for range pick(l, 1, 12, 220) {
		w.storeRound(pick(l, 2, 4, 4), alternate)
	}
	for range pick(l, 1, 4, 40) {
		all := allFaults()
		for half := range 2 {
			some := all[half*12 : half*12+12]
			w.networkRound(some[:pick(l, 2, 12, 12)], 400*time.Millisecond)
		}
	}
	require.NoError(t, w.tally.report(w.name, l))
}

func TestPostgresToCassandra(t *testing.T) {
	t.Parallel() // most of the time is spent on leases and settle windows
	l, err := levelFromEnv()
	require.NoError(t, err)
	w := newWorld(t, pair{name: "pg-cql", mode: setting.Durable, wide: true, own: l != quick, cold: coldKeys})
	w.killUntil(pick(l, 20, 100, 4_000), pick(l, 20, 50, 50))
	for range pick(l, 0, 2, 40) {
		w.storeRound(3, func() dual.Store { return dual.New })
	}
	for range pick(l, 0, 1, 50) {
		all := allFaults()
		w.networkRound(all[:12], 400*time.Millisecond)
		w.networkRound(all[12:], 400*time.Millisecond)
	}
	require.NoError(t, w.tally.report(w.name, l))
}
