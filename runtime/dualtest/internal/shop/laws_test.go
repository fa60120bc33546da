package shop

import (
	"context"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
)

// TestMain keeps rapid from filing failures that are wanted, and from shrinking them for long.
func TestMain(m *testing.M) {
	flag.Parse()
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "10ms", "rapid.checks": "300"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestSound demands that sound stores keep every law, in over 10,000 sequences: 2,500 of each of the four stages of laws, and of the wrapper.
func TestSound(t *testing.T) {
	set(t, "rapid.checks", "2500")
	RunShopConformance(t, func(*testing.T) (Shop, Shop) { return newMemory(flaw{}), newMemory(flaw{}) })
}

// set sets a flag of rapid for one test.
func set(t *testing.T, name, value string) {
	t.Helper()
	of := flag.Lookup(name).Value
	had := of.String()
	if err := of.Set(value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := of.Set(had); err != nil {
			t.Error(err)
		}
	})
}

// TestFlaws demands of every flaw, in the old store, in the new one and, where it shows there, in both, that the law catches
// it that should.
func TestFlaws(t *testing.T) {
	// What is drawn is the same each time: of some hundred searches with a hundred sequences each, one may be unlucky with others.
	set(t, "rapid.seed", "1")
	for _, f := range flaws {
		for name, pair := range map[string][2]flaw{"old": {f.flaw, {}}, "new": {{}, f.flaw}, "both": {f.flaw, f.flaw}} {
			if f.alike && name == "both" {
				continue
			}
			t.Run(f.name+"/"+name, func(t *testing.T) {
				law, text := caught(t, nil, pair[0], pair[1])
				if !rightly(law, f.law) {
					t.Errorf("caught by %q, want %s\n%s", law, f.law, text)
				}
			})
		}
	}
}

// TestZeroKeyIsExplained: where a store makes a key in the place of the zero key, the message says what to write if that is right.
func TestZeroKeyIsExplained(t *testing.T) {
	i := slices.IndexFunc(flaws, func(f flawed) bool { return f.name == "the key zero means a new one" })
	if _, text := caught(t, nil, flaws[i].flaw, flaw{}); !strings.Contains(text, "//dualgen:gen Review.Field=someKey") {
		t.Errorf("nothing is said of the zero key: %s", text)
	}
}

// rightly reports whether a law may be the one that catches what another is meant to. Transactions are tried before the stores' answers
// are compared call by call, and hold the mirror's answers against the primary's: what one store alone answers otherwise may show there. And
// a write under another key than it says is one of that law only where there was nothing under the key.
func rightly(law, want string) bool {
	switch law {
	case want:
		return true
	case "mirror-reconciled":
		return want == "answers-alike" || want == "errors-alike"
	case "write-within-keys":
		return want == "key-kept"
	}
	return false
}

// decisions are wrong decisions of the generator, over sound stores, each with the law that must say so.
var decisions = []struct {
	name string
	law  string
	wrap func(d *DualShop, m *dual.Migration) Shop
}{
	{"the put is a create", "put-over", entity(func(e *dual.Entity[Shop, Item]) {
		e.Put = func(ctx context.Context, store Shop, item Item) error { return store.CreateItem(ctx, item) }
	})},
	{"the put is a create whose refusal counts as success", "put-over", entity(func(e *dual.Entity[Shop, Item]) {
		e.Put = func(ctx context.Context, store Shop, item Item) error {
			if err := store.CreateItem(ctx, item); !errors.Is(err, ErrExists) {
				return err
			}
			return nil
		}
	})},
	{"the put is a partial update", "put-over", entity(func(e *dual.Entity[Shop, Item]) {
		e.Put = func(ctx context.Context, store Shop, item Item) error {
			if err := store.SetPrice(ctx, item.ID, max(item.Price, 0)); !errors.Is(err, ErrNotFound) {
				return err
			}
			return store.CreateItem(ctx, item)
		}
	})},
	{"the delete is an update", "delete-then-get", entity(func(e *dual.Entity[Shop, Item]) {
		e.Delete = func(ctx context.Context, store Shop, key dual.Key) error {
			if err := store.SetPrice(ctx, key.ID, 0); !errors.Is(err, ErrNotFound) {
				return err
			}
			return nil
		}
	})},
	{"the delete fails where there is none", "delete-then-get", entity(func(e *dual.Entity[Shop, Item]) {
		e.Delete = func(ctx context.Context, store Shop, key dual.Key) error { return store.DeleteItem(ctx, key.ID) }
	})},
	{"the scan stops after its first page", "scan-complete", entity(func(e *dual.Entity[Shop, Item]) {
		e.Scan = func(ctx context.Context, store Shop, cursor string, limit int) ([]Item, string, error) {
			page, _, err := store.ListItems(ctx, cursor, limit)
			return page, "", err
		}
	})},
	{"the scan goes on after the key of the last", "scan-complete", entity(func(e *dual.Entity[Shop, Item]) {
		e.Scan = func(ctx context.Context, store Shop, cursor string, limit int) ([]Item, string, error) {
			page, next, err := store.ListItems(ctx, cursor, limit)
			if next != "" {
				next = page[len(page)-1].ID
			}
			return page, next, err
		}
	})},
	{"the key is another field", "key-kept", entity(func(e *dual.Entity[Shop, Item]) {
		e.Key = func(item Item) dual.Key { return itemKey(item.Name) }
	})},
	{"the get is of another entity", "key-kept", entity(func(e *dual.Entity[Shop, Item]) {
		e.Get = func(ctx context.Context, store Shop, key dual.Key) (Item, bool, error) {
			page, _, err := store.ListItems(ctx, "", 1)
			if err != nil || len(page) == 0 {
				return Item{}, false, err
			}
			return page[0], true, nil
		}
	})},
	{"a write is of the key of its parent", "write-within-keys", wrong(func(w *wrongly) { w.putsUnderItem = true })},
	{"a list is read under one key", "read-of-its-entity", wrong(func(w *wrongly) { w.listsUnderItem = true })},
	{"a write is taken for a read", "read-changes-nothing", wrong(func(w *wrongly) { w.countsByDeleting = true })},
	{"a write is not mirrored, nor declared", "write-within-keys", wrong(func(w *wrongly) { w.pricesAlone = true })},
	{"a write's key is not its own", "write-within-keys", wrong(func(w *wrongly) { w.pricesUnderB = true })},
}

// entity changes what was decided of items.
func entity(change func(*dual.Entity[Shop, Item])) func(*DualShop, *dual.Migration) Shop {
	return func(d *DualShop, m *dual.Migration) Shop {
		e := dual.Entity[Shop, Item]{
			Kind: "Item",
			Key:  func(item Item) dual.Key { return itemKey(item.ID) },
			Get: func(ctx context.Context, store Shop, key dual.Key) (Item, bool, error) {
				item, err := store.GetItem(ctx, key.ID)
				if errors.Is(err, ErrNotFound) {
					return Item{}, false, nil
				}
				return item, err == nil, err
			},
			Put: func(ctx context.Context, store Shop, item Item) error { return store.PutItem(ctx, item) },
			Delete: func(ctx context.Context, store Shop, key dual.Key) error {
				if err := store.DeleteItem(ctx, key.ID); !errors.Is(err, ErrNotFound) {
					return err
				}
				return nil
			},
			Scan: func(ctx context.Context, store Shop, cursor string, limit int) ([]Item, string, error) {
				return store.ListItems(ctx, cursor, limit)
			},
			Diff: diffItem,
		}
		change(&e)
		dual.AddEntity(m, &d.stores, e)
		return d
	}
}

// wrongly is a wrapper with a wrong decision about a method.
type wrongly struct {
	*DualShop
	putsUnderItem, listsUnderItem, countsByDeleting, pricesAlone, pricesUnderB bool
}

func wrong(how func(*wrongly)) func(*DualShop, *dual.Migration) Shop {
	return func(d *DualShop, _ *dual.Migration) Shop {
		w := &wrongly{DualShop: d}
		how(w)
		return w
	}
}

// PutReview may be taken for a write of the item that is reviewed.
func (w *wrongly) PutReview(ctx context.Context, review Review) error {
	if !w.putsUnderItem {
		return w.DualShop.PutReview(ctx, review)
	}
	call, err := w.migration.Begin(w.putReview)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &w.stores, itemKey(review.ItemID), review, nil,
		func(ctx context.Context, store Shop, review Review) error { return store.PutReview(ctx, review) })
}

// ReviewsOf may be taken for a read of the item.
func (w *wrongly) ReviewsOf(ctx context.Context, itemID string) ([]Review, error) {
	if !w.listsUnderItem {
		return w.DualShop.ReviewsOf(ctx, itemID)
	}
	call, err := w.migration.Begin(w.reviewsOf)
	if err != nil {
		return nil, err
	}
	defer call.End()
	return dual.Read(ctx, call, &w.stores, itemKey(itemID), itemID, &w.reviewsOfReading,
		func(ctx context.Context, store Shop, itemID string) ([]Review, error) {
			return store.ReviewsOf(ctx, itemID)
		})
}

// CountItems may be a write that was taken for a read.
func (w *wrongly) CountItems(ctx context.Context) (int, error) {
	n, err := w.DualShop.CountItems(ctx)
	if w.countsByDeleting && err == nil {
		for _, store := range w.stores {
			_ = store.DeleteItem(ctx, "a")
		}
	}
	return n, err
}

// SetPrice may be taken for a method that concerns one store, or for a write of another key.
func (w *wrongly) SetPrice(ctx context.Context, id string, price int64) error {
	switch {
	case w.pricesAlone:
		return w.stores[w.migration.Phase().Primary()].SetPrice(ctx, id, price)
	case !w.pricesUnderB:
		return w.DualShop.SetPrice(ctx, id, price)
	}
	call, err := w.migration.Begin(w.setPrice)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &w.stores, itemKey("b"), price, nil,
		func(ctx context.Context, store Shop, price int64) error { return store.SetPrice(ctx, id, price) })
}

// TestDecisions demands of every wrong decision that the law catches it that should.
func TestDecisions(t *testing.T) {
	for _, d := range decisions {
		t.Run(d.name, func(t *testing.T) {
			law, text := caught(t, func(old, new Shop, m *dual.Migration) Shop {
				wrapped := NewDualShop(old, new, m)
				return d.wrap(wrapped, m)
			}, flaw{}, flaw{})
			if law != d.law {
				t.Errorf("caught by %q, want %s\n%s", law, d.law, text)
			}
		})
	}
}
