package convert_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/convert"
	"github.com/dualgen/dualgen/runtime/dual"
)

// trial is the trial of one value.
type trial struct {
	t    *testing.T
	p    pair
	v    any
	id   string
	base any

	results *results
}

var ids atomic.Int64

// TestPairs writes each value of each pair into both stores, reads it back, copies what the old store gave into the new one, and
// compares: what comes back is what was written, or what a fact says.
func TestPairs(t *testing.T) {
	var results results
	t.Run("migrations", func(t *testing.T) { results.of(t) })
	if t.Failed() {
		return
	}
	if pairs := results.pairs(); pairs < 240 {
		t.Errorf("%d pairs were tried, which are too few", pairs)
	}
	for _, f := range facts {
		if f.hits.Load() == 0 {
			t.Errorf("nothing that is drawn is concerned by: %s%s %s: %s", f.server, f.field, f.column, f.what)
		}
	}
	results.page(t)
}

// of tries all values.
func (r *results) of(t *testing.T) {
	for name, open := range migrations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := open(t)
			base := m.base(t)
			m.plain(t, base)
			work := make(chan pair)
			var workers sync.WaitGroup
			for range 16 {
				workers.Go(func() {
					for p := range work {
						for _, v := range p.values() {
							try := trial{t: t, p: p, v: v, id: "v" + strconv.FormatInt(ids.Add(1), 10), base: base, results: r}
							try.run()
						}
					}
				})
			}
			for _, p := range m.pairs() {
				work <- p
			}
			close(work)
			workers.Wait()
		})
	}
}

// base is a value whose fields hurt nobody: no fact concerns them.
func (m *migration) base(t *testing.T) any {
	base := reflect.New(m.value).Elem()
	base.Field(0).SetString("plain")
	for _, p := range m.pairs() {
		plain := slices.IndexFunc(p.values(), func(v any) bool {
			_, old := p.expected(0, v)
			_, new := p.expected(1, v)
			return len(old)+len(new) == 0
		})
		if plain < 0 {
			t.Fatalf("%s: there is no value that no fact concerns", p.name())
		}
		p.set(base, p.values()[plain])
	}
	return base.Interface()
}

// plain writes the base and reads it back.
func (m *migration) plain(t *testing.T, base any) {
	for side, store := range m.only {
		if err := store.put(t.Context(), base); err != nil {
			t.Fatalf("%s refuses what hurts nobody: %v", m.servers[side], err)
		}
		back, err := store.get(t.Context(), "plain")
		if err != nil {
			t.Fatalf("%s: read what hurts nobody: %v", m.servers[side], err)
		}
		for _, p := range m.pairs() {
			if !same(reflect.ValueOf(p.of(base)), reflect.ValueOf(p.of(back))) {
				t.Errorf("%s in %s of %s: %s comes back as %s", p.name(), p.columns[side].Type, m.servers[side], show(p.of(base)), show(p.of(back)))
			}
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// run tries one value.
func (try trial) run() {
	ctx := context.Background()
	value := try.p.with(try.base, try.id, try.v)
	var got [2]any
	for side, wrapper := range try.p.m.only {
		got[side] = try.roundTrip(ctx, side, wrapper, value, try.v)
		try.results.add(try, side, got[side])
	}
	if got[0] == nil || got[1] == nil {
		return
	}
	try.compare("both were given the value", got[0], got[1], try.v, try.v)
	try.copy(dual.Exact(ctx), try.p.of(got[0]))
}

// roundTrip writes a value and reads it back; nil if that fails, as it should or not.
func (try trial) roundTrip(ctx context.Context, side int, store values, value, v any) any {
	want, facts := try.p.expected(side, v)
	refusal := refusing(facts, dual.IsExact(ctx))
	err := store.put(ctx, value)
	wrote := err == nil
	var back any
	if wrote {
		back, err = store.get(ctx, try.id)
	}
	switch {
	case err != nil && refusal == nil:
		try.failf(side, "refused: %v", err)
		return nil
	case err != nil:
		try.refused(side, refusal, wrote, err)
		return nil
	case refusal != nil:
		try.failf(side, "not refused (%s): came back as %s", refusal.what, show(try.p.of(back)))
		return nil
	}
	if !same(reflect.ValueOf(try.p.with(try.base, try.id, want)), reflect.ValueOf(back)) {
		if same(reflect.ValueOf(&want).Elem().Elem(), reflect.ValueOf(try.p.of(back))) {
			try.failf(side, "another field has changed:\n%+v\n%+v", value, back)
		} else {
			try.failf(side, "came back as %s, want %s", show(try.p.of(back)), show(want))
		}
	}
	return back
}

// refused looks whether an error is the one that a fact foresees: what a shim refuses is not written, and the error says where it is.
func (try trial) refused(side int, refusal *fact, wrote bool, err error) {
	var path *convert.PathError
	switch {
	case wrote != refusal.unreadable:
		try.failf(side, "written: %t: %v", wrote, err)
	case refusal.fails == nil:
	case !errors.Is(err, refusal.fails) || !errors.As(err, &path) || !strings.Contains(path.Path, try.p.field.Name):
		try.failf(side, "refused with the wrong error: %v", err)
	}
}

// compare holds the generated comparator to what became of a value: it sees every difference but those that are declared.
func (try trial) compare(how string, old, new, intoOld, intoNew any) {
	wantOld, factsOld := try.p.expected(0, intoOld)
	wantNew, factsNew := try.p.expected(1, intoNew)
	different := !same(reflect.ValueOf(&wantOld).Elem().Elem(), reflect.ValueOf(&wantNew).Elem().Elem())
	if a, ok := wantOld.(time.Time); ok && a.Sub(wantNew.(time.Time)).Abs() < time.Millisecond && slices.Contains(try.p.m.servers[:], cassandra) {
		different = false // Cassandra's precision is known
	}
	declared := true
	for _, f := range append(factsOld, factsNew...) {
		declared = declared && (f.becomes == nil || f.declared)
	}
	found := false
	for _, d := range try.p.m.diff(old, new) {
		found = found || strings.HasPrefix(d.Path, try.p.field.Name)
	}
	if found != (different && !declared) {
		try.t.Errorf("%s: %s: %s: the comparator finds a difference: %t, of %s and %s", try.p.name(), show(try.v), how, found,
			show(try.p.of(old)), show(try.p.of(new)))
	}
}

// copy copies what the old store gave into the new one, as the reconciler does.
func (try trial) copy(ctx context.Context, v any) {
	old, err := try.p.m.shims[0].get(ctx, try.id)
	_, facts := try.p.expected(0, try.v)
	inexact := refusing(facts, true)
	switch {
	case err != nil && inexact == nil:
		try.failf(0, "not copied: %v", err)
		return
	case err == nil && inexact != nil:
		try.failf(0, "copied, though it has lost something: %s", show(try.p.of(old)))
		return
	case err != nil:
		if !errors.Is(err, convert.ErrLost) {
			try.failf(0, "not copied with the wrong error: %v", err)
		}
		return
	}
	if new := try.roundTrip(ctx, 1, try.p.m.shims[1], old, v); new != nil {
		try.compare("the new one was given a copy", old, new, try.v, v)
	}
}

func (try trial) failf(side int, format string, args ...any) {
	try.t.Errorf("%s (%s as %s in %s of %s): %s: %s", try.p.name(), try.p.field.Type, try.p.columns[side].Go, try.p.columns[side].Type,
		try.p.m.servers[side], show(try.v), fmt.Sprintf(format, args...))
}

// show prints a value for people, what pointers point to included.
func show(v any) string {
	x := reflect.ValueOf(v)
	for x.Kind() == reflect.Pointer && !x.IsNil() {
		if s, ok := x.Interface().(fmt.Stringer); ok {
			return "*" + s.String()
		}
		x = x.Elem()
	}
	if !x.IsValid() {
		return "nil"
	}
	text := fmt.Sprintf("%v", x.Interface())
	if x.Kind() == reflect.String || x.Type() == reflect.TypeFor[[]byte]() {
		text = fmt.Sprintf("%q", x.Interface())
	}
	if len(text) > 200 {
		text = text[:200] + "…"
	}
	return text
}
