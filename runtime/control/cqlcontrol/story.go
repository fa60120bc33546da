package cqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// story is what a process tells of itself in its row: how far its log may reach, in which partitions it lists keys, and which part
// of the logs it needs.
type story struct {
	ceiling int64
	buckets []int64
	keeps   keeps
}

// saveProcess tells the story that change makes of the present one, and how far the process is. Callers hold telling.
func (t cqlTable) saveProcess(ctx context.Context, change func(s *story)) error {
	p := t.process
	p.mu.Lock()
	s, swept := story{ceiling: p.ceiling, buckets: p.lists.known(), keeps: p.watches.kept}, p.swept
	p.mu.Unlock()
	change(&s)
	at := p.position()
	at.Swept = swept
	position, err := json.Marshal(at)
	if err != nil {
		return err
	}
	keeps, err := json.Marshal(s.keeps)
	if err != nil {
		return err
	}
	began := time.Now()
	err = t.query(ctx, `INSERT INTO {process} (migration, process, position, ceiling, buckets, keeps, seen) VALUES (?, ?, ?, ?, ?, ?, toTimestamp(now()))`,
		t.options.Migration, p.id, string(position), s.ceiling, append([]int64{}, s.buckets...), string(keeps)).WithTimestamp(p.tick()).Exec()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.watches.on = false // it may be that the logs are not kept
		return wrap("tell how far the process is", err)
	}
	p.ceiling, p.watches.kept, p.watches.on = s.ceiling, s.keeps, s.keeps.Some
	p.lists.tells(began, s.buckets)
	return nil
}

// remote is a process, as it last told.
type remote struct {
	id       int64
	position position
	ceiling  int64
	buckets  []int64
	keeps    keeps
	idle     time.Duration
	stamp    int64
	now      time.Time
}

// remotes returns the processes but this one.
func (j *Journal) remotes(ctx context.Context) ([]remote, error) {
	all, err := j.processes(ctx)
	var others []remote
	for _, r := range all {
		if r.id != j.process.id {
			others = append(others, r)
		}
	}
	return others, err
}

// processes returns all processes, this one among them if it has told anything.
func (j *Journal) processes(ctx context.Context) ([]remote, error) {
	rows := j.query(ctx, `SELECT process, position, ceiling, buckets, keeps, seen, writetime(seen), toTimestamp(now()) FROM {process} WHERE migration = ?`,
		j.options.Migration).Iter()
	var found []remote
	var text, keeps string
	var seen time.Time
	var broken error
	for {
		var r remote
		if !rows.Scan(&r.id, &text, &r.ceiling, &r.buckets, &keeps, &seen, &r.stamp, &r.now) {
			break
		}
		broken = errors.Join(broken, json.Unmarshal([]byte(text), &r.position), json.Unmarshal([]byte(keeps), &r.keeps))
		r.idle = r.now.Sub(seen)
		found = append(found, r)
	}
	return found, wrap("list processes", errors.Join(rows.Close(), broken))
}

// openOf implements table. What a process has told last of its ended calls is younger than its row.
func (t cqlTable) openOf(ctx context.Context, r remote) ([]journal.Key, error) {
	if r.id == t.process.id {
		return t.process.openKeys(), nil
	}
	told, err := t.told(ctx, r.id)
	if err != nil {
		return nil, err
	}
	if told.Next < r.position.Next {
		told = r.position
	}
	return t.logged(ctx, r.id, told, r.ceiling)
}

// silent are the calls of processes that were silent for so long that they take no token without telling: their logs are read once.
type silent struct {
	mu    sync.Mutex
	calls map[int64]silentCalls
}

type silentCalls struct {
	stamp int64 // of the process' row
	keys  []journal.Key
}

// openOf is that of the table, or what it was when the process was silent already.
func (s *silent) openOf(ctx context.Context, t cqlTable, r remote) ([]journal.Key, error) {
	s.mu.Lock()
	known, ok := s.calls[r.id]
	s.mu.Unlock()
	if ok && known.stamp == r.stamp {
		return known.keys, nil
	}
	keys, err := t.openOf(ctx, r)
	if err == nil && r.idle > silentAfter {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.calls == nil {
			s.calls = make(map[int64]silentCalls)
		}
		s.calls[r.id] = silentCalls{r.stamp, keys}
	}
	return keys, err
}
