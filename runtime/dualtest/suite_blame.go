package dualtest

import (
	"fmt"
	"slices"

	"github.com/dualgen/dualgen/runtime/dual"
)

// written is one write through the wrapper.
type written struct {
	text    func() string
	keys    []dual.Key // that it declared
	primary dual.Store
	down    bool // its mirror call failed
}

// wrote notes a write.
func (q *sequence[R]) wrote(text func() string, keys []dual.Key, down bool) {
	q.writes = append(q.writes, written{text, keys, q.ground.migration.Phase().Primary(), down})
}

// blame names the last write of a key, and which store did not hear of it; for the zero Key, the last write of all whose mirror
// call failed, or else the last.
func (q *sequence[R]) blame(key dual.Key) string {
	any := key == (dual.Key{})
	touches := func(w written) bool {
		return any || slices.ContainsFunc(w.keys, func(d dual.Key) bool { return covers(d, key) || key.Whole && d.Kind == key.Kind })
	}
	var last *written
	for _, w := range slices.Backward(q.writes) {
		if touches(w) && (last == nil || any && w.down) {
			last = &w
		}
		if last != nil && (!any || last.down) {
			break
		}
	}
	switch {
	case last == nil && any:
		return ""
	case last == nil:
		return "; no write through the wrapper declared it"
	case last.down:
		return fmt.Sprintf("; last written by %s, which the %v store was not told of, but the reconciler", last.text(), last.primary.Other())
	}
	return fmt.Sprintf("; last written by %s, to the %v store first", last.text(), last.primary)
}
