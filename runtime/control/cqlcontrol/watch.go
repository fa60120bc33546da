package cqlcontrol

import (
	"context"
	"errors"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var _ journal.Watching = (*Journal)(nil)

// watch is a token on a whole kind whose End wants to know which keys had a call meanwhile. The fast path does not look at
// the kind, so that the logs tell. The process says in its row, once for all its watches, that the logs are to be kept.
type watch struct {
	since  map[int64]position
	began  time.Time
	broken bool // the owner's lease ran out in between, and logs may be gone
}

// keeps is which part of the logs a process needs.
type keeps struct {
	Some bool            `json:"some,omitempty"`
	From map[int64]int64 `json:"from,omitempty"` // by process, the first number; of one that is not named, all
}

// watches are those of a process.
type watches struct {
	kept      keeps // what the process' row says
	on        bool  // it surely says that logs are kept
	beginning int   // watches that have not read yet where the logs are
}

// BeginWatching implements journal.Watching. The token is taken first: a call that had ended before the logs' positions
// were read is seen by whatever the caller reads then, and all others are in the logs from there on.
func (j *Journal) BeginWatching(ctx context.Context, owner string, kind journal.Key, primary phase.Store) (journal.Token, error) {
	kind = canonical(kind)
	token, err := j.Begin(ctx, owner, kind, primary)
	if err != nil {
		return token, err
	}
	err = j.watch(ctx, token.ID)
	if err != nil {
		return journal.Token{}, errors.Join(err, j.giveBack(ctx, kind, token))
	}
	return token, nil
}

// watch notes where the logs are, and keeps them from there.
func (j *Journal) watch(ctx context.Context, id uint64) error {
	p := j.process
	p.beginWatch(1)
	defer p.beginWatch(-1)
	if err := j.keepLogs(ctx); err != nil {
		return err
	}
	since, err := j.positions(ctx)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.tokens[id]
	h.watch = &watch{since: since, began: time.Now()}
	p.tokens[id] = h
	return nil
}

func (p *process) beginWatch(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watches.beginning += n
}

// endWatching marks the keys that had a call since a watch began, and reports whether those were all.
func (j *Journal) endWatching(ctx context.Context, kind journal.Key, token journal.Token, w *watch) (all bool, err error) {
	keys, err := j.activity(ctx, kind.Kind, w.since)
	if err != nil {
		return false, err
	}
	err = j.turns.together(len(keys), func(i int) error {
		if keys[i].Whole {
			return nil
		}
		if e, err := j.read(ctx, keys[i]); err != nil || e.body.Dirty { // which it stays: no copy begins beside the kind's token
			return err
		}
		return j.markKey(ctx, keys[i], token.Primary)
	})
	return err == nil && j.process.watched(token.Owner, w), err
}

// watched reports whether the logs were kept during a watch. Those of a process whose leases have all run out are not, nor is the
// memory of one that was silent for long.
func (p *process) watched(owner string, w *watch) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	until, leased := p.leases[owner]
	switch {
	case w.broken, time.Since(w.began) > forgetAfter/2:
		return false
	case leased:
		return time.Now().Before(until)
	}
	return len(p.leases) == 0
}

// breakWatches is called where an owner's lease has run out. Callers hold mu.
func (p *process) breakWatches(owner string) {
	for _, h := range p.tokens {
		if h.owner == owner && h.watch != nil {
			h.watch.broken = true
		}
	}
}

// keepLogs implements table. What the row says already, for a watch before this one, goes further back.
func (t cqlTable) keepLogs(ctx context.Context) error {
	p := t.process
	p.telling.Lock()
	defer p.telling.Unlock()
	p.mu.Lock()
	on := p.watches.on
	p.mu.Unlock()
	if on {
		return nil
	}
	return t.saveProcess(ctx, func(s *story) { s.keeps = keeps{Some: true} })
}

// needs is which part of the logs the watches of this process need. Callers hold telling.
func (p *process) needs() keeps {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.watches.beginning > 0 {
		return p.watches.kept
	}
	var needs keeps
	for _, h := range p.tokens {
		if h.watch != nil {
			needs.add(h.watch.since)
		}
	}
	return needs
}

// add adds what a watch needs.
func (k *keeps) add(since map[int64]position) {
	from := make(map[int64]int64)
	for process, p := range since {
		earlier, needed := k.From[process]
		switch low := p.low(); {
		case !k.Some:
			from[process] = low
		case needed:
			from[process] = min(low, earlier)
		}
	}
	k.Some, k.From = true, from
}

// from is the first number of a process' log that is needed.
func (k keeps) from(process, present int64) int64 {
	if !k.Some {
		return present
	}
	return min(k.From[process], present)
}

// needed is the first number of this process' log that somebody needs, at most the present one. It was read after that: a watch
// which began later does not need what had ended by then.
func (j *Journal) needed(ctx context.Context, present int64) (int64, error) {
	if tracked, err := j.tracked(ctx); err != nil || tracked {
		return 0, err
	}
	processes, err := j.processes(ctx)
	if err != nil {
		return 0, err
	}
	leases, err := j.leases(ctx)
	if err != nil {
		return 0, err
	}
	for _, r := range processes {
		if !leases.dead(r.id) {
			present = r.keeps.from(j.process.id, present)
		}
	}
	return present, nil
}
