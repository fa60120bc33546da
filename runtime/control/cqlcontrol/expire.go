package cqlcontrol

import (
	"context"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// expired is what a process knows of leases that ran out: which of them it has seen to, and when.
type expired map[holder]seen

// holder is an owner in a process.
type holder struct {
	process int64
	owner   string
}

type seen struct {
	renewed time.Time // of the lease
	at      time.Time
}

// Expire implements journal.Journal. It reads the logs of the processes whose leases ran out, once, and again where an owner says
// that it goes on without a lease, or after a while.
func (j *Journal) Expire(ctx context.Context) (int, error) {
	all, err := j.leases(ctx)
	if err != nil {
		return 0, err
	}
	due := j.process.due(all)
	if len(due) == 0 {
		return 0, nil
	}
	processes, err := j.processes(ctx)
	if err != nil {
		return 0, err
	}
	keys := make(map[journal.Key]bool)
	for process, owners := range due {
		i := slices.IndexFunc(processes, func(r remote) bool { return r.id == process })
		if i >= 0 { // else it has taken no token
			if err := j.takeAllAway(ctx, processes[i], owners, keys); err != nil {
				return len(keys), err
			}
		}
		j.process.saw(process, all, owners)
	}
	return len(keys), nil
}

// due returns the owners whose leases ran out and who are to be looked at, by process.
func (p *process) due(all leases) map[int64]map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	due := make(map[int64]map[string]bool)
	known := make(expired)
	for process, leases := range all {
		for _, l := range leases {
			h := holder{process, l.owner}
			last, again := p.expired[h]
			if again {
				known[h] = last
			}
			if !l.over || again && last.renewed.Equal(l.renewed) && time.Since(last.at) < l.lookAgain() {
				continue
			}
			if due[process] == nil {
				due[process] = make(map[string]bool)
			}
			due[process][l.owner] = true
		}
	}
	p.expired = known // and no lease that is gone
	return due
}

// saw notes that owners were looked at.
func (p *process) saw(process int64, all leases, owners map[string]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range all[process] {
		if owners[l.owner] {
			p.expired[holder{process, l.owner}] = seen{renewed: l.renewed, at: time.Now()}
		}
	}
}

// takeAllAway takes the tokens away that owners hold in a process, and notes the keys.
func (j *Journal) takeAllAway(ctx context.Context, r remote, owners map[string]bool, keys map[journal.Key]bool) error {
	open, err := j.openOf(ctx, r)
	if err != nil {
		return err
	}
	entries, err := j.readAll(ctx, open, "")
	if err != nil {
		return err
	}
	for _, e := range entries {
		took, err := j.takeAway(ctx, e, r.id, owners)
		if err != nil {
			return err
		}
		if took {
			keys[e.key] = true
		}
	}
	return nil
}

// takeAway takes the tokens away that owners in a process hold on a key, which turns dirty.
func (j *Journal) takeAway(ctx context.Context, found entry, process int64, owners map[string]bool) (bool, error) {
	gone := func(h held) bool { return h.Process == process && owners[h.Owner] }
	fast := found.rowsOf(process, owners)
	if len(fast) == 0 && !slices.ContainsFunc(found.body.Tokens, gone) {
		return false, nil
	}
	took := false
	_, err := j.change(ctx, "take lapsed tokens away", found.key, func(e *entry) error {
		fast = e.rowsOf(process, owners)
		if took = len(fast) > 0 || slices.ContainsFunc(e.body.Tokens, gone); !took {
			return errKeep
		}
		e.dirty()
		e.body.Tokens = slices.DeleteFunc(e.body.Tokens, gone)
		e.touch(j.process.sequence())
		return nil
	})
	if err != nil {
		return false, err
	}
	for _, f := range fast { // the key is dirty by now
		if err := j.dropRow(ctx, found.key, f); err != nil {
			return false, err
		}
	}
	return took, nil
}

// rowsOf returns the tokens of the fast path that owners in a process hold.
func (e *entry) rowsOf(process int64, owners map[string]bool) []fastRow {
	var rows []fastRow
	for _, f := range e.fast {
		if f.process == process && owners[f.owner] {
			rows = append(rows, f)
		}
	}
	return rows
}
