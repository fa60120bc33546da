package shop

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/verdict"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// Mall hands out a shop.
type Mall interface {
	Shop() Shop
	InTx(ctx context.Context, f func(Mall) error) error
}

// mall is a store of one.
type mall struct {
	shop *memory
	out  func(*mall) *memory // what it hands out; nil for the shop
	in   func(*mall) *memory // what its transactions work on; nil for what the shop's do
}

func newMall(out, in func(*mall) *memory) *mall { return &mall{newMemory(flaw{}), out, in} }

func (m *mall) Shop() *memory {
	if m.out != nil {
		return m.out(m)
	}
	return m.shop
}

// atomically runs f in a transaction.
func (m *mall) atomically(f func(*memory) error) error {
	if m.in != nil {
		return f(m.in(m))
	}
	tx := m.shop.begin()
	if err := f(tx); err != nil {
		return err
	}
	m.shop.commit(tx)
	return nil
}

// dualMall is what would be generated.
type dualMall struct {
	stores    [2]*mall
	migration *dual.Migration
	inTx      *dual.Method
	shop      *DualShop
}

func newDualMall(old, new *mall, m *dual.Migration) *dualMall {
	info := dual.MethodInfo{Name: "Mall.InTx", Kind: dual.KindTransaction}
	return &dualMall{[2]*mall{old, new}, m, m.Method(info), NewDualShop(old.Shop(), new.Shop(), m)}
}

func (d *dualMall) Shop() Shop { return d.shop }

func (d *dualMall) InTx(ctx context.Context, f func(Mall) error) error {
	call, err := d.migration.Begin(d.inTx)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Transact(ctx, call, func(_ context.Context, store dual.Store, tx *dual.Tx) error {
		return d.stores[store].atomically(func(view *memory) error {
			return tx.Run(func() error {
				inside := NewDualShop(nil, nil, tx.Migration())
				inside.stores[store] = view
				return f(mallTx{inside})
			})
		})
	})
}

// mallTx is the mall inside of a transaction.
type mallTx struct{ shop Shop }

func (m mallTx) Shop() Shop { return m.shop }

func (mallTx) InTx(context.Context, func(Mall) error) error { panic("not within") }

// handout describes two malls.
func handout(old, new func() *mall) dualtest.Handout[Mall, Shop] {
	return dualtest.Handout[Mall, Shop]{
		Name: "Shop",
		Open: func() func(*dual.Migration) Mall {
			a, b := old(), new()
			return func(m *dual.Migration) Mall { return newDualMall(a, b, m) }
		},
		Get: Mall.Shop,
		In: []dualtest.Transaction[Mall]{
			dualtest.Transacting(dual.MethodInfo{Name: "Mall.InTx", Kind: dual.KindTransaction},
				func(*dualtest.T) func(context.Context, Mall, func(context.Context, Mall) error) error {
					return func(ctx context.Context, store Mall, f func(context.Context, Mall) error) error {
						return store.InTx(ctx, func(tx Mall) error { return f(ctx, tx) })
					}
				}),
		},
	}
}

// TestHandedOut demands that sound malls pass, and of each that hands out another shop than its own, that the law catches it that should.
func TestHandedOut(t *testing.T) {
	sound := func() *mall { return newMall(nil, nil) }
	everyones := newMemory(flaw{})
	for _, c := range []struct {
		name, law string
		broken    func() *mall
	}{
		{"sound", "", sound},
		{"another one each time", "hands-out-its-own", func() *mall {
			return newMall(func(*mall) *memory { return newMemory(flaw{}) }, nil)
		}},
		{"everyone's", "hands-out-its-own", func() *mall {
			return newMall(func(*mall) *memory { return everyones }, nil)
		}},
		{"one beside the transaction", "rollback-undoes", func() *mall {
			return newMall(nil, func(m *mall) *memory { return m.shop })
		}},
		{"one of no transaction", "commit-keeps", func() *mall {
			return newMall(nil, func(m *mall) *memory { return m.shop.begin() })
		}},
	} {
		for position, pair := range map[string][2]func() *mall{"old": {c.broken, sound}, "new": {sound, c.broken}, "both": {c.broken, c.broken}} {
			if c.name == "everyone's" && position != "both" {
				continue // nobody else has it
			}
			t.Run(c.name+"/"+position, func(t *testing.T) {
				v := verdict.Of(t, func(t rapid.TB) { dualtest.HandedOut(t, shopSuite(), handout(pair[0], pair[1])) })
				law := ""
				if found := broken.FindStringSubmatch(v.Text); found != nil {
					law = found[1]
				}
				if law != c.law || v.Failed != (c.law != "") {
					t.Errorf("caught by %q, want %q\n%s", law, c.law, v.Text)
				}
			})
		}
	}
}
