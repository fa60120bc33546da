package dual_test

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// state is a paging state: an offset, which the stores count from different ends.
type state []byte

// stateArgs ask for a page by the store's own state.
type stateArgs struct {
	from  state
	limit int
}

// statePage is a page, and the state of the next.
type statePage struct {
	ids  []string
	next string
}

// states lists notes by the store's own state. The new store's are longer by a word, and have another order.
func (d *dualNotes) states(ctx context.Context, method *dual.Method, from string) (statePage, error) {
	call, err := d.migration.Begin(method)
	if err != nil {
		return statePage{}, err
	}
	defer call.End()
	list := func(_ context.Context, s notes, args stateArgs) (statePage, error) {
		ids := slices.Sorted(maps.Keys(s.(*store).notes))
		word := "old~" // a native state may look like a sealed one
		if s == d.stores[dual.New] {
			word = "n"
			slices.Reverse(ids)
		}
		offset, err := strconv.Atoi(strings.TrimPrefix(string(args.from), word))
		if len(args.from) > 0 && (err != nil || !strings.HasPrefix(string(args.from), word)) {
			return statePage{}, assert.AnError
		}
		page := statePage{ids: ids[offset:min(offset+args.limit, len(ids))]}
		if offset+args.limit < len(ids) {
			page.next = word + strconv.Itoa(offset+args.limit)
		}
		return page, nil
	}
	return dual.ReadPage(ctx, call, &d.stores, dual.Key{Kind: "note", Whole: true}, stateArgs{state(from), 2},
		&dual.Reading[stateArgs, statePage]{}, &dual.Paging[stateArgs, statePage, state, string]{
			Given: func(args *stateArgs) *state { return &args.from },
			Made:  func(page *statePage) *string { return &page.next },
		}, list)
}

// A list that is read page by page, by a cursor of the store's own, ends with an error when reads have moved to the other store:
// it never goes on there.
func TestCursorsAcrossTheSwitch(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	method := g.migration.Method(dual.MethodInfo{Name: "notes.States", Kind: dual.KindRead})
	g.set(dual.OldPrimary, dual.Settings{})
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		require.NoError(t, g.notes.Put(ctx, note{ID: id}))
	}
	want := map[dual.Store][]string{dual.Old: {"a", "b", "c", "d", "e"}, dual.New: {"e", "d", "c", "b", "a"}}
	phases := []dual.Phase{dual.OldOnly, dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary, dual.NewOnly}
	for _, made := range phases {
		g.set(made, dual.Settings{})
		reads := dual.Old
		if made >= dual.NewGuarded {
			reads = dual.New
		}
		first, err := g.notes.states(ctx, method, "")
		require.NoError(t, err)
		var got []string
		for page := first; ; {
			got = append(got, page.ids...)
			if page.next == "" {
				break
			}
			page, err = g.notes.states(ctx, method, page.next)
			require.NoError(t, err, "%v", made)
		}
		assert.Equal(t, want[reads], got, "%v", made)
		for _, used := range phases {
			g.set(used, dual.Settings{})
			page, err := g.notes.states(ctx, method, first.next)
			if (used >= dual.NewGuarded) == (reads == dual.New) {
				assert.NoError(t, err, "made in %v, used in %v", made, used)
				assert.Equal(t, want[reads][2:4], page.ids)
				continue
			}
			assert.ErrorIs(t, err, dual.ErrStaleCursor, "made in %v, used in %v", made, used)
			assert.Empty(t, page.ids)
		}
	}
}

// A cursor from before there was a wrapper is the old store's.
func TestCursorWithoutMark(t *testing.T) {
	g := newGround(t)
	method := g.migration.Method(dual.MethodInfo{Name: "notes.States", Kind: dual.KindRead})
	g.set(dual.OldOnly, dual.Settings{})
	_, err := g.notes.states(t.Context(), method, "7")
	assert.ErrorIs(t, err, assert.AnError, "the store was given what it does not know")
	g.set(dual.NewOnly, dual.Settings{})
	_, err = g.notes.states(t.Context(), method, "7")
	assert.ErrorIs(t, err, dual.ErrStaleCursor)
	var call *dual.CallError
	assert.ErrorAs(t, err, &call)
}
