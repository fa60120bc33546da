package dual

import "sync/atomic"

// Stats counts what a migration did in this process. Every figure only grows, but InFlight.
type Stats struct {
	Counts
	InFlight int64 // calls that have not ended, their asynchronous mirror writes included
	// JournalFailed counts calls of the journal that failed; Retrying the tokens whose end is still being retried.
	JournalFailed int64
	Retrying      int64
	Methods       map[string]Counts // by MethodInfo.Name
}

// Counts are the figures of one method, or of all.
type Counts struct {
	Calls          int64 // calls that were let in
	Refused        int64 // calls that were refused before any store was touched
	Mirrored       int64 // mirror writes that succeeded
	MirrorFailed   int64 // mirror writes that failed: left to the reconciler
	MirrorDropped  int64 // asynchronous mirror writes for which there was no room: left to the reconciler
	Queued         int64 // writes whose mirror was left to the reconciler, as Settings.Mirror wants
	Unjournaled    int64 // writes that ran without the journal: parity is void
	Unknown        int64 // writes that were made, but answered with ErrUnknown
	FellBack       int64 // reads by key that found in the complete store what the phase's primary does not have yet
	Brought        int64 // entities that were copied from the complete store because a call touched them
	Compared       int64 // reads compared with the other store
	CompareDropped int64 // comparisons for which there was no room
	CompareFailed  int64 // comparisons in which a store failed
	CompareSkipped int64 // differences not reported, because the key changed or was unclean meanwhile
	Mismatched     int64 // confirmed differences
}

// counters are a method's figures that are not counted by slots.
type counters struct {
	refused, mirrorFailed, mirrorDropped, unjournaled, unknown          atomic.Int64
	fellBack, brought, queued                                           atomic.Int64
	compared, compareDropped, compareFailed, compareSkipped, mismatched atomic.Int64
	pastCalls, pastMirrored                                             atomic.Int64 // of states that were drained
	lastLog, suppressed                                                 atomic.Int64
}

func (c *counters) counts() Counts {
	return Counts{
		Calls: c.pastCalls.Load(), Mirrored: c.pastMirrored.Load(), Refused: c.refused.Load(),
		MirrorFailed: c.mirrorFailed.Load(), MirrorDropped: c.mirrorDropped.Load(),
		Unjournaled: c.unjournaled.Load(), Unknown: c.unknown.Load(),
		FellBack: c.fellBack.Load(), Brought: c.brought.Load(), Queued: c.queued.Load(),
		Compared: c.compared.Load(), CompareDropped: c.compareDropped.Load(), CompareFailed: c.compareFailed.Load(),
		CompareSkipped: c.compareSkipped.Load(), Mismatched: c.mismatched.Load(),
	}
}

func (c *Counts) add(d Counts) {
	c.Calls += d.Calls
	c.Refused += d.Refused
	c.Mirrored += d.Mirrored
	c.MirrorFailed += d.MirrorFailed
	c.MirrorDropped += d.MirrorDropped
	c.Unjournaled += d.Unjournaled
	c.Unknown += d.Unknown
	c.FellBack += d.FellBack
	c.Brought += d.Brought
	c.Queued += d.Queued
	c.Compared += d.Compared
	c.CompareDropped += d.CompareDropped
	c.CompareFailed += d.CompareFailed
	c.CompareSkipped += d.CompareSkipped
	c.Mismatched += d.Mismatched
}

// Stats returns the figures at this moment.
func (m *Migration) Stats() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	stats := Stats{
		JournalFailed: m.journalFailed.Load(),
		Retrying:      int64(m.retries.len()),
		Methods:       make(map[string]Counts, len(m.methods)),
	}
	states := append([]*state{m.state.Load()}, m.older...)
	for _, method := range m.methods {
		counts := method.counts()
		for _, st := range states {
			if method.index >= len(st.flight) {
				continue
			}
			inFlight, calls, mirrored := st.flight[method.index].sum()
			stats.InFlight += inFlight
			counts.Calls += calls
			counts.Mirrored += mirrored
		}
		stats.Counts.add(counts)
		all := stats.Methods[method.info.Name]
		all.add(counts)
		stats.Methods[method.info.Name] = all
	}
	return stats
}
