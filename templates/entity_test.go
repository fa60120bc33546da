package templates

import (
	"go/types"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/plan"
)

// cards is a repository whose Save makes the key of a card that has none, and which stores many cards at once.
func cards(keyType string, many string) fixture {
	return fixture{
		name: "Cards",
		source: `package cards

import (
	"context"

	"github.com/dualgen/dualgen/runtime/dual"
)

type ID ` + keyType + `

type Card struct {
	ID   ID
	Text string
}

func cardKey(id ID) dual.Key { return dual.Key{Kind: "Card"} }

func parseCardKey(key dual.Key) (id ID, err error) { return id, nil }

type Cards interface {
	Get(ctx context.Context, id ID) (*Card, error)
	Save(ctx context.Context, card *Card) error
	` + many + `
	List(ctx context.Context, after ID, limit int) ([]*Card, error)
}
`,
		decide: func(b *builder) {
			e := b.entity("Card")
			e.Key[0].Type = b.typ("ID")
			b.read("Get", e, field(1))
			part := field(1, "ID")
			part.Type = b.typ("ID")
			b.write("Save", plan.Replay, e, plan.KeyOne, part).Key.MayBeMade = true
			e.Get, e.Put = b.call("Get"), b.call("Save")
			e.Get.Pointer, e.Put.Pointer = true, true
			e.Scan = &plan.ScanCall{EntityCall: *b.call("List"), Form: plan.ScanAfterKey}
			e.Scan.Pointer = true
			for _, m := range b.Methods {
				if slice, ok := m.Params[len(m.Params)-1].Type.Underlying().(*types.Slice); ok {
					_, pointer := slice.Elem().(*types.Pointer)
					e.PutMany = &plan.EntityCall{Method: m, Pointer: pointer}
				}
			}
		},
	}
}

// TestKeyThatMayBeMade: what is the zero value before the call is a key that the primary makes.
func TestKeyThatMayBeMade(t *testing.T) {
	wrapper := string(cards("int64", "").render(t)[0].Source)
	require.Contains(t, wrapper, `	if card.ID == 0 {
		_, err = dual.WriteMade(ctx, call, &d.stores, "Card", card,
			func(_ struct{}, card *Card) dual.Key { return cardKey(card.ID) },
			func(ctx context.Context, store Cards, card *Card) (struct{}, error) {
				return struct{}{}, store.Save(ctx, card)
			})
		return err
	}
	return dual.Write(ctx, call, &d.stores, cardKey(card.ID), card, nil,`)
	require.Contains(t, string(cards("[16]byte", "").render(t)[0].Source), `	if card.ID == (ID{}) {`)
	require.Contains(t, string(cards("string", "").render(t)[0].Source), `	if card.ID == "" {`)
}

// TestFirstPage: a listing after keys begins below the least key that its type can have.
func TestFirstPage(t *testing.T) {
	for keyType, want := range map[string]string{
		"int64":                  "First: []dual.Key{cardKey(math.MinInt64), cardKey(math.MinInt32)},",
		"int":                    "First: []dual.Key{cardKey(math.MinInt), cardKey(math.MinInt32)},",
		"int32":                  "First: []dual.Key{cardKey(math.MinInt32)},",
		"int8":                   "First: []dual.Key{cardKey(math.MinInt8)},",
		"uint32":                 "First: []dual.Key{cardKey(0)},",
		"string":                 `First: []dual.Key{cardKey("")},`,
		"[16]byte":               "First: []dual.Key{cardKey(ID{})},",
		"struct{ A, B string }":  `"its first page begins after the zero value of cards.ID, and which keys lie below that is not known",`,
		"struct{ At complex64 }": `"its first page begins after the zero value of cards.ID, and which keys lie below that is not known",`,
	} {
		require.Contains(t, string(cards(keyType, "").render(t)[0].Source), want, keyType)
	}
}

// TestPutMany: a method that stores many entities takes a page of them.
func TestPutMany(t *testing.T) {
	for many, want := range map[string]string{
		"SaveAll(ctx context.Context, cards []Card) error":         "return store.SaveAll(ctx, all)",
		"SaveAll(ctx context.Context, cards []*Card) error":        "return store.SaveAll(ctx, convert.Pointers(all))",
		"SaveAll(cards ...*Card) error":                            "store.SaveAll(convert.Pointers(all)...)",
		"SaveAll(ctx context.Context, cards ...Card) (int, error)": "_, err := store.SaveAll(ctx, all...)",
	} {
		require.Contains(t, string(cards("int64", many).render(t)[0].Source), want, many)
	}
}
