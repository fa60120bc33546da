package dual_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// leaf is the entity of these tests.
type leaf struct{ ID, Color string }

// tree is a store of leaves. Its methods do as SQL statements do.
type tree struct {
	leaves map[string]leaf
	writes []string
	lose   bool // writes are accepted, and lost
	bleach bool // colours are accepted, and dropped
}

func (s *tree) insert(l leaf) error {
	if _, ok := s.leaves[l.ID]; ok {
		return errors.New("duplicate key")
	}
	return s.write("insert", l)
}

// update changes nothing where there is nothing, and says nothing of it.
func (s *tree) update(l leaf) error {
	if held, ok := s.leaves[l.ID]; !ok || held == l {
		s.writes = append(s.writes, "no row")
		return nil
	}
	return s.write("update", l)
}

func (s *tree) write(what string, l leaf) error {
	s.writes = append(s.writes, what)
	switch {
	case s.lose:
		return nil
	case s.bleach:
		l.Color = ""
	}
	s.leaves[l.ID] = l
	return nil
}

func (s *tree) remove(id string) {
	s.writes = append(s.writes, "delete")
	if !s.lose {
		delete(s.leaves, id)
	}
}

// leaves says how leaves are copied; change alters it.
func leaves(change func(*dual.Entity[*tree, leaf])) dual.Entity[*tree, leaf] {
	e := dual.Entity[*tree, leaf]{
		Kind: "Leaf",
		Key:  func(l leaf) dual.Key { return dual.Key{Kind: "Leaf", ID: l.ID} },
		Get: func(_ context.Context, s *tree, key dual.Key) (leaf, bool, error) {
			l, ok := s.leaves[key.ID]
			return l, ok, nil
		},
		Put:    func(_ context.Context, s *tree, l leaf) error { return s.update(l) },
		Create: func(_ context.Context, s *tree, l leaf) error { return s.insert(l) },
		Delete: func(_ context.Context, s *tree, key dual.Key) error { s.remove(key.ID); return nil },
		Diff: func(a, b leaf) []dual.Difference {
			if a.Color == b.Color {
				return nil
			}
			return []dual.Difference{{Path: "Color", Old: a.Color, New: b.Color}}
		},
	}
	if change != nil {
		change(&e)
	}
	return e
}

// TestCopyWhereAbsenceIsAnError: a getter may say that there is none by an error that nobody told of. A copy does not need to know.
func TestCopyWhereAbsenceIsAnError(t *testing.T) {
	old, mirror := &tree{leaves: map[string]leaf{"a": {"a", "red"}}}, &tree{leaves: map[string]leaf{}}
	m, err := dual.NewMigration(dual.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
	stores := [2]*tree{old, mirror}
	dual.AddEntity(m, &stores, leaves(func(e *dual.Entity[*tree, leaf]) {
		get := e.Get
		e.Get = func(ctx context.Context, s *tree, key dual.Key) (leaf, bool, error) {
			l, found, err := get(ctx, s, key)
			if !found {
				err = errors.New("no such leaf")
			}
			return l, found, err
		}
		e.Put, e.Create = e.Create, nil
	}))
	require.NoError(t, m.Copiers()[0].Copy(t.Context(), dual.Key{Kind: "Leaf", ID: "a"}, dual.Old))
	require.Equal(t, old.leaves, mirror.leaves)
}

// TestCopies copies the leaf "a" from the old store to the new one.
func TestCopies(t *testing.T) {
	red, green := &leaf{"a", "red"}, &leaf{"a", "green"}
	withoutDelete := func(e *dual.Entity[*tree, leaf]) { e.Delete = nil }
	for _, test := range []struct {
		name     string
		old, new *leaf
		mirror   tree
		change   func(*dual.Entity[*tree, leaf])
		want     error
		says     string
		writes   []string
	}{
		{name: "created where there is none", old: red, writes: []string{"insert"}},
		{name: "updated where there is another", old: red, new: green, writes: []string{"update"}},
		{name: "equal", old: red, new: red},
		{name: "absent in both"},
		{name: "absent in both, never removed", change: withoutDelete},
		{name: "removed", new: red, writes: []string{"delete"}},
		{name: "cannot be removed", new: red, change: withoutDelete, want: dual.ErrCannotCopy, says: "delete="},
		{name: "lost on its way", old: red, mirror: tree{lose: true}, want: dual.ErrNotCopied, says: "there is none of this key", writes: []string{"insert"}},
		{name: "a field is dropped", old: red, new: green, mirror: tree{bleach: true}, want: dual.ErrNotCopied, says: "another Color", writes: []string{"update"}},
		{name: "a delete that does nothing", new: red, mirror: tree{lose: true}, want: dual.ErrNotCopied, says: "still there", writes: []string{"delete"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			old, mirror := &tree{leaves: map[string]leaf{}}, test.mirror
			mirror.leaves = map[string]leaf{}
			for store, l := range map[*tree]*leaf{old: test.old, &mirror: test.new} {
				if l != nil {
					store.leaves["a"] = *l
				}
			}
			m, err := dual.NewMigration(dual.Config{})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
			stores := [2]*tree{old, &mirror}
			dual.AddEntity(m, &stores, leaves(test.change))
			err = m.Copiers()[0].Copy(t.Context(), dual.Key{Kind: "Leaf", ID: "a"}, dual.Old)
			require.Equal(t, test.writes, mirror.writes)
			require.Empty(t, old.writes)
			if test.want == nil {
				require.NoError(t, err)
				require.Equal(t, old.leaves, mirror.leaves)
				return
			}
			require.ErrorIs(t, err, test.want)
			require.ErrorContains(t, err, test.says)
		})
	}
}
