package dualtest_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dualtest"
)

type item struct {
	ID    string
	Tags  []string
	Count int
}

func items(faults *dualtest.Faults) *dualtest.Store[item] {
	return dualtest.NewStore(dualtest.StoreConfig[item]{
		Name: "items",
		ID:   func(i item) string { return i.ID },
		Clone: func(i item) item {
			i.Tags = append([]string(nil), i.Tags...)
			return i
		},
		Faults: faults,
	})
}

// TestFaults shows what each fault makes of a Put: what the caller sees, and what the store holds then and in the end.
func TestFaults(t *testing.T) {
	cause := errors.New("cause")
	for _, test := range []struct {
		name       string
		fault      dualtest.Fault
		err        error
		panics     bool
		then, last bool // the entity is there at once, and in the end
	}{
		{name: "before", fault: dualtest.FailBefore(cause), err: cause},
		{name: "before, no error named", fault: dualtest.FailBefore(nil), err: dualtest.ErrInjected},
		{name: "after", fault: dualtest.FailAfter(cause), err: cause, then: true, last: true},
		{name: "late", fault: dualtest.FailLate(cause, time.Minute), err: cause, last: true},
		{name: "panic before", fault: dualtest.PanicBefore("boom"), panics: true},
		{name: "panic after", fault: dualtest.PanicAfter("boom"), panics: true, then: true, last: true},
		{name: "latency", fault: dualtest.Latency(time.Second), then: true, last: true},
		{name: "latency beyond the deadline", fault: dualtest.Latency(time.Hour), err: context.DeadlineExceeded},
		{name: "blocked beyond the deadline", fault: dualtest.Block(nil), err: context.DeadlineExceeded},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				faults := new(dualtest.Faults)
				store := items(faults)
				remove := faults.Add(dualtest.Rule{Method: "Put", Fault: test.fault})
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				put := func() error { return store.Put(ctx, item{ID: "a"}) }
				if test.panics {
					require.PanicsWithValue(t, "boom", func() { _ = put() })
				} else {
					require.ErrorIs(t, put(), test.err)
				}
				require.Equal(t, test.then, store.Len() == 1)
				faults.Wait()
				require.Equal(t, test.last, store.Len() == 1)
				require.Equal(t, 1, remove())
			})
		})
	}
}

func TestFaultsStrikeByNumberKeyAndStore(t *testing.T) {
	faults := new(dualtest.Faults)
	store := items(faults)
	faults.Add(dualtest.Rule{Store: "items", Method: "Put", Key: "a", First: 2, Last: 3, Fault: dualtest.FailBefore(nil)})
	faults.Add(dualtest.Rule{Store: "others", Fault: dualtest.FailBefore(nil)})
	var failed []int
	for i := 1; i <= 5; i++ {
		if store.Put(t.Context(), item{ID: "a"}) != nil {
			failed = append(failed, i)
		}
		require.NoError(t, store.Put(t.Context(), item{ID: "b"}))
	}
	require.Equal(t, []int{2, 3}, failed)
	require.Equal(t, 10, faults.Calls("items", "Put"))
	faults.Clear()
	require.NoError(t, store.Put(t.Context(), item{ID: "a"}))
}

func TestBlockEndsWithRelease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		faults := new(dualtest.Faults)
		store := items(faults)
		release, landed := make(chan struct{}), make(chan struct{})
		faults.Add(dualtest.Rule{Key: "a", Fault: dualtest.Block(release)})
		faults.Add(dualtest.Rule{Key: "b", Fault: dualtest.FailUntil(nil, release)})
		go func() {
			defer close(landed)
			if err := store.Put(t.Context(), item{ID: "a"}); err != nil {
				t.Error(err)
			}
		}()
		require.ErrorIs(t, store.Put(t.Context(), item{ID: "b"}), dualtest.ErrInjected)
		synctest.Wait()
		require.Zero(t, store.Len())
		close(release)
		<-landed
		faults.Wait()
		require.Equal(t, 2, store.Len())
	})
}

func TestStoreSharesNoMemory(t *testing.T) {
	store := items(nil)
	given := item{ID: "a", Tags: []string{"x"}}
	require.NoError(t, store.Put(t.Context(), given))
	given.Tags[0] = "changed"
	got, err := store.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, got.Tags)
	got.Tags[0] = "changed"
	again, err := store.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, again.Tags)
}

func TestStoreSemantics(t *testing.T) {
	ctx := t.Context()
	store := items(nil)
	_, err := store.Get(ctx, "a")
	require.ErrorIs(t, err, dualtest.ErrNotFound)
	require.ErrorIs(t, store.Delete(ctx, "a"), dualtest.ErrNotFound)
	require.NoError(t, store.Create(ctx, item{ID: "a"}))
	require.ErrorIs(t, store.Create(ctx, item{ID: "a"}), dualtest.ErrExists)
	require.NoError(t, store.Update(ctx, "a", func(i item) (item, error) { i.Count++; return i, nil }))
	refused := errors.New("refused")
	require.ErrorIs(t, store.Update(ctx, "a", func(i item) (item, error) { i.Count++; return i, refused }), refused)
	got, err := store.Get(ctx, "a")
	require.NoError(t, err)
	require.Equal(t, 1, got.Count)
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	require.ErrorIs(t, store.Put(canceled, item{ID: "b"}), context.Canceled)
	require.Len(t, store.Snapshot(), 1)
}

func TestStoreScansInOrder(t *testing.T) {
	for _, test := range []struct {
		name  string
		order func(a, b string) int
		want  []string
	}{
		{"default", nil, []string{"1", "10", "2", "3", "9"}},
		{"own", func(a, b string) int { return len(a)*100 - len(b)*100 + int(a[0]) - int(b[0]) }, []string{"1", "2", "3", "9", "10"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := dualtest.NewStore(dualtest.StoreConfig[item]{ID: func(i item) string { return i.ID }, Order: test.order})
			for _, id := range []string{"9", "10", "1", "3", "2"} {
				require.NoError(t, store.Put(t.Context(), item{ID: id}))
			}
			var got []string
			for cursor, first := "", true; first || cursor != ""; first = false {
				page, next, err := store.Scan(t.Context(), cursor, 2)
				require.NoError(t, err)
				for _, i := range page {
					got = append(got, i.ID)
				}
				cursor = next
			}
			require.Equal(t, test.want, got)
		})
	}
}
