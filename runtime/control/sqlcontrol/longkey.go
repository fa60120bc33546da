package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/dualgen/dualgen/runtime/journal"
)

const (
	addLong  = `{insertNew} {longkey} (migration, digest, id) VALUES ({m}, ?, ?) {ignore}`
	findLong = `SELECT id FROM {longkey} WHERE migration = {m} AND digest = ?`
)

// longKeys are the digests of long keys that this process has stored already.
type longKeys struct {
	mu   sync.Mutex
	seen map[string]bool
}

// maxSeen bounds what is remembered of them.
const maxSeen = 10_000

func (l *longKeys) has(digest string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen[digest]
}

func (l *longKeys) add(digest string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.seen == nil || len(l.seen) >= maxSeen {
		l.seen = make(map[string]bool)
	}
	l.seen[digest] = true
}

// rowOf encodes a key. A long one is stored first, so that whoever meets its digest finds it.
func (j *Journal) rowOf(ctx context.Context, key journal.Key) (row, error) {
	r, err := rowOf(key)
	if err != nil || !r.isDigest() || j.long.has(r.ID) {
		return r, err
	}
	if _, err := j.exec(ctx, "store a long key", addLong, r.ID, escape(key.ID)); err != nil {
		return row{}, err
	}
	j.long.add(r.ID)
	return r, nil
}

// keyOf decodes what rowOf encoded.
func (j *Journal) keyOf(ctx context.Context, r row) (journal.Key, error) {
	if r.isDigest() {
		var id string
		err := j.get(ctx, "find a long key", &id, findLong, r.ID)
		if errors.Is(err, sql.ErrNoRows) {
			return journal.Key{}, fmt.Errorf("sqlcontrol: the key of digest %s is gone from %slongkey: %w", r.ID, j.prefix, err)
		}
		if err != nil {
			return journal.Key{}, err
		}
		r.ID = id
	}
	return r.key()
}
