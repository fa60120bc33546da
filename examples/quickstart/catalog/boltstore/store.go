// Package boltstore keeps packages in a bbolt file: documents by name, and an index of the sections.
package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// ErrMissing is returned where a package is not there.
var ErrMissing = errors.New("no such document")

// errNameless is returned for a package without a name, which no listing would have: "" is the cursor of the first page.
var errNameless = errors.New("a package has a name")

// The buckets.
var (
	documents = []byte("documents") // documentKey → Document
	sections  = []byte("sections")  // sectionKey → nothing
)

// lockTimeout is how long Open waits for another process to let the file go.
const lockTimeout = 5 * time.Second

// Store is a bbolt file.
type Store struct {
	db          *bbolt.DB
	interceptor Interceptor
}

// Open opens the file, or makes it.
func Open(path string) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return nil, fmt.Errorf("open bolt file: %w", err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(documents)
		if err != nil {
			return err
		}
		_, err = tx.CreateBucketIfNotExists(sections)
		return err
	})
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("create bolt buckets: %w", err)
	}
	return &Store{db: db}, nil
}

// Close closes the file.
func (s *Store) Close() error { return s.db.Close() }

// Load returns the package of that name, or ErrMissing.
func (s *Store) Load(ctx context.Context, name string) (Document, error) {
	var document Document
	err := s.view(ctx, "Load", name, func(tx *bbolt.Tx) (err error) {
		document, err = read(tx, name)
		return err
	})
	return document, err
}

// InSection lists the packages of a section after a name, by name.
func (s *Store) InSection(ctx context.Context, section, after string, limit int) ([]Document, error) {
	var page []Document
	err := s.view(ctx, "InSection", "", func(tx *bbolt.Tx) error {
		prefix := sectionKey(section, "")
		first := sectionKey(section, after)
		cursor := tx.Bucket(sections).Cursor()
		for key, _ := cursor.Seek(first); bytes.HasPrefix(key, prefix) && len(page) < limit; key, _ = cursor.Next() {
			if bytes.Equal(key, first) {
				continue
			}
			document, err := read(tx, string(key[len(prefix):]))
			if err != nil {
				return err
			}
			page = append(page, document)
		}
		return nil
	})
	return page, err
}

// Walk lists the packages after the cursor, which is the last name of the page before.
func (s *Store) Walk(ctx context.Context, cursor string, limit int) ([]Document, string, error) {
	var page []Document
	next := ""
	err := s.view(ctx, "Walk", "", func(tx *bbolt.Tx) error {
		at := tx.Bucket(documents).Cursor()
		key, value := at.First()
		if cursor != "" {
			if key, value = at.Seek(documentKey(cursor)); bytes.Equal(key, documentKey(cursor)) {
				key, value = at.Next()
			}
		}
		for ; key != nil && len(page) < limit; key, value = at.Next() {
			document, err := decode(key, value)
			if err != nil {
				return err
			}
			page = append(page, document)
		}
		if key != nil && len(page) > 0 {
			next = page[len(page)-1].Name
		}
		return nil
	})
	return page, next, err
}

// Len returns the number of packages.
func (s *Store) Len(ctx context.Context) (int, error) {
	count := 0
	err := s.view(ctx, "Len", "", func(tx *bbolt.Tx) error {
		count = tx.Bucket(documents).Stats().KeyN
		return nil
	})
	return count, err
}

// Put adds a package, or replaces the one of its name.
func (s *Store) Put(ctx context.Context, document *Document) error {
	return s.update(ctx, "Put", document.Name, func(tx *bbolt.Tx) error {
		if document.Name == "" {
			return errNameless
		}
		before, err := read(tx, document.Name)
		if err == nil && before.Section != document.Section {
			err = tx.Bucket(sections).Delete(sectionKey(before.Section, before.Name))
		}
		if err != nil && !errors.Is(err, ErrMissing) {
			return err
		}
		if err := tx.Bucket(sections).Put(sectionKey(document.Section, document.Name), nil); err != nil {
			return err
		}
		return write(tx, document)
	})
}

// Assign changes a package's maintainer. It returns ErrMissing for a package that is not there.
func (s *Store) Assign(ctx context.Context, name, maintainer string) error {
	return s.update(ctx, "Assign", name, func(tx *bbolt.Tx) error {
		document, err := read(tx, name)
		if err != nil {
			return err
		}
		document.Maintainer = maintainer
		return write(tx, &document)
	})
}

// Drop takes a package out. It returns ErrMissing for a package that is not there.
func (s *Store) Drop(ctx context.Context, name string) error {
	return s.update(ctx, "Drop", name, func(tx *bbolt.Tx) error {
		document, err := read(tx, name)
		if err != nil {
			return err
		}
		if err := tx.Bucket(sections).Delete(sectionKey(document.Section, name)); err != nil {
			return err
		}
		return tx.Bucket(documents).Delete(documentKey(name))
	})
}

// DeleteSection takes a section out, and returns how many packages that were.
func (s *Store) DeleteSection(ctx context.Context, section string) (int, error) {
	var names []string
	err := s.update(ctx, "DeleteSection", "", func(tx *bbolt.Tx) error {
		names = namesIn(tx, section)
		for _, name := range names {
			if err := tx.Bucket(sections).Delete(sectionKey(section, name)); err != nil {
				return err
			}
			if err := tx.Bucket(documents).Delete(documentKey(name)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(names), nil
}

// NamesIn lists the names of a section's packages.
func (s *Store) NamesIn(ctx context.Context, section string) (names []string, err error) {
	err = s.view(ctx, "NamesIn", "", func(tx *bbolt.Tx) error {
		names = namesIn(tx, section)
		return nil
	})
	return names, err
}

func namesIn(tx *bbolt.Tx, section string) (names []string) {
	prefix := sectionKey(section, "")
	cursor := tx.Bucket(sections).Cursor()
	for key, _ := cursor.Seek(prefix); bytes.HasPrefix(key, prefix); key, _ = cursor.Next() {
		names = append(names, string(key[len(prefix):]))
	}
	return names
}

func (s *Store) view(ctx context.Context, method, key string, read func(*bbolt.Tx) error) error {
	return s.call(ctx, method, key, func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.db.View(read)
	})
}

func (s *Store) update(ctx context.Context, method, key string, write func(*bbolt.Tx) error) error {
	return s.call(ctx, method, key, func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return s.db.Update(write)
	})
}

func read(tx *bbolt.Tx, name string) (Document, error) {
	value := tx.Bucket(documents).Get(documentKey(name))
	if value == nil {
		return Document{}, fmt.Errorf("document %q: %w", name, ErrMissing)
	}
	return decode([]byte(name), value)
}

func decode(name, value []byte) (Document, error) {
	var document Document
	if err := json.Unmarshal(value, &document); err != nil {
		return Document{}, fmt.Errorf("document %q: %w", name, err)
	}
	return document, nil
}

func write(tx *bbolt.Tx, document *Document) error {
	value, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("document %q: %w", document.Name, err)
	}
	return tx.Bucket(documents).Put(documentKey(document.Name), value)
}

// documentKey is never empty, since bbolt takes no empty key.
func documentKey(name string) []byte { return []byte("=" + name) }

// sectionKey sorts by name within a section. The length keeps apart sections of which one begins with the other.
func sectionKey(section, name string) []byte {
	key := binary.AppendUvarint(nil, uint64(len(section)))
	return append(append(key, section...), name...)
}
