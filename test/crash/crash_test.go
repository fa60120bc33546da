package crash

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

// dualQuery lists a few unclean keys.
var dualQuery = journal.Query{Limit: 5}

// points are where processes kill themselves, each with how often they pass before.
var points = []struct {
	name  string
	after int // at most
	mover bool
}{
	{"begin.before", 40, false}, {"begin.after", 40, false},
	{"old.write.before", 40, false}, {"old.write.after", 40, false},
	{"new.write.before", 40, false}, {"new.write.after", 40, false},
	{"old.read.after", 40, false}, {"new.read.after", 40, false},
	{"end.before", 40, false}, {"end.after", 40, false},
	{"renew.before", 1, false}, {"renew.after", 1, false},
	{"reconcile.begincopy.before", 1, false}, {"reconcile.begincopy.after", 1, false},
	{"reconcile.old.read.after", 1, false}, {"reconcile.new.read.after", 1, false},
	{"reconcile.new.write.before", 1, false}, {"reconcile.new.write.after", 1, false},
	{"reconcile.old.write.after", 1, false},
	{"reconcile.end.before", 1, false}, {"reconcile.end.after", 1, false}, {"reconcile.expire.after", 2, false},
	{"backfill.swap.after", 0, true}, {"backfill.checkpoint.before", 2, true}, {"backfill.checkpoint.after", 4, true},
	{"backfill.old.read.after", 2, true}, {"backfill.new.read.after", 2, true},
	{"backfill.new.write.before", 90, true}, {"backfill.new.write.after", 90, true}, {"backfill.old.write.after", 90, true},
	{"backfill.markdirty.before", 0, true}, {"backfill.markdirty.after", 0, true},
	{"verify.old.read.after", 2, true}, {"verify.markdirty.after", 0, true}, {"verify.swap.before", 0, true}, {"verify.swap.after", 0, true},
}

// The places of a fleet.
const (
	workers = 3
	movers  = 2 // that also backfill and verify; one takes over where the other one is paused past its lease
	writers = 3 // goroutines of a worker
)

// staff fills the places. Where deadly, most processes kill themselves at a point.
func (w *world) staff(deadly bool) {
	for place := range workers + movers {
		w.fleet.occupy(func(s *setting.Settings) {
			s.Writers, s.Mover = writers, place < movers
			if s.Mover {
				s.Writers = 1
			}
			if deadly {
				w.arm(s, 0.5)
			}
		})
	}
}

// arm has a process kill itself at a point, more likely than not where share says so.
func (w *world) arm(s *setting.Settings, share float64) {
	if rand.Float64() > share {
		return
	}
	for {
		point := points[rand.IntN(len(points))]
		if point.mover == s.Mover {
			s.Kill, s.After = point.name, rand.IntN(point.after+1)
			return
		}
	}
}

// killPace is how long the harness waits between two kills, on average.
const killPace = 220 * time.Millisecond

// killRound kills processes while the fleet walks, then everybody, and audits what is left.
func (w *world) killRound(kills int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	var walking sync.WaitGroup
	w.staff(true)
	walking.Go(func() { w.walker.run(ctx, 150*time.Millisecond) })
	w.killAtRandom(ctx, kills)
	cancel()
	walking.Wait()
	w.fleet.stop()
	w.settleAndAudit()
}

// killAtRandom waits until so many processes have died, and sees to it that they do. Some are paused for a while.
func (w *world) killAtRandom(ctx context.Context, kills int) {
	var pausing sync.WaitGroup
	defer pausing.Wait()
	for until := w.tally.allKills() + kills; w.tally.allKills() < until && ctx.Err() == nil; {
		time.Sleep(killPace/4 + rand.N(killPace*3/2))
		if rand.IntN(15) == 0 {
			pausing.Go(func() { w.fleet.pauseOne(setting.Lease + rand.N(setting.Lease)) })
			continue
		}
		w.fleet.killOne()
	}
}

// settleAndAudit lets one process without traffic put in order what the dead left behind.
func (w *world) settleAndAudit() {
	w.t.Helper()
	w.fleet.occupy(func(s *setting.Settings) { s.Mover = true })
	record := w.quiet(40 * time.Second)
	w.fleet.stop()
	w.judge(record)
}

// killUntil makes rounds until so many processes were killed.
func (w *world) killUntil(kills, round int) {
	w.t.Helper()
	for w.tally.allKills() < kills {
		w.killRound(min(round, kills-w.tally.allKills()))
	}
}
