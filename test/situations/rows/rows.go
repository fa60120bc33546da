// Package rows is a table in memory, for the stores of the situations.
package rows

import (
	"cmp"
	"errors"
	"slices"
	"sync"
)

var (
	// ErrAbsent is what a change of a row that is not there returns.
	ErrAbsent = errors.New("no such row")
	// ErrTaken is what an insert of a row that is there returns.
	ErrTaken = errors.New("there is such a row")
	// ErrDown is what a table that is down answers to whoever wants to write.
	ErrDown = errors.New("the table is down")
)

// Table keeps rows by their keys. The zero Table has none.
type Table[K cmp.Ordered, V any] struct {
	mu     sync.Mutex
	rows   map[K]V
	writes int
	refuse func(K) error
}

// Refuse has the table ask f before each write. A nil f ends that.
func (t *Table[K, V]) Refuse(f func(K) error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refuse = f
}

// Down makes all writes fail.
func (t *Table[K, V]) Down() { t.Refuse(func(K) error { return ErrDown }) }

// Up makes writes succeed again.
func (t *Table[K, V]) Up() { t.Refuse(nil) }

// Find returns a row, or ErrAbsent.
func (t *Table[K, V]) Find(key K) (V, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	row, ok := t.rows[key]
	if !ok {
		return row, ErrAbsent
	}
	return row, nil
}

// Has reports whether there is such a row.
func (t *Table[K, V]) Has(key K) bool {
	_, err := t.Find(key)
	return err == nil
}

// Upsert stores a row, whether there is one or not.
func (t *Table[K, V]) Upsert(key K, row V) error {
	return t.write(key, func(V, bool) (V, error) { return row, nil })
}

// Insert stores a row where there is none.
func (t *Table[K, V]) Insert(key K, row V) error {
	return t.write(key, func(_ V, ok bool) (V, error) {
		if ok {
			return row, ErrTaken
		}
		return row, nil
	})
}

// Change changes a row that is there.
func (t *Table[K, V]) Change(key K, change func(*V)) error {
	return t.write(key, func(row V, ok bool) (V, error) {
		if !ok {
			return row, ErrAbsent
		}
		change(&row)
		return row, nil
	})
}

func (t *Table[K, V]) write(key K, next func(row V, ok bool) (V, error)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refuse != nil {
		if err := t.refuse(key); err != nil {
			return err
		}
	}
	row, ok := t.rows[key]
	row, err := next(row, ok)
	if err != nil {
		return err
	}
	if t.rows == nil {
		t.rows = map[K]V{}
	}
	t.rows[key] = row
	t.writes++
	return nil
}

// Remove removes a row, if it is there.
func (t *Table[K, V]) Remove(key K) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refuse != nil {
		if err := t.refuse(key); err != nil {
			return err
		}
	}
	delete(t.rows, key)
	t.writes++
	return nil
}

// RemoveWhere removes the rows that fit, and counts them.
func (t *Table[K, V]) RemoveWhere(fits func(V) bool) (n int, err error) {
	for _, key := range t.keys() {
		if row, err := t.Find(key); err != nil || !fits(row) {
			continue
		}
		if err := t.Remove(key); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// All returns the rows in the order of their keys.
func (t *Table[K, V]) All() []V { return t.Where(func(V) bool { return true }) }

// Where returns the rows that fit, in the order of their keys.
func (t *Table[K, V]) Where(fits func(V) bool) (list []V) {
	for _, key := range t.keys() {
		if row, err := t.Find(key); err == nil && fits(row) {
			list = append(list, row)
		}
	}
	return list
}

// After returns the first rows with greater keys than key.
func (t *Table[K, V]) After(key K, limit int) (page []V) {
	for _, k := range t.keys() {
		if row, err := t.Find(k); err == nil && k > key && len(page) < limit {
			page = append(page, row)
		}
	}
	return page
}

// Writes counts the writes that succeeded.
func (t *Table[K, V]) Writes() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.writes
}

func (t *Table[K, V]) keys() []K {
	t.mu.Lock()
	defer t.mu.Unlock()
	keys := make([]K, 0, len(t.rows))
	for key := range t.rows {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Pointers returns pointers to copies of rows.
func Pointers[V any](rows []V) (list []*V) {
	for _, row := range rows {
		list = append(list, &row)
	}
	return list
}

// Pointer returns a pointer to what a find found, and nil beside an error.
func Pointer[V any](row V, err error) (*V, error) {
	if err != nil {
		return nil, err
	}
	return &row, nil
}
