package shop

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// flawed is a store that is broken on purpose.
type flawed struct {
	name  string
	law   string
	alike bool
	flaw  flaw
}

// flaws are stores that are broken on purpose, each with the law that must say so. What is alike says that the flaw shows
// only beside a store without it.
var flaws = append(wholly, []flawed{
	// What put then get finds.
	{"a field is dropped", "put-then-get", false, changing(func(i *Item) { i.Tags = nil })},
	{"a time is truncated to the second", "put-then-get", false, changing(func(i *Item) { i.Made = i.Made.Truncate(time.Second) })},
	{"a time is shifted by its zone", "put-then-get", false, changing(func(i *Item) {
		i.Made = time.Date(i.Made.Year(), i.Made.Month(), i.Made.Day(), i.Made.Hour(), i.Made.Minute(), i.Made.Second(), i.Made.Nanosecond(), east)
	})},
	{"a date loses its time of day", "put-then-get", false, changing(func(i *Item) {
		i.Made = time.Date(i.Made.Year(), i.Made.Month(), i.Made.Day(), 0, 0, 0, 0, time.UTC)
	})},
	{"a big number goes through float64", "put-then-get", false, changing(func(i *Item) { i.Price = int64(float64(i.Price)) })},
	{"a number is cut to 32 bits", "put-then-get", false, changing(func(i *Item) { i.Price = int64(int32(i.Price)) })},
	{"a number is cut to single precision", "put-then-get", false, changing(func(i *Item) { i.Weight = float64(float32(i.Weight) + 0.1) })},
	{"a negative number loses its sign", "put-then-get", false, changing(func(i *Item) { i.Price = max(i.Price, 0) })},
	{"nil and empty are one", "put-then-get", false, changing(func(i *Item) {
		if i.Color != nil && *i.Color == "" {
			i.Color = nil
		}
	})},
	{"a text is trimmed", "put-then-get", false, changing(func(i *Item) { i.Name = strings.TrimSpace(i.Name) })},
	{"a text is cut", "put-then-get", false, changing(func(i *Item) { i.Name = i.Name[:min(len(i.Name), 6)] })},
	{"a text loses what is not ASCII", "put-then-get", false, changing(func(i *Item) {
		i.Name = strings.Map(func(r rune) rune {
			if r > 127 {
				return '?'
			}
			return r
		}, i.Name)
	})},
	{"a list is sorted", "put-then-get", false, changing(func(i *Item) { slices.Sort(i.Tags) })},
	{"a list loses what it has twice", "put-then-get", false, changing(func(i *Item) { i.Tags = slices.Compact(i.Tags) })},
	{"bytes are taken for text", "put-then-get", false, changing(func(i *Item) { i.Photo = []byte(strings.ToValidUTF8(string(i.Photo), "?")) })},
	{"JSON loses its empty members", "put-then-get", false, changing(func(i *Item) {
		if object, ok := i.Details.(map[string]any); ok {
			for name, value := range object {
				if value == nil {
					delete(object, name)
				}
			}
		}
	})},
	{"JSON numbers become whole", "put-then-get", false, changing(func(i *Item) {
		if number, ok := i.Details.(float64); ok && number > -1e15 && number < 1e15 {
			i.Details = float64(int64(number))
		}
	})},
	{"JSON is kept as text", "put-then-get", false, changing(func(i *Item) {
		if raw, err := json.Marshal(i.Details); err == nil && i.Details != nil {
			i.Details = string(raw)
		}
	})},
	{"some writes are lost", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; ok && len(item.Tags) > 0 {
			delete(m.items, item.ID)
			return nil
		}
		return m.put(item)
	}}},
	{"a put writes its neighbour too", "put-then-get", false, flaw{putItem: func(m *memory, item Item) error {
		if neighbour, ok := m.items["b"]; ok && item.ID != "b" {
			neighbour.Price = item.Price
			m.items["b"] = neighbour
		}
		return m.put(item)
	}}},
	{"a put removes what belongs to the entity", "put-then-get", false, flaw{putItem: func(m *memory, item Item) error {
		for _, review := range m.of(item.ID) {
			delete(m.reviews, review.ID)
		}
		return m.put(item)
	}}},
	{"a put fails, and yet has stored", "put-then-get", false, flaw{putItem: func(m *memory, item Item) error {
		err := m.put(item)
		if item.Price < 0 {
			return ErrConflict
		}
		return err
	}}},

	// What putting over another finds.
	{"a put inserts only", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; ok {
			return nil
		}
		return m.put(item)
	}}},
	{"a put inserts only, and says so", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; ok {
			return ErrExists
		}
		return m.put(item)
	}}},
	{"a put updates a part", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if had, ok := m.items[item.ID]; ok {
			had.Price = item.Price
			item = had
		}
		return m.put(item)
	}}},
	{"a put merges lists", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		item.Tags = append(item.Tags, m.items[item.ID].Tags...)
		return m.put(item)
	}}},
	{"a put keeps what is zero", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if had, ok := m.items[item.ID]; ok && item.Name == "" {
			item.Name = had.Name
		}
		return m.put(item)
	}}},
	{"a put updates, and never creates", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; !ok {
			return nil
		}
		return m.put(item)
	}}},
	{"a put updates, and says that there is none", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; !ok {
			return ErrNotFound
		}
		return m.put(item)
	}}},
	{"a put of the same is refused: no row was changed", "put-over", false, flaw{putItem: func(m *memory, item Item) error {
		if had, ok := m.items[item.ID]; ok && len(diffItem(had, item)) == 0 {
			return ErrNotFound
		}
		return m.put(item)
	}}},
	{"a counter grows with each put", "put-over", false, flaw{putReview: func(m *memory, review Review) error {
		if had, ok := m.reviews[review.ID]; ok {
			review.Stars = had.Stars + 1
		}
		m.reviews[review.ID] = review
		return nil
	}}},

	// What the key of a write finds.
	{"keys are made lower case", "key-kept", false, flaw{putItem: func(m *memory, item Item) error {
		item.ID = strings.ToLower(item.ID)
		return m.put(item)
	}}},
	{"keys are compared in lower case", "key-kept", false, flaw{
		putItem: func(m *memory, item Item) error {
			item.ID = strings.ToLower(item.ID)
			return m.put(item)
		},
		getItem: func(m *memory, id string) (Item, error) { return m.get(strings.ToLower(id)) },
	}},
	{"keys are made by the store", "key-kept", false, flaw{putReview: func(m *memory, review Review) error {
		if _, ok := m.reviews[review.ID]; !ok {
			review.ID = 1000 + made.Add(1)
		}
		m.reviews[review.ID] = review
		return nil
	}}},
	{"the key zero means a new one", "key-kept", false, flaw{putReview: func(m *memory, review Review) error {
		if review.ID == 0 {
			review.ID = 1000 + made.Add(1)
		}
		m.reviews[review.ID] = review
		return nil
	}}},
	{"a write answers with another key than it made", "key-kept", false, flaw{postReview: func(m *memory, review Review) (int64, error) {
		review.ID = 1000 + made.Add(1)
		m.reviews[review.ID] = review
		return review.ID + 1_000_000, nil
	}}},

	// What delete then get finds.
	{"a delete does nothing", "delete-then-get", false, flaw{deleteItem: func(m *memory, id string) error {
		_, err := m.get(id)
		return err
	}}},
	{"a delete removes a part", "delete-then-get", false, flaw{deleteItem: func(m *memory, id string) error {
		item, err := m.get(id)
		if err != nil {
			return err
		}
		item.Photo, item.Tags = nil, nil
		return m.put(item)
	}}},
	{"a delete only hides from get", "delete-then-get", false, flaw{
		deleteItem: func(m *memory, id string) error {
			if _, err := m.get(id); err != nil || m.gone[id] {
				return ErrNotFound
			}
			m.gone[id] = true
			return nil
		},
		getItem: func(m *memory, id string) (Item, error) {
			if m.gone[id] {
				return Item{}, ErrNotFound
			}
			return m.get(id)
		},
		putItem: func(m *memory, item Item) error {
			delete(m.gone, item.ID)
			return m.put(item)
		},
	}},
	{"what was deleted cannot be put again", "put-over", false, flaw{
		deleteItem: func(m *memory, id string) error {
			m.gone[id] = true
			return m.remove(id)
		},
		putItem: func(m *memory, item Item) error {
			if m.gone[item.ID] {
				return nil
			}
			return m.put(item)
		},
	}},
	{"a delete removes another kind too", "delete-then-get", false, flaw{deleteItem: func(m *memory, id string) error {
		for _, review := range m.of(id) {
			delete(m.reviews, review.ID)
		}
		return m.remove(id)
	}}},
	{"a delete removes all that are alike", "delete-then-get", false, flaw{deleteReview: func(m *memory, id int64) error {
		review, ok := m.reviews[id]
		if !ok {
			return ErrNotFound
		}
		for _, other := range m.of(review.ItemID) {
			delete(m.reviews, other.ID)
		}
		return nil
	}}},

	// What the scan finds.
	{"the listing begins above the zero key", "scan-complete", false, flaw{listReviews: func(m *memory) []Review {
		return slices.DeleteFunc(m.all(), func(r Review) bool { return r.ID <= 0 })
	}}},
	{"the listing drops its last page", "scan-complete", false, flaw{listItems: func(m *memory, cursor string, limit int) ([]Item, string, error) {
		page, next, err := m.page(cursor, limit)
		if next == "" && cursor != "" {
			return nil, "", nil
		}
		return page, next, err
	}}},
	{"the listing stops at its limit", "scan-complete", false, flaw{listItems: func(m *memory, cursor string, limit int) ([]Item, string, error) {
		page, _, err := m.page(cursor, limit)
		return page, "", err
	}}},
	{"the listing leaves out one at each page's end", "scan-complete", false, flaw{listItems: func(m *memory, cursor string, limit int) ([]Item, string, error) {
		page, next, err := m.page(cursor, limit)
		if next != "" && len(page) > 1 {
			page = page[:len(page)-1]
		}
		return page, next, err
	}}},
	{"the listing repeats", "scan-complete", false, flaw{listItems: func(m *memory, cursor string, limit int) ([]Item, string, error) {
		page, next, err := m.page(cursor, limit)
		if next != "" {
			page = append(page, page[0])
		}
		return page, next, err
	}}},
	{"the listing does not end", "scan-complete", false, flaw{listItems: func(m *memory, cursor string, limit int) ([]Item, string, error) {
		page, next, err := m.page(cursor, limit)
		if next == "" && len(m.items) > 1 {
			next = "k"
		}
		return page, next, err
	}}},
	{"the pages follow another order than the cursor", "scan-complete", false, flaw{listItems: func(m *memory, cursor string, limit int) ([]Item, string, error) {
		all, _, err := m.page("", len(m.items))
		slices.Reverse(all)
		all = slices.DeleteFunc(all, func(i Item) bool { return "k"+i.ID <= cursor })
		if len(all) <= limit {
			return all, "", err
		}
		return all[:limit], "k" + all[limit-1].ID, err
	}}},
	{"the listing leaves out what a filter hides", "scan-complete", false, flaw{listReviews: func(m *memory) []Review {
		return slices.DeleteFunc(m.all(), func(r Review) bool { return r.Stars < 0 })
	}}},
	{"the listing shows less of each", "scan-complete", false, flaw{listReviews: func(m *memory) []Review {
		all := m.all()
		for i := range all {
			all[i].Text = ""
		}
		return all
	}}},

	// What reads find.
	{"a read counts its visitors", "read-changes-nothing", false, flaw{getItem: func(m *memory, id string) (Item, error) {
		item, err := m.get(id)
		if err == nil {
			item.Price++
			m.items[id] = item
		}
		return item, err
	}}},
	{"a read removes what it shows", "read-changes-nothing", false, flaw{reviewsOf: func(m *memory, itemID string) []Review {
		list := m.of(itemID)
		for _, review := range list {
			delete(m.reviews, review.ID)
		}
		return list
	}}},
	{"a read creates what is not there", "read-changes-nothing", false, flaw{getItem: func(m *memory, id string) (Item, error) {
		if _, ok := m.items[id]; !ok {
			m.items[id] = Item{ID: id}
		}
		return m.get(id)
	}}},
	{"a read never answers alike", "read-changes-nothing", false, flaw{countItems: func(m *memory) int {
		m.calls++
		return m.calls
	}}},

	// What keyed writes find.
	{"a write changes a second entity", "write-within-keys", false, flaw{setPrice: func(m *memory, id string, price int64) error {
		err := m.price(id, price)
		if err == nil {
			_ = m.price("b", price)
		}
		return err
	}}},
	{"a write changes another kind", "write-within-keys", false, flaw{setPrice: func(m *memory, id string, price int64) error {
		err := m.price(id, price)
		for _, review := range m.of(id) {
			review.Text = "the price was another one"
			m.reviews[review.ID] = review
		}
		return err
	}}},
	{"a create makes a row beside its own", "write-within-keys", false, flaw{createItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; ok {
			return ErrExists
		}
		m.reviews[7] = Review{ID: 7, ItemID: item.ID, Text: "new"}
		return m.put(item)
	}}},

	// What two stores find of each other.
	{"an error is not that of the package", "errors-alike", true, flaw{setPrice: func(m *memory, id string, price int64) error {
		if err := m.price(id, price); err != nil {
			return errors.New("no row")
		}
		return nil
	}}},
	{"exists already is another error", "errors-alike", true, flaw{createItem: func(m *memory, item Item) error {
		if _, ok := m.items[item.ID]; ok {
			return errors.New("duplicate key")
		}
		return m.put(item)
	}}},
	{"a conflict is not told", "errors-alike", true, flaw{setPrice: func(m *memory, id string, price int64) error {
		if err := m.price(id, price); !errors.Is(err, ErrConflict) {
			return err
		}
		return nil
	}}},
	{"an error is swallowed", "errors-alike", true, flaw{setPrice: func(m *memory, id string, price int64) error {
		_ = m.price(id, price)
		return nil
	}}},
	{"a count is one too many", "answers-alike", true, flaw{countItems: func(m *memory) int { return len(m.items) + 1 }}},
	{"a list has another order", "answers-alike", true, flaw{reviewsOf: func(m *memory, itemID string) []Review {
		list := m.of(itemID)
		slices.Reverse(list)
		return list
	}}},
}...)

var east = time.FixedZone("east", 5*3600+45*60)

// changing is a store that changes items as it puts them.
func changing(change func(*Item)) flaw {
	return flaw{putItem: func(m *memory, item Item) error {
		change(&item)
		return m.put(item)
	}}
}
