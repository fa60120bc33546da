// Package sameerrors has documents with a version; an update of an old one is refused with the package's own error.
package sameerrors

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var (
	ErrNotFound = errors.New("no such document")
	// ErrStale is what Replace returns for an older version than the store has.
	ErrStale = errors.New("somebody was faster")
)

type Document struct {
	Name    string
	Version int
	Text    string
}

//go:generate go tool dualgen
//dualgen:entity Document put=Put delete=Delete
type Documents interface {
	Get(ctx context.Context, name string) (Document, error)
	Put(ctx context.Context, document Document) error
	// Replace stores a document over an older version of it.
	//dualgen:mirror copy
	Replace(ctx context.Context, document Document) error
	Delete(ctx context.Context, name string) error
	List(ctx context.Context) ([]Document, error)
}

// Shelf is a store.
type Shelf struct {
	documents rows.Table[string, Document]
	// Stale is what Replace returns for an old version.
	Stale error
}

func (s *Shelf) Get(_ context.Context, name string) (Document, error) {
	document, err := s.documents.Find(name)
	if err != nil {
		return document, ErrNotFound
	}
	return document, nil
}

func (s *Shelf) Put(_ context.Context, d Document) error { return s.documents.Upsert(d.Name, d) }

func (s *Shelf) Replace(ctx context.Context, document Document) error {
	have, err := s.Get(ctx, document.Name)
	if err != nil {
		return err
	}
	if document.Version <= have.Version {
		return s.Stale
	}
	return s.Put(ctx, document)
}

func (s *Shelf) Delete(_ context.Context, name string) error { return s.documents.Remove(name) }
func (s *Shelf) List(context.Context) ([]Document, error)    { return s.documents.All(), nil }
