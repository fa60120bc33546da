package cqlcontrol

import (
	"context"
	"errors"
	"time"
)

// A lease is that of an owner in one process: its row is the process' own, and nobody else's clock stamps it. An instance that is
// started again under its name is another process; the tokens that it left run out by the lease that it left.

// leases are the leases of all processes.
type leases map[int64][]lease

type lease struct {
	owner   string
	renewed time.Time
	over    bool          // it has run out
	idle    time.Duration // since it was renewed
	stamp   int64
}

// leases reads them.
func (j *Journal) leases(ctx context.Context) (leases, error) {
	rows := j.query(ctx, `SELECT process, owner, renewed, ttl, writetime(renewed), toTimestamp(now()) FROM {lease} WHERE migration = ?`, j.options.Migration).Iter()
	found := make(leases)
	var process, ttl int64
	var l lease
	var now time.Time
	for rows.Scan(&process, &l.owner, &l.renewed, &ttl, &l.stamp, &now) {
		l.idle = now.Sub(l.renewed)
		l.over = l.idle > time.Duration(ttl)*time.Millisecond+max(0, j.options.Skew)
		found[process] = append(found[process], l)
	}
	return found, wrap("read the leases", rows.Close())
}

// dead reports whether a process has leases and none that runs.
func (l leases) dead(process int64) bool {
	for _, lease := range l[process] {
		if !lease.over {
			return false
		}
	}
	return len(l[process]) > 0
}

// Renew implements journal.Journal. Now and then it has the chores done, behind the caller's back; an error of theirs is what the
// next Renew returns.
func (j *Journal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	began := time.Now()
	if err := j.putLease(ctx, owner, ttl); err != nil {
		return wrap("renew a lease", err)
	}
	p := j.process
	p.mu.Lock()
	if until, leased := p.leases[owner]; leased && time.Now().After(until) {
		p.breakWatches(owner)
	}
	p.leases[owner] = began.Add(ttl)
	p.mu.Unlock()
	return j.chores.due(&j.behind, j.doChores)
}

func (j *Journal) putLease(ctx context.Context, owner string, ttl time.Duration) error {
	j.process.mu.Lock()
	delete(j.process.dropped, owner)
	j.process.mu.Unlock()
	return j.control.query(ctx, `INSERT INTO {lease} (migration, process, owner, renewed, ttl) VALUES (?, ?, ?, toTimestamp(now()), ?)`,
		j.options.Migration, j.process.id, owner, ttl.Milliseconds()).WithTimestamp(j.process.tick()).Exec()
}

// admit is called before an owner that may have no lease any more takes a token, which is held already: whoever takes tokens away
// looks again where a lease has changed.
func (j *Journal) admit(ctx context.Context, owner string) error {
	if j.process.surely(owner) {
		return nil
	}
	return wrap("note a token without a lease", j.putLease(ctx, owner, 0))
}

const (
	// lapsedFor is how long the row of a lease that ran out is left to a process that lives.
	lapsedFor = time.Minute
	// lookSoon and lookLate bound after how long the calls of an owner are looked at again whose lease ran out, and which has not
	// said that it goes on: a paused one may have taken a token without knowing.
	lookSoon = 5 * time.Second
	lookLate = time.Minute
)

// lookAgain is longer for a lease that ran out long ago.
func (l lease) lookAgain() time.Duration { return min(max(lookSoon, l.idle/4), lookLate) }

// dropLeases removes the rows of owners of this process whose leases ran out, and that hold nothing. Should one of them take a token
// yet, admit puts the row back.
func (j *Journal) dropLeases(ctx context.Context) error {
	p := j.process
	p.mu.Lock()
	stamp := p.tickLocked()
	over := make(map[string]bool)
	for owner, until := range p.leases {
		over[owner] = time.Since(until) > lapsedFor && !p.dropped[owner]
	}
	for _, h := range p.tokens {
		delete(over, h.owner)
	}
	p.mu.Unlock()
	var errs []error
	for owner, over := range over {
		if !over {
			continue
		}
		err := j.query(ctx, `DELETE FROM {lease} USING TIMESTAMP ? WHERE migration = ? AND process = ? AND owner = ?`,
			stamp, j.options.Migration, p.id, owner).Exec()
		if err == nil {
			p.dropLease(owner)
		}
		errs = append(errs, err)
	}
	return wrap("remove a lease", errors.Join(errs...))
}

// dropLease notes that an owner's row is gone.
func (p *process) dropLease(owner string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropped[owner] = true
}
