package table

import (
	"context"
	"fmt"
)

// marker notes what was applied, for all keys that wait for it by one statement: a commit for each would be what a queue costs most.
type marker struct {
	q    *Queue
	asks chan ask
}

// ask is one entry whose key waits.
type ask struct {
	seq  uint64
	done chan error
}

// together is how many entries one statement notes at most.
const together = 200

func newMarker(q *Queue) *marker { return &marker{q: q, asks: make(chan ask)} }

// applied returns once an entry is noted.
func (m *marker) applied(ctx context.Context, seq uint64) error {
	one := ask{seq, make(chan error, 1)}
	select {
	case m.asks <- one:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-one.done
}

// loop notes until ended is closed; by then nobody asks any more.
func (m *marker) loop(timeout func() (context.Context, context.CancelFunc), ended <-chan struct{}) {
	for {
		var batch []ask
		select {
		case one := <-m.asks:
			batch = append(batch, one)
		case <-ended:
			return
		}
		for more := true; more && len(batch) < together; {
			select {
			case one := <-m.asks:
				batch = append(batch, one)
			default:
				more = false
			}
		}
		ctx, cancel := timeout()
		err := m.note(ctx, batch)
		cancel()
		for _, one := range batch {
			one.done <- err
		}
	}
}

func (m *marker) note(ctx context.Context, batch []ask) error {
	args := make([]any, len(batch))
	for i, one := range batch {
		args[i] = one.seq
	}
	args = padded(args)
	_, err := m.q.db.ExecContext(ctx, m.q.text(`UPDATE dualgen_queue SET applied = {now}, retry = 0, parked = false, problem = '' WHERE seq IN (`+marks(len(args))+`)`), args...)
	if err != nil {
		return fmt.Errorf("note what was applied: %w", err)
	}
	return nil
}
