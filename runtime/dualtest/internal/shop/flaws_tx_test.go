package shop

import (
	"errors"
	"slices"
)

// wholly are flaws of transactions, of what is read and deleted together, and of keys that are made.
var wholly = []flawed{
	{"a commit loses a kind", "commit-keeps", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		if err := f(tx); err != nil {
			return err
		}
		m.items = tx.items
		return nil
	}}},
	{"a commit loses one write", "commit-keeps", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		if err := f(tx); err != nil {
			return err
		}
		tx.items["b"] = m.items["b"]
		if _, ok := m.items["b"]; !ok {
			delete(tx.items, "b")
		}
		m.commit(tx)
		return nil
	}}},
	{"a commit loses what was deleted in it", "commit-keeps", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		if err := f(tx); err != nil {
			return err
		}
		for id, item := range tx.items {
			m.items[id] = item
		}
		for id, review := range tx.reviews {
			m.reviews[id] = review
		}
		return nil
	}}},
	{"every transaction is rolled back", "commit-keeps", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		return f(m.begin())
	}}},
	{"a transaction does not see its own writes", "commit-keeps", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		tx.flaw.getItem = func(_ *memory, id string) (Item, error) { return m.get(id) }
		if err := f(tx); err != nil {
			return err
		}
		m.commit(tx)
		return nil
	}}},
	{"no commit succeeds", "commit-keeps", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		_ = f(m.begin())
		return errors.New("a connection is missing")
	}}},
	{"a transaction never runs its function", "commit-keeps", false, flaw{inTx: func(*memory, func(*memory) error) error { return nil }}},
	{"a rollback keeps what was written", "rollback-undoes", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		return f(m)
	}}},
	{"a rollback keeps one kind", "rollback-undoes", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		tx.reviews = m.reviews
		if err := f(tx); err != nil {
			return err
		}
		m.commit(tx)
		return nil
	}}},
	{"a rollback restores what was deleted, and keeps what was put", "rollback-undoes", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx, before := m.begin(), m.begin()
		err := f(tx)
		m.commit(tx)
		if err != nil {
			for id, item := range before.items {
				m.items[id] = item
			}
			for id, review := range before.reviews {
				m.reviews[id] = review
			}
		}
		return err
	}}},
	{"a rollback is not told of", "rollback-undoes", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		if err := f(tx); err == nil {
			m.commit(tx)
		}
		return nil
	}}},
	{"a transaction changes what it did not write", "write-within-keys", false, flaw{inTx: func(m *memory, f func(*memory) error) error {
		tx := m.begin()
		if item, ok := tx.items["a"]; ok {
			item.Name = "touched by a trigger"
			tx.items["a"] = item
		}
		if err := f(tx); err != nil {
			return err
		}
		m.commit(tx)
		return nil
	}}},

	{"a delete of many removes the first alone", "delete-then-get", false, flaw{deleteItems: func(m *memory, ids []string) error {
		m.removeAll(ids[:1])
		return nil
	}}},
	{"a delete of many stops at one that is not there", "delete-then-get", false, flaw{deleteItems: func(m *memory, ids []string) error {
		for _, id := range ids {
			if m.remove(id) != nil {
				return nil
			}
		}
		return nil
	}}},
	{"a delete of many removes all", "write-within-keys", false, flaw{deleteItems: func(m *memory, _ []string) error {
		clear(m.items)
		return nil
	}}},
	{"a delete of many says that one is not there", "errors-alike", true, flaw{deleteItems: func(m *memory, ids []string) error {
		var missing error
		for _, id := range ids {
			missing = errors.Join(missing, m.remove(id))
		}
		return missing
	}}},
	{"a get of many drops the last", "answers-alike", true, flaw{getItems: func(m *memory, ids []string) []Item {
		some := m.some(ids)
		return some[:len(some)/2]
	}}},
	{"a get of many fills in what is not there", "answers-alike", true, flaw{getItems: func(m *memory, ids []string) []Item {
		some := make([]Item, len(ids))
		for i, id := range ids {
			some[i], _ = m.get(id)
		}
		return some
	}}},
	{"the pages of the listing have another order", "answers-alike", true, flaw{listReviews: func(m *memory) []Review {
		all := m.all()
		slices.Reverse(all)
		return all
	}}},
	{"a key that is made is another one's", "write-within-keys", false, flaw{postReview: func(m *memory, review Review) (int64, error) {
		for _, other := range m.all() {
			delete(m.reviews, other.ID)
			break
		}
		review.ID = 1000 + made.Add(1)
		m.reviews[review.ID] = review
		return review.ID, nil
	}}},
	{"a key is made, and nothing stored", "key-kept", false, flaw{postReview: func(*memory, Review) (int64, error) {
		return 1000 + made.Add(1), nil
	}}},
	{"a made key is answered as zero", "key-kept", false, flaw{postReview: func(m *memory, review Review) (int64, error) {
		review.ID = 1000 + made.Add(1)
		m.reviews[review.ID] = review
		return 0, nil
	}}},
}
