package dual_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// A store that makes an entity and does not say under which key leaves the kind unclean, alone, among several and in a transaction: a copy
// under the key 0 would find nothing, and what was acknowledged would be in one store for good.
func TestUntoldKeys(t *testing.T) {
	ctx := context.Background()
	for _, id := range []string{"0", "", "00000000-0000-0000-0000-000000000000"} {
		for p := dual.OldPrimary; p <= dual.NewPrimary; p++ {
			t.Run(fmt.Sprintf("%q %v", id, p), func(t *testing.T) {
				ways := map[string]func(*ground) error{
					"one": func(g *ground) error {
						return makes(g, func(call dual.Call, stores *[2]notes) error {
							_, err := dual.WriteMade(ctx, call, stores, "note", "text", func(note, string) dual.Key { return noteKey(id) }, create)
							return err
						})
					},
					"several": func(g *ground) error {
						return makes(g, func(call dual.Call, stores *[2]notes) error {
							_, err := dual.WriteMadeMany(ctx, call, stores, "note", "text",
								func(n note, _ string) []dual.Key { return []dual.Key{noteKey("known"), noteKey(id)} }, create)
							return err
						})
					},
				}
				ways["in a transaction"] = func(g *ground) error {
					call, err := g.migration.Begin(newDualBooks(g, nil).inTx)
					if err != nil {
						return err
					}
					defer call.End()
					return dual.Transact(ctx, call, func(ctx context.Context, _ dual.Store, tx *dual.Tx) error {
						return tx.Run(func() error {
							made, err := tx.Make(ctx, g.notes.create, "note")
							if err != nil {
								return err
							}
							return made.Key(ctx, nil, func() dual.Key { return noteKey(id) })
						})
					})
				}
				for name, way := range ways {
					g := newGround(t)
					g.set(p, dual.Settings{})
					require.NoError(t, way(g), name)
					unclean := g.unclean()
					require.Len(t, unclean, 1, name)
					require.True(t, unclean[0].Key.Whole && unclean[0].Dirty && unclean[0].Active == 0, "%s: %+v", name, unclean[0])
				}
			})
		}
	}
}

func create(ctx context.Context, store notes, text string) (note, error) {
	return store.Create(ctx, text)
}

// makes runs a write that makes a key.
func makes(g *ground, write func(dual.Call, *[2]notes) error) error {
	call, err := g.migration.Begin(g.notes.create)
	if err != nil {
		return err
	}
	defer call.End()
	return write(call, &g.notes.stores)
}
