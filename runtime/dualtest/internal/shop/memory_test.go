package shop

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync/atomic"
)

// memory is a sound store, but for the methods that its flaw puts in the place of its own. Calls come one at a time.
type memory struct {
	items   map[string]Item
	reviews map[int64]Review
	flaw    flaw
	gone    map[string]bool // for flaws that only hide
	calls   int
}

// flaw breaks a store: each function that is set takes the place of a method.
type flaw struct {
	getItem    func(m *memory, id string) (Item, error)
	putItem    func(m *memory, item Item) error
	createItem func(m *memory, item Item) error
	setPrice   func(m *memory, id string, price int64) error
	deleteItem func(m *memory, id string) error
	listItems  func(m *memory, cursor string, limit int) ([]Item, string, error)
	countItems func(m *memory) int
	// deleteItems and getItems are of many.
	deleteItems func(m *memory, ids []string) error
	getItems    func(m *memory, ids []string) []Item
	inTx        func(m *memory, f func(*memory) error) error

	putReview    func(m *memory, review Review) error
	postReview   func(m *memory, review Review) (int64, error)
	deleteReview func(m *memory, id int64) error
	listReviews  func(m *memory) []Review
	reviewsOf    func(m *memory, itemID string) []Review
}

func newMemory(f flaw) *memory {
	return &memory{items: map[string]Item{}, reviews: map[int64]Review{}, gone: map[string]bool{}, flaw: f}
}

func (m *memory) GetItem(_ context.Context, id string) (Item, error) {
	m.calls++
	if m.flaw.getItem != nil {
		return m.flaw.getItem(m, id)
	}
	return m.get(id)
}

func (m *memory) get(id string) (Item, error) {
	item, ok := m.items[id]
	if !ok {
		return Item{}, ErrNotFound
	}
	return cloneItem(item), nil
}

func (m *memory) PutItem(_ context.Context, item Item) error {
	if m.flaw.putItem != nil {
		return m.flaw.putItem(m, cloneItem(item))
	}
	return m.put(item)
}

func (m *memory) put(item Item) error {
	m.items[item.ID] = cloneItem(item)
	return nil
}

func (m *memory) CreateItem(_ context.Context, item Item) error {
	if m.flaw.createItem != nil {
		return m.flaw.createItem(m, cloneItem(item))
	}
	if _, ok := m.items[item.ID]; ok {
		return ErrExists
	}
	return m.put(item)
}

func (m *memory) SetPrice(_ context.Context, id string, price int64) error {
	if m.flaw.setPrice != nil {
		return m.flaw.setPrice(m, id, price)
	}
	return m.price(id, price)
}

func (m *memory) price(id string, price int64) error {
	item, ok := m.items[id]
	switch {
	case !ok:
		return ErrNotFound
	case price < 0:
		return ErrConflict
	}
	item.Price = price
	m.items[id] = item
	return nil
}

func (m *memory) DeleteItem(_ context.Context, id string) error {
	if m.flaw.deleteItem != nil {
		return m.flaw.deleteItem(m, id)
	}
	return m.remove(id)
}

func (m *memory) remove(id string) error {
	if _, ok := m.items[id]; !ok {
		return ErrNotFound
	}
	delete(m.items, id)
	return nil
}

func (m *memory) ListItems(_ context.Context, cursor string, limit int) ([]Item, string, error) {
	if m.flaw.listItems != nil {
		return m.flaw.listItems(m, cursor, limit)
	}
	return m.page(cursor, limit)
}

// page lists items. The cursor is the id that the page begins after, with a letter before it: the first cursor is "", and
// there may be an item of that id.
func (m *memory) page(cursor string, limit int) ([]Item, string, error) {
	var page []Item
	for _, id := range slices.Sorted(maps.Keys(m.items)) {
		if "k"+id <= cursor {
			continue
		}
		if len(page) == limit {
			return page, "k" + page[limit-1].ID, nil
		}
		page = append(page, cloneItem(m.items[id]))
	}
	return page, "", nil
}

func (m *memory) DeleteItems(_ context.Context, ids []string) error {
	if m.flaw.deleteItems != nil {
		return m.flaw.deleteItems(m, ids)
	}
	m.removeAll(ids)
	return nil
}

func (m *memory) removeAll(ids []string) {
	for _, id := range ids {
		delete(m.items, id)
	}
}

func (m *memory) GetItems(_ context.Context, ids []string) ([]Item, error) {
	if m.flaw.getItems != nil {
		return m.flaw.getItems(m, ids), nil
	}
	return m.some(ids), nil
}

func (m *memory) some(ids []string) []Item {
	var some []Item
	for _, id := range ids {
		if item, err := m.get(id); err == nil {
			some = append(some, item)
		}
	}
	return some
}

func (m *memory) InTx(_ context.Context, f func(Shop) error) error {
	run := func(tx *memory) error { return f(tx) }
	if m.flaw.inTx != nil {
		return m.flaw.inTx(m, run)
	}
	tx := m.begin()
	if err := run(tx); err != nil {
		return err
	}
	m.commit(tx)
	return nil
}

// begin is what a transaction works on.
func (m *memory) begin() *memory {
	return &memory{items: maps.Clone(m.items), reviews: maps.Clone(m.reviews), gone: maps.Clone(m.gone), flaw: m.flaw}
}

func (m *memory) commit(tx *memory) { m.items, m.reviews, m.gone = tx.items, tx.reviews, tx.gone }

func (m *memory) CountItems(context.Context) (int, error) {
	if m.flaw.countItems != nil {
		return m.flaw.countItems(m), nil
	}
	return len(m.items), nil
}

func (m *memory) GetReview(_ context.Context, id int64) (Review, error) {
	review, ok := m.reviews[id]
	if !ok {
		return Review{}, ErrNotFound
	}
	return review, nil
}

func (m *memory) PutReview(_ context.Context, review Review) error {
	if m.flaw.putReview != nil {
		return m.flaw.putReview(m, review)
	}
	m.reviews[review.ID] = review
	return nil
}

// made counts the ids that stores have made: no two make the same.
var made atomic.Int64

func (m *memory) PostReview(_ context.Context, review Review) (int64, error) {
	if m.flaw.postReview != nil {
		return m.flaw.postReview(m, review)
	}
	review.ID = 1000 + made.Add(1)
	m.reviews[review.ID] = review
	return review.ID, nil
}

func (m *memory) DeleteReview(_ context.Context, id int64) error {
	if m.flaw.deleteReview != nil {
		return m.flaw.deleteReview(m, id)
	}
	if _, ok := m.reviews[id]; !ok {
		return ErrNotFound
	}
	delete(m.reviews, id)
	return nil
}

func (m *memory) ReviewsOf(_ context.Context, itemID string) ([]Review, error) {
	if m.flaw.reviewsOf != nil {
		return m.flaw.reviewsOf(m, itemID), nil
	}
	return m.of(itemID), nil
}

func (m *memory) of(itemID string) []Review {
	return slices.DeleteFunc(m.all(), func(r Review) bool { return r.ItemID != itemID })
}

func (m *memory) ListReviews(context.Context) ([]Review, error) {
	if m.flaw.listReviews != nil {
		return m.flaw.listReviews(m), nil
	}
	return m.all(), nil
}

func (m *memory) all() []Review {
	return slices.SortedFunc(maps.Values(m.reviews), func(a, b Review) int { return cmp.Compare(a.ID, b.ID) })
}
