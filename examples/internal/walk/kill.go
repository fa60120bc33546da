package walk

import (
	"context"
	"fmt"
	"math/rand/v2"
)

// killed has the process killed once, in the midst of its work.
func (w *walker[K, P]) killed(ctx context.Context) error {
	w.crash(ctx, "traffic flows", 1)
	return w.stay(ctx)
}

// visit visits a station. While its traffic flows, the process is killed as often as is the station's share of the kills that were asked
// for. Every kill but the last falls into the station's work, wherever that is by then.
func (w *walker[K, P]) visit(ctx context.Context, s station, share int) error {
	if s.quiet || share == 0 {
		return s.visit(ctx)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.visit(ctx) }()
	if w.account.crashes() < share {
		pauseFor(ctx, rand.N(w.options.stay))
		w.crash(ctx, "traffic flows", share)
	}
	return <-ended
}

// shares divides the kills among the stations that have traffic.
func (o options) shares(stations []station) []int {
	busy := 0
	for _, s := range stations {
		if !s.quiet {
			busy++
		}
	}
	shares, given := make([]int, len(stations)), 0
	for i, s := range stations {
		if !s.quiet {
			shares[i] = o.kills*(given+1)/busy - o.kills*given/busy
			given++
		}
	}
	return shares
}

// crash asks for a kill -9, unless this station has had so many, and goes on with its work until then.
func (w *walker[K, P]) crash(ctx context.Context, where string, most int) {
	if w.account.crashes() >= most || !w.dying.CompareAndSwap(false, true) {
		return
	}
	w.account.line(w.world.Migration.Phase(), where)
	if err := w.account.crash(); err != nil {
		w.account.note(w.world.Migration.Phase(), "%v", err)
		return
	}
	fmt.Fprintln(w.account.out, killMe)
	<-ctx.Done()
}
