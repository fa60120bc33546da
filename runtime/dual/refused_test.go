package dual_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// sqlError is what a store's driver returns that a server refused.
type sqlError string

func (e sqlError) Error() string    { return "refused with SQLSTATE " + string(e) }
func (e sqlError) SQLState() string { return string(e) }

var mirroredPhases = []dual.Phase{dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary}

// refuse makes a store refuse calls of a method.
func refuse(s *store, method string, err error) {
	s.hook = func(_ context.Context, call string) error {
		if call == method {
			return err
		}
		return nil
	}
}

// byPhase are the stores of a phase: the one that decides, and the other.
func (g *ground) byPhase(p dual.Phase) (primary, mirror *store) {
	if p.Primary() == dual.New {
		return g.new, g.old
	}
	return g.old, g.new
}

// cleanSoon waits for mirrors that outlive their calls.
func (g *ground) cleanSoon(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return len(g.unclean()) == 0 }, enough, time.Millisecond)
}

// A write that the primary refuses leaves nothing unclean and nothing different, whatever the store did before.
func TestRefusedWrites(t *testing.T) {
	ctx := context.Background()
	for _, p := range mirroredPhases {
		for _, mirror := range []string{"inline", "async"} {
			t.Run(p.String()+" "+mirror, func(t *testing.T) {
				g := newGround(t)
				var settings dual.Settings
				require.NoError(t, settings.Mirror.UnmarshalText([]byte(mirror)))
				if settings.Validate(p) != nil {
					return // the phase has no such mirror
				}
				g.set(p, settings)
				require.NoError(t, g.notes.Put(ctx, note{"k", "old"}))
				g.cleanSoon(t)
				primary, second := g.byPhase(p)
				refuse(primary, "Put", sqlError("23505"))
				require.ErrorIs(t, g.notes.Put(ctx, note{"k", "new"}), sqlError("23505"))
				g.cleanSoon(t)
				assert.Equal(t, primary.content(), second.content())

				primary.hook, primary.after = nil, func(_ context.Context, call string) error {
					if call == "PutAll" { // it had its effect before its last statement was refused
						return sqlError("23514")
					}
					return nil
				}
				_, err := g.notes.PutAll(ctx, []note{{"k", "half"}, {"l", "half"}})
				require.ErrorIs(t, err, sqlError("23514"))
				g.cleanSoon(t)
				assert.Equal(t, map[string]note{"k": {"k", "half"}, "l": {"l", "half"}}, second.content())
			})
		}
	}
}

// What is not known to have ended stays dirty.
func TestRefusedInDoubt(t *testing.T) {
	ctx := context.Background()
	unclean := func(t *testing.T, g *ground) {
		t.Helper()
		_, ok, err := g.migration.Journal().Lookup(ctx, noteKey("k"))
		require.NoError(t, err)
		require.True(t, ok)
	}
	t.Run("another error beside it", func(t *testing.T) {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{})
		refuse(g.old, "Put", errors.Join(sqlError("23505"), context.DeadlineExceeded))
		require.Error(t, g.notes.Put(ctx, note{"k", "new"}))
		unclean(t, g)
	})
	t.Run("a mirror beside it", func(t *testing.T) {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{Mirror: dual.Parallel})
		refuse(g.old, "Put", sqlError("23505"))
		refuse(g.new, "Put", context.DeadlineExceeded)
		require.Error(t, g.notes.Put(ctx, note{"k", "new"}))
		unclean(t, g)
	})
	t.Run("a mirror that is down", func(t *testing.T) {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{})
		refuse(g.old, "Put", sqlError("23505"))
		refuse(g.new, "Get", errDown)
		require.Error(t, g.notes.Put(ctx, note{"k", "new"}))
		unclean(t, g)
	})
	t.Run("a key that the store makes", func(t *testing.T) {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{})
		refuse(g.old, "Create", sqlError("23505"))
		_, err := g.notes.Create(ctx, "text")
		require.Error(t, err)
		unclean(t, g) // the whole kind
	})
}

// The user names what this package does not know.
func TestRefusedByName(t *testing.T) {
	ctx, own := context.Background(), errors.New("taken")
	is := func(err error) bool { return errors.Is(err, own) }
	for _, by := range []string{"configuration", "directive", "nobody"} {
		known := by != "nobody"
		g := newGround(t, func(c *dual.Config) {
			if by == "configuration" {
				c.Refused = is
			}
		})
		if by == "directive" {
			dual.AddRefused(g.migration, "Notes", func(error) bool { return false })
			dual.AddRefused(g.migration, "Notes", is)
			dual.AddRefused(g.migration, "Others", func(error) bool { return false })
		}
		g.set(dual.OldPrimary, dual.Settings{})
		refuse(g.old, "Put", own)
		require.ErrorIs(t, g.notes.Put(ctx, note{"k", "new"}), own)
		_, unclean, err := g.migration.Journal().Lookup(ctx, noteKey("k"))
		require.NoError(t, err)
		assert.Equal(t, !known, unclean)
	}
}

// A key that its form keeps out of both stores, or out of one while the other has none, is settled as absent; one that the
// other store has is not touched.
func TestKeyThatNoStoreCanHold(t *testing.T) {
	ctx, form := context.Background(), sqlError("22P02")
	for name, c := range map[string]struct {
		other func(s *store)
		left  int
	}{
		"neither can hold it":     {func(s *store) { refuse(s, "Get", form) }, 0},
		"the other has none":      {func(*store) {}, 0},
		"the other has one":       {func(s *store) { s.notes["k"] = note{"k", "text"} }, 1},
		"the other is down":       {func(s *store) { refuse(s, "Get", errDown) }, 1},
		"the other fails to read": {func(s *store) { refuse(s, "Get", sqlError("22003")) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t, func(c *dual.Config) { c.Hooks = &hooks.Hooks{Off: hooks.Rules{NoSettle: true}} })
			g.set(dual.OldPrimary, dual.Settings{})
			require.NoError(t, g.migration.Journal().MarkDirty(ctx, []dual.Key{noteKey("k")}, dual.Old))
			refuse(g.old, "Get", form)
			c.other(g.new)
			before := g.new.content()
			_, err := reconcile.New(g.migration, reconcile.Config{}).Once(ctx)
			require.NoError(t, err)
			counts, err := g.migration.Journal().Counts(ctx, "")
			require.NoError(t, err)
			assert.Equal(t, c.left, counts.Unclean())
			assert.Equal(t, before, g.new.content(), "nothing is deleted for the form of a key")
		})
	}
}
