package dual_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// A store that makes an entity and does not say under which key leaves the kind unclean, alone, among several and in a transaction: a copy
// under the key 0 would find nothing, and what was acknowledged would be in one store for good. Where an entity stands under that key,
// the kind is clean.
func TestUntoldKeys(t *testing.T) {
	for _, id := range []string{"0", "", "00000000-0000-0000-0000-000000000000", "tenant/0"} {
		for p := dual.OldPrimary; p <= dual.NewPrimary; p++ {
			for name, way := range untoldWays(noteKey(id)) {
				for _, there := range []bool{false, true} {
					t.Run(fmt.Sprintf("%q %v %s %v", id, p, name, there), func(t *testing.T) {
						g := newGround(t)
						if there {
							g.set(dual.OldPrimary, dual.Settings{})
							require.NoError(t, g.notes.Put(context.Background(), note{ID: id}))
						}
						g.set(p, dual.Settings{})
						require.NoError(t, way(g))
						unclean := g.unclean()
						for _, entry := range unclean {
							require.True(t, entry.Dirty && entry.Active == 0, "%+v", entry)
						}
						whole := len(unclean) > 0 && unclean[0].Key.Whole
						require.Equal(t, !there, whole, "%+v", unclean)
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
