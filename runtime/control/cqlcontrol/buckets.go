package cqlcontrol

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A process lists keys in partitions of its own, one after the other, each for so many rows. One that has become empty is dropped
// as a whole, so that no read meets more tombstones than a partition had rows. Which partitions there are stands in the process'
// row, before the first row is in them. A process drops its own; those of a process that has been silent for long, others do. So
// a process which has not told anything for a while tells, before it relies on a row.

// bucketSize is how many calls one partition of a log holds, and how many keys one partition of the listing.
const bucketSize = 512

const (
	// tellWithin is how long a process may rely on its rows without having told that it lives; silentAfter is how long the others
	// leave them alone. In between is room for clocks that run at different speeds, and for the time of a statement.
	tellWithin  = 2 * time.Minute
	silentAfter = 5 * time.Minute
	// dropAtOnce is how many partitions are looked at in one go.
	dropAtOnce = 16
)

// lists are the partitions in which a process lists keys.
type lists struct {
	mu    sync.Mutex
	told  time.Time     // when the process was about to tell what it has told last
	open  int64         // the one that is being filled; 0 for none
	next  int           // its next row
	last  int64         // the youngest, were it not told of
	using map[int64]int // rows that are being inserted, by partition
	live  []int64       // all that the process has told of, oldest first
	turn  int           // where the next look begins
}

// take returns the number of a row that is free.
func (l *lists) take() (bucket int64, n int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.readyLocked() {
		return 0, 0, false
	}
	l.using[l.open]++
	l.next++
	return l.open, l.next - 1, true
}

func (l *lists) readyLocked() bool {
	return l.open != 0 && l.next < bucketSize && time.Since(l.told) <= tellWithin
}

// ready reports whether a row is free.
func (l *lists) ready() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.readyLocked()
}

// another returns a partition that was never used, and is roughly ordered by age.
func (l *lists) another() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = max(l.last+1, time.Now().UnixMilli())
	return l.last
}

// leave ends what take began.
func (l *lists) leave(bucket int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.using[bucket]--; l.using[bucket] == 0 {
		delete(l.using, bucket)
	}
}

// alive reports whether nobody can have taken the process for dead.
func (l *lists) alive() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Since(l.told) <= tellWithin
}

// known returns the partitions that the process has told of.
func (l *lists) known() []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.live)
}

// tells notes what the process has told, and from when on that counts.
func (l *lists) tells(began time.Time, live []int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told, l.live = began, live
}

// fill begins to fill a partition.
func (l *lists) fill(bucket int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open, l.next = bucket, 0
}

// full returns some of the partitions to which no row will be added, each time others, and forgets those that are gone.
func (l *lists) full() []int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := slices.DeleteFunc(slices.Clone(l.live), func(bucket int64) bool { return bucket == l.open && l.next < bucketSize || l.using[bucket] > 0 })
	if len(full) <= dropAtOnce {
		return full
	}
	l.turn %= len(full)
	some := slices.Concat(full[l.turn:], full[:l.turn])[:dropAtOnce]
	l.turn += dropAtOnce
	return some
}

// takeRow returns the number of a row of a partition that the process has told of.
func (t cqlTable) takeRow(ctx context.Context) (bucket int64, n int, err error) {
	l := &t.process.lists
	for {
		if bucket, n, ok := l.take(); ok {
			return bucket, n, nil
		}
		if err := t.openBucket(ctx); err != nil {
			return 0, 0, err
		}
	}
}

// openBucket tells of another partition.
func (t cqlTable) openBucket(ctx context.Context) error {
	p := t.process
	p.telling.Lock()
	defer p.telling.Unlock()
	l := &p.lists
	if l.ready() { // another call has opened one
		return nil
	}
	bucket := l.another()
	if err := t.saveProcess(ctx, func(s *story) { s.buckets = append(s.buckets, bucket) }); err != nil {
		return err
	}
	l.fill(bucket)
	return nil
}

// dropBuckets drops partitions of this process that have become empty.
func (j *Journal) dropBuckets(ctx context.Context) error {
	full := j.process.lists.full()
	gone := make([]bool, len(full))
	err := j.turns.together(len(full), func(i int) (err error) {
		gone[i], err = j.dropEmpty(ctx, j.process.id, full[i])
		return err
	})
	if err != nil || !slices.Contains(gone, true) {
		return err
	}
	p := j.process
	p.telling.Lock()
	defer p.telling.Unlock()
	return cqlTable{j}.saveProcess(ctx, func(s *story) {
		s.buckets = slices.DeleteFunc(s.buckets, func(bucket int64) bool {
			i := slices.Index(full, bucket)
			return i >= 0 && gone[i]
		})
	})
}

// dropEmpty drops a partition to which no row will be added, if it is empty.
func (j *Journal) dropEmpty(ctx context.Context, process, bucket int64) (bool, error) {
	var n int
	rows := j.query(ctx, `SELECT n FROM {listing} WHERE migration = ? AND process = ? AND bucket = ? LIMIT 1`, j.options.Migration, process, bucket).Iter()
	some := rows.Scan(&n)
	if err := rows.Close(); err != nil || some {
		return false, wrap("look for dirty keys", err)
	}
	err := j.query(ctx, `DELETE FROM {listing} USING TIMESTAMP ? WHERE migration = ? AND process = ? AND bucket = ?`,
		int64(bucketGone), j.options.Migration, process, bucket).Exec()
	return err == nil, wrap("drop a part of the listing", err)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cqlcontrol: %s: %w", what, err)
}
