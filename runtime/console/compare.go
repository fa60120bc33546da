package console

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// comparison is what the page "compare" shows.
type comparison struct {
	Recorded bool
	Since    string
	Stats    dual.Stats
	Methods  []methodRow
	Fields   []fieldRow
	Left     int
}

type methodRow struct {
	Name   string
	Stores [2]storeCell
}

type storeCell struct {
	Count, Errors uint64
	Half, Most    string
}

type fieldRow struct {
	Kind, Path, Key string
	Times           uint64
	At              time.Time
}

// fillCompare adds what this process has seen.
func fillCompare(_ context.Context, c *Console, v *view) error {
	seen := comparison{Stats: c.config.Migration.Stats()}
	if r := c.config.Recorder; r != nil {
		r.fill(&seen)
	}
	v.Extra = seen
	return nil
}

func (r *Recorder) fill(seen *comparison) {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen.Recorded, seen.Since, seen.Left = true, time.Since(r.since).Round(time.Second).String(), r.left
	for _, name := range r.names() {
		row := methodRow{Name: name}
		for i := range row.Stores {
			row.Stores[i] = r.methods[name].stores[i].cell()
		}
		if row.Stores[0].Count+row.Stores[1].Count > 0 {
			seen.Methods = append(seen.Methods, row)
		}
	}
	for name, f := range r.fields {
		seen.Fields = append(seen.Fields, fieldRow{Kind: name.kind, Path: name.path, Key: f.key, Times: f.times, At: f.at})
	}
	slices.SortFunc(seen.Fields, func(a, b fieldRow) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path))
	})
}

// cell is one store's part in a row.
func (s *storeRecord) cell() storeCell {
	half, count := s.quantile(0.5)
	if count == 0 {
		return storeCell{Half: "–", Most: "–"}
	}
	most, _ := s.quantile(0.99)
	return storeCell{Count: count, Errors: s.errors.Load(), Half: people(half), Most: people(most)}
}

// people rounds a duration to three figures.
func people(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
