package crash

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// slowly is the pause of the traffic while Cassandra starts.
const slowly = time.Second

// storeRound kills the stores' servers while the fleet walks, and audits what is left. Half the kills of Postgres are
// its own immediate end, which leaves no process behind; the rest is SIGKILL for all of its processes.
func (w *world) storeRound(kills int, next func() dual.Store) {
	w.t.Helper()
	w.disturb(func(ctx context.Context) {
		for range kills {
			time.Sleep(300*time.Millisecond + rand.N(700*time.Millisecond))
			position := next()
			server := w.servers[position]
			end := server.Kill
			if server.Name == "postgres" && rand.IntN(2) == 0 {
				end = server.Quit
			}
			require.NoError(w.t, end())
			w.tally.storeKilled()
			time.Sleep(rand.N(500 * time.Millisecond))
			if server.Name == "cassandra" {
				w.fleet.tell(slowly.String()) // it takes most of the machine to start
			}
			w.revive(position)
			w.fleet.tell(pause.String())
		}
	})
}

// revive starts a server again.
func (w *world) revive(position dual.Store) {
	server := w.servers[position]
	before := server.Address
	require.NoError(w.t, server.Up())
	if server.Address == before {
		return
	}
	w.links[position].lead(w.t, server.Address)
	if position == dual.Old {
		w.open()
	}
}

// networkRound makes faults in the network while the fleet walks, and audits what is left.
func (w *world) networkRound(faults []fault, length time.Duration) {
	w.t.Helper()
	w.disturb(func(ctx context.Context) {
		for _, f := range faults {
			link := w.links[f.store]
			link.add(w.t, f.toxic, f.direction)
			record, err := w.at.Load().control.Load(ctx)
			require.NoError(w.t, err)
			w.tally.fault(fmt.Sprintf("%s %s %v %v", f.toxic.kind, f.direction, f.store, record.Phase))
			time.Sleep(length)
			link.cure(w.t)
			time.Sleep(length / 3)
		}
	})
}

// fault is one fault of the network.
type fault struct {
	store     dual.Store
	direction string
	toxic     toxic
}

// allFaults are all faults there are, in a random order.
func allFaults() []fault {
	var all []fault
	for _, store := range []dual.Store{dual.Old, dual.New} {
		for _, direction := range directions {
			for _, toxic := range toxics {
				all = append(all, fault{store, direction, toxic})
			}
		}
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// disturb runs do while the fleet works and walks, then ends the traffic and audits. The processes live on until their
// keys are in order: one that is killed while the journal is down takes the knowledge with it that parity is void.
func (w *world) disturb(do func(ctx context.Context)) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	var walking sync.WaitGroup
	w.staff(false)
	walking.Go(func() { w.walker.run(ctx, 200*time.Millisecond) })
	do(ctx)
	cancel()
	walking.Wait()
	w.fleet.hush()
	time.Sleep(w.settle)
	record := w.quiet(time.Minute)
	w.fleet.stop()
	w.judge(record)
}

// judge audits a round and fails the test if anything was lost.
func (w *world) judge(record control.Record) {
	w.t.Helper()
	report := w.audit(record)
	require.Empty(w.t, report.Lost)
	require.Empty(w.t, report.Illegal)
}
