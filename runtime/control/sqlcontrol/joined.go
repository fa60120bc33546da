package sqlcontrol

import (
	"context"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// joints are the tokens that a store takes with its own transaction.
type joints struct {
	mu   sync.Mutex
	open map[uint64]*journal.Joint
}

func (s *joints) add(id uint64, joint *journal.Joint) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = make(map[uint64]*journal.Joint)
	}
	s.open[id] = joint
}

// take forgets a joint and returns it, or nil.
func (s *joints) take(id uint64) *journal.Joint {
	s.mu.Lock()
	defer s.mu.Unlock()
	joint := s.open[id]
	delete(s.open, id)
	return joint
}

// beginJoint is beginOne for Postgres that fails, and so ends the transaction, if the key has the other primary or its
// kind has no row. It is one INSERT and returns nothing: a CTE that looked at what it returned would cost a fifth of it.
const beginJoint = entryInsert + `SELECT {m}, v.kind, 0, v.id,
	CASE WHEN w.dirty = 0 AND w.tokens = '' OR w.primary_store = v.p THEN v.p ELSE concat('` + otherWay + `', w.primary_store)::smallint END,
	CASE WHEN w.tokens = '' THEN 0 ELSE 1 END, 0, 0, {seq}, {now}, {now}, v.tokens, ''
FROM (SELECT {t} AS kind, {t} AS id, {n} AS p, {t} AS tokens) v LEFT JOIN LATERAL (
	SELECT primary_store, dirty, tokens FROM {entry} WHERE migration = {m} AND kind = v.kind AND whole = 1 AND id = '' {lock}
) w ON true
{on migration, kind, whole, id}
	primary_store = CASE WHEN old.dirty = 0 AND old.tokens = '' OR old.primary_store = new.primary_store
		THEN new.primary_store ELSE concat('` + otherWay + `', old.primary_store)::smallint END,
` + beginPut

// otherWay is what it fails with. The cast of a text that is no number is the one way to make a plain statement fail; it
// must read a column, or Postgres would make it when it plans.
const otherWay = "dualgen: the key is unclean with the other store for its primary, or its kind has no row; try again. Found: "

// BeginAgreed implements journal.Agreed. It joins the primary's transaction where the context carries a joint; that is
// for Postgres.
func (j *Journal) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	joint := journal.JointOf(ctx)
	if joint == nil || !j.w.xid || key.Whole {
		return j.Begin(ctx, owner, key, primary)
	}
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return journal.Token{}, err
	}
	if err := j.knowKind(ctx, r); err != nil {
		return journal.Token{}, err
	}
	if err := j.lazy.settle(ctx, r); err != nil {
		return journal.Token{}, err
	}
	token := journal.Token{ID: j.held.take(false), Owner: owner, Primary: primary}
	joint.Fill(j.text(beginJoint), r.Kind, r.ID, int(primary), tokenText(token))
	j.joints.add(token.ID, joint)
	return token, nil
}

// knowKind makes the kind's row if this process has not done so yet: the store's transaction cannot.
func (j *Journal) knowKind(ctx context.Context, r row) error {
	if _, known := j.kinds.Load(r.Kind); known {
		return nil
	}
	if _, err := j.exec(ctx, "add a kind", addKind, r.Kind); err != nil {
		return err
	}
	j.kinds.Store(r.Kind, true)
	return nil
}

// rolledBack reports whether a joint's token is not there because the store's transaction did not commit: the store asked
// for the statement, the call failed, and nobody can have taken the token away. If that transaction commits later, its
// token is a stray.
func (j *Journal) rolledBack(joint *journal.Joint, token journal.Token, clean bool) bool {
	return joint != nil && joint.Asked() && !clean && j.leases.surely(token.Owner)
}

// leases are those of the owners that this process renews, by its own clock: until when they surely run.
type leases struct {
	mu    sync.Mutex
	until map[string]time.Time
	held  map[string]storedLease // what the tables held of each after its last renewal
}

// storedOf returns what the tables held of a lease after this process renewed it last.
func (l *leases) storedOf(owner string) storedLease {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held[owner]
}

// keep remembers what the tables hold of a lease.
func (l *leases) keep(owner string, s storedLease) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = make(map[string]storedLease)
	}
	l.held[owner] = s
}

// renewed notes a lease. Began is when this process asked for it.
func (l *leases) renewed(owner string, began time.Time, ttl time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.until == nil {
		l.until = make(map[string]time.Time)
	}
	l.until[owner] = began.Add(ttl)
	for owner, until := range l.until {
		if time.Since(until) > forgetLeases {
			delete(l.until, owner)
			delete(l.held, owner)
		}
	}
}

// surely reports whether nobody can have taken the owner's tokens away.
func (l *leases) surely(owner string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	until, leased := l.until[owner]
	return !leased || time.Now().Before(until)
}
