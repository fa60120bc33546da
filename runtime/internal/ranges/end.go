package ranges

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/dual"
)

// beyond is how many keys are known that lie after the end of a range. One that still exists when the range comes there ends it.
const beyond = 100

// End tells where a range ends: at the key after which the next one begins, or before a key that the store listed after that.
//
// Where a page holds such a key, all is in it that lies between, since a listing after keys leaves nothing out. So an entity that exists
// throughout is copied by the last of the ranges that begin before it: that range ends only at a key of a later one, which does not
// begin before the entity. That holds in whatever order the store lists.
type End struct {
	last  map[string]bool // belong to the range, and nothing after them does: where this and later ranges begin
	after map[string]bool // do not belong to it
}

// EndOf returns the end of the range that another one follows, whose first key and those of the ones behind it are given; nil for the
// last range, which ends where the listing does.
func (s Source) EndOf(ctx context.Context, next []string) (*End, error) {
	if len(next) == 0 {
		return nil, nil
	}
	ids, err := s.page(ctx, next[0], beyond)
	if err != nil {
		return nil, fmt.Errorf("list what comes after a range: %w", err)
	}
	e := &End{last: make(map[string]bool, len(next)), after: make(map[string]bool, len(ids))}
	for _, id := range next {
		e.last[id] = true
	}
	for _, id := range ids {
		e.after[id] = true
	}
	return e, nil
}

// Cut returns the rows of a page that belong to the range, and whether it ends there.
func (e *End) Cut(rows []dual.Row) ([]dual.Row, bool) {
	if e == nil {
		return rows, false
	}
	for i, row := range rows {
		switch {
		case e.after[row.Key.ID]:
			return rows[:i], true
		case e.last[row.Key.ID]:
			return rows[:i+1], true
		}
	}
	return rows, false
}
