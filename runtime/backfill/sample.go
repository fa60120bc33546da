package backfill

import "sync/atomic"

// A batch is looked at in part: a mirror that drops what it accepts drops more than a row now and then, and verify reads every row
// before a cutover. To read all that was written would cost a quarter of the speed.
const (
	sampleRows  = 64 // of a batch, at least
	sampleShare = 8  // or one row in so many
)

// sampler chooses what is looked at of batches.
type sampler struct{ turns atomic.Int64 }

// stretch is what is looked at of a batch of n rows: the next stretch each time, so that no place in a batch is always passed by.
func (s *sampler) stretch(n int) (from, to int) {
	size := max(sampleRows, (n+sampleShare-1)/sampleShare)
	if n <= size {
		return 0, n
	}
	turn := int(s.turns.Add(1) - 1)
	from = min(turn%((n+size-1)/size)*size, n-size)
	return from, from + size
}

// accepted counts rows that the mirror accepted, and that are not looked at.
func (t *tally) accepted(p *part, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p.counts.Copied += int64(n)
}

// doubt has all rows looked at from now on.
func (t *tally) doubt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.drops = true
}

// doubted reports whether the mirror was seen to drop what it accepts.
func (t *tally) doubted() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.drops
}
