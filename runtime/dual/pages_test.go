package dual_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pageArgs ask for a page: the notes after an id, at most so many.
type pageArgs struct {
	after string
	limit int
}

// page lists notes by id, in one store.
func (d *dualNotes) page(ctx context.Context, method *dual.Method, args pageArgs) ([]string, error) {
	call, err := d.migration.Begin(method)
	if err != nil {
		return nil, err
	}
	defer call.End()
	list := func(_ context.Context, s notes, args pageArgs) ([]string, error) {
		s.(*store).mu.Lock()
		defer s.(*store).mu.Unlock()
		ids := slices.Sorted(maps.Keys(s.(*store).notes))
		ids = slices.DeleteFunc(ids, func(id string) bool { return id <= args.after })
		return ids[:min(args.limit, len(ids))], nil
	}
	if s, ok := call.Single(); ok {
		return list(ctx, d.stores[s], args)
	}
	return dual.Read(ctx, call, &d.stores, dual.Key{Kind: "note", Whole: true}, args, &dual.Reading[pageArgs, []string]{}, list)
}

// A list that is read page by page while the fleet goes from one end to the other and back, by a cursor that is the last key,
// has every entity once that was there all the time, though its pages come from two stores.
func TestPagesAcrossTheSwitch(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	method := g.migration.Method(dual.MethodInfo{Name: "notes.Page", Kind: dual.KindRead})
	g.set(dual.OldPrimary, dual.Settings{})
	var want []string
	for n := range 40 {
		want = append(want, fmt.Sprintf("%02d", n))
		require.NoError(t, g.notes.Put(ctx, note{ID: want[n]}))
	}
	walk := []dual.Phase{dual.OldGuarded, dual.NewGuarded, dual.NewPrimary, dual.NewGuarded, dual.OldGuarded, dual.OldPrimary}
	var got []string
	for n := 0; ; n++ {
		args := pageArgs{limit: 3}
		if len(got) > 0 {
			args.after = got[len(got)-1]
		}
		page, err := g.notes.page(ctx, method, args)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		require.NoError(t, g.notes.Put(ctx, note{ID: fmt.Sprint("!", n)}), "it comes before all pages")
		g.set(walk[n%len(walk)], dual.Settings{})
	}
	assert.Equal(t, want, got)
}
