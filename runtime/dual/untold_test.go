package dual_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// A store that makes an entity and does not say under which key leaves the kind unclean, alone, among several and in a transaction: a copy
// under the key 0 would find nothing, and what was acknowledged would be in one store for good. So does one that holds an entity under
// that key already: nobody can tell what was made. Where the write itself stored what stands there, the kind is clean.
func TestUntoldKeys(t *testing.T) {
	for _, id := range []string{"0", "", "00000000-0000-0000-0000-000000000000", "tenant/0"} {
		for p := dual.OldPrimary; p <= dual.NewPrimary; p++ {
			for name, way := range untoldWays(noteKey(id)) {
				for what, there := range map[string]struct {
					before, made bool
					unclean      bool
				}{
					"nothing stands there":           {unclean: true},
					"something else stood there":     {before: true, unclean: name != "in a transaction" || id != "tenant/0"},
					"it was made there":              {made: true, unclean: name == "in a transaction" && id != "tenant/0"},
					"it was made there over another": {before: true, made: true, unclean: name != "in a transaction" || id != "tenant/0"},
				} {
					t.Run(fmt.Sprintf("%q %v %s %s", id, p, name, what), func(t *testing.T) {
						g := newGround(t)
						if there.before {
							g.set(dual.OldPrimary, dual.Settings{})
							require.NoError(t, g.notes.Put(context.Background(), note{ID: id}))
						}
						g.set(p, dual.Settings{})
						if there.made {
							for _, s := range []*store{g.old, g.new} {
								s.after = func(_ context.Context, call string) error {
									if call == "Create" {
										s.mu.Lock()
										defer s.mu.Unlock()
										s.notes[id] = note{ID: id, Text: "made"}
									}
									return nil
								}
							}
						}
						require.NoError(t, way(g))
						unclean := g.unclean()
						for _, entry := range unclean {
							require.True(t, entry.Dirty && entry.Active == 0, "%+v", entry)
						}
						whole := len(unclean) > 0 && unclean[0].Key.Whole
						require.Equal(t, there.unclean, whole, "%+v", unclean)
					})
				}
			}
		}
	}
}

// untoldWays are writes that make a note under another key than the given, which they tell.
func untoldWays(told dual.Key) map[string]func(*ground) error {
	ctx := context.Background()
	makes := func(g *ground, write func(dual.Call, *[2]notes) error) error {
		call, err := g.migration.Begin(g.notes.create)
		if err != nil {
			return err
		}
		defer call.End()
		return write(call, &g.notes.stores)
	}
	create := func(ctx context.Context, store notes, text string) (note, error) { return store.Create(ctx, text) }
	return map[string]func(*ground) error{
		"one": func(g *ground) error {
			return makes(g, func(call dual.Call, stores *[2]notes) error {
				_, err := dual.WriteMade(ctx, call, stores, "note", "text", func(note, string) dual.Key { return told }, create)
				return err
			})
		},
		"several": func(g *ground) error {
			return makes(g, func(call dual.Call, stores *[2]notes) error {
				_, err := dual.WriteMadeMany(ctx, call, stores, "note", "text",
					func(n note, _ string) []dual.Key { return []dual.Key{noteKey(n.ID), told} }, create)
				return err
			})
		},
		"in a transaction": func(g *ground) error {
			call, err := g.migration.Begin(newDualBooks(g, nil).inTx)
			if err != nil {
				return err
			}
			defer call.End()
			return dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
				return tx.Run(func() error {
					made, err := tx.Make(ctx, g.notes.create, "note")
					if err != nil {
						return err
					}
					_, err = g.notes.stores[store].Create(ctx, "text")
					return made.Key(ctx, err, func() dual.Key { return told })
				})
			})
		},
	}
}

// A method that stores an entity whether it is there or not may rightly store it over the one under the key 0: what stands there then is
// another entity than before, or the one that was handed over. If it is neither, the store made a key and told nobody.
func TestUntoldSaves(t *testing.T) {
	there := note{ID: "0", Text: "there"}
	for name, test := range map[string]struct {
		saved   note
		args    func(n note) any
		stores  note // what the store does
		unclean bool
	}{
		"another is stored there":                 {note{"0", "new"}, nil, note{"0", "new"}, false},
		"the store changes what it is handed":     {note{"0", "new"}, nil, note{"0", "NEW"}, false},
		"the same is stored there":                {there, nil, there, false},
		"the same, behind a pointer":              {there, func(n note) any { return &n }, there, false},
		"it is stored under another key":          {note{"0", "new"}, nil, note{"17", "new"}, true},
		"it is handed over with something beside": {there, func(n note) any { return []any{n, 1} }, there, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{})
			require.NoError(t, g.notes.Put(t.Context(), there))
			call, err := g.migration.Begin(g.notes.put)
			require.NoError(t, err)
			defer call.End()
			var args any = test.saved
			if test.args != nil {
				args = test.args(test.saved)
			}
			_, err = dual.WriteMade(t.Context(), call, &g.notes.stores, "note", args, func(struct{}, any) dual.Key { return noteKey("0") },
				func(ctx context.Context, store notes, _ any) (struct{}, error) {
					return struct{}{}, store.Put(ctx, test.stores)
				})
			require.NoError(t, err)
			unclean := g.unclean()
			require.Equal(t, test.unclean, len(unclean) > 0 && unclean[0].Key.Whole, "%+v", unclean)
		})
	}
}

// A store that tells its keys is asked beforehand once.
func TestTellingStoresAreNotAsked(t *testing.T) {
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	for n := range 3 {
		call, err := g.migration.Begin(g.notes.create)
		require.NoError(t, err)
		before := len(g.old.called())
		_, err = dual.WriteMade(t.Context(), call, &g.notes.stores, "note", "text",
			func(made note, _ string) dual.Key { return noteKey(made.ID) },
			func(ctx context.Context, store notes, text string) (note, error) { return store.Create(ctx, text) })
		require.NoError(t, err)
		call.End()
		looks := []string{"Get", "Create", "Get"} // beforehand, the create, and the copy
		if n > 0 {
			looks = looks[1:]
		}
		require.Equal(t, looks, g.old.called()[before:])
	}
}
