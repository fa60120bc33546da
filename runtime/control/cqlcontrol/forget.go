package cqlcontrol

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// forgetAfter is how long processes that fell silent, and leases that ran out, are remembered.
const forgetAfter = 24 * time.Hour

// tidyOthers drops what dead processes have left: the empty partitions of their listing, and in the end all they have.
func (j *Journal) tidyOthers(ctx context.Context) error {
	processes, err := j.processes(ctx)
	if err != nil {
		return err
	}
	leases, err := j.leases(ctx)
	if err != nil {
		return err
	}
	var errs []error
	left := 2 * dropAtOnce
	told := make(map[int64]bool)
	for _, r := range processes {
		told[r.id] = true
		if r.id == j.process.id || r.idle < silentAfter {
			continue
		}
		errs = append(errs, j.dropBucketsOf(ctx, r, &left))
		if r.idle >= forgetAfter && (len(leases[r.id]) == 0 || leases.dead(r.id)) {
			errs = append(errs, j.forget(ctx, r, leases[r.id]))
		}
	}
	for process, leases := range leases {
		old := !slices.ContainsFunc(leases, func(l lease) bool { return !l.over || l.idle < forgetAfter })
		if !told[process] && old { // it has never taken a token, or was forgotten
			errs = append(errs, j.forgetLeases(ctx, process, leases))
		}
	}
	return errors.Join(errs...)
}

// dropBucketsOf drops empty partitions of the listing of a process that has been silent for so long that it adds no row, at most so
// many. What was dropped once stays empty, and is not looked at again.
func (j *Journal) dropBucketsOf(ctx context.Context, r remote, left *int) error {
	look := slices.DeleteFunc(slices.Clone(r.buckets), j.gone.has(r.id))
	rand.Shuffle(len(look), func(a, b int) { look[a], look[b] = look[b], look[a] }) // not always those that are not empty
	look = look[:min(len(look), max(0, *left))]
	*left -= len(look)
	return j.turns.together(len(look), func(i int) error {
		gone, err := j.dropEmpty(ctx, r.id, look[i])
		if gone {
			j.gone.add(r.id, look[i])
		}
		return err
	})
}

// forget forgets a process that fell silent long ago and holds nothing, unless somebody tracks.
func (j *Journal) forget(ctx context.Context, r remote, leases []lease) error {
	if slices.ContainsFunc(r.buckets, func(bucket int64) bool { return !j.gone.has(r.id)(bucket) }) {
		return nil
	}
	if tracked, err := j.tracked(ctx); err != nil || tracked {
		return err
	}
	keys, err := j.logged(ctx, r.id, r.position, r.ceiling)
	if err != nil {
		return err
	}
	entries, err := j.readAll(ctx, keys, "")
	if err != nil {
		return err
	}
	if slices.ContainsFunc(entries, func(e entry) bool { return e.active() > 0 }) {
		return nil // an owner without a lease keeps its tokens
	}
	end := r.ceiling/bucketSize + 1
	dropped, err := j.dropLog(ctx, r.id, max(r.position.Swept, j.gone.logOf(r)), end)
	j.gone.dropped(r, dropped)
	if err != nil || dropped < end { // the next round goes on
		return err
	}
	if err := j.forgetLeases(ctx, r.id, leases); err != nil {
		return err
	}
	err = j.query(ctx, `DELETE FROM {process} USING TIMESTAMP ? WHERE migration = ? AND process = ?`, r.stamp, j.options.Migration, r.id).Exec()
	if err == nil {
		j.gone.forget(r)
	}
	return wrap("forget a process", err)
}

// forgetLeases removes leases as they were read: one that was renewed since then stays.
func (j *Journal) forgetLeases(ctx context.Context, process int64, leases []lease) error {
	return j.turns.together(len(leases), func(i int) error {
		err := j.query(ctx, `DELETE FROM {lease} USING TIMESTAMP ? WHERE migration = ? AND process = ? AND owner = ?`,
			leases[i].stamp, j.options.Migration, process, leases[i].owner).Exec()
		return wrap("forget a lease", err)
	})
}

// gone are partitions of other processes that this one knows to be dropped.
type gone struct {
	mu      sync.Mutex
	buckets map[remoteBucket]bool // of the listing
	logs    map[told]int64        // the first partition of a log that may be there
}

type remoteBucket struct{ process, bucket int64 }

// told is what a process said of itself at some time.
type told struct{ process, stamp int64 }

// logOf is the first partition of a process' log that may be there.
func (g *gone) logOf(r remote) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.logs[told{r.id, r.stamp}]
}

// dropped notes that there are none below.
func (g *gone) dropped(r remote, below int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.logs == nil {
		g.logs = make(map[told]int64)
	}
	g.logs[told{r.id, r.stamp}] = below
}

// forget forgets a process.
func (g *gone) forget(r remote) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.logs, told{r.id, r.stamp})
	for _, bucket := range r.buckets {
		delete(g.buckets, remoteBucket{r.id, bucket})
	}
}

func (g *gone) add(process, bucket int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.buckets == nil {
		g.buckets = make(map[remoteBucket]bool)
	}
	g.buckets[remoteBucket{process, bucket}] = true
}

// has returns a function that tells of a process' partitions.
func (g *gone) has(process int64) func(bucket int64) bool {
	return func(bucket int64) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.buckets[remoteBucket{process, bucket}]
	}
}
