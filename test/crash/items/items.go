// Package items is the repository that the crash tests migrate: small entities that many processes write at once, in an
// old Postgres schema and in two possible new stores.
package items

import (
	"context"
	"errors"
)

// ErrNotFound is returned for an item that is not there.
var ErrNotFound = errors.New("no such item")

// Items is what both repositories have. Each of its writes leaves an entity that depends on the call alone, or, for SetNote, on
// the entity and the call.
type Items interface {
	// Get returns an item, or ErrNotFound.
	Get(ctx context.Context, id string) (Item, error)
	// Put adds an item, or replaces the one of its id.
	Put(ctx context.Context, item Item) error
	// PutMany puts several items.
	PutMany(ctx context.Context, items []Item) error
	// SetNote sets an item's note and leaves its value alone. An item that was not there has no value then.
	//
	//dualgen:mirror copy
	SetNote(ctx context.Context, id, note string) error
	// Delete removes an item, if it is there.
	Delete(ctx context.Context, id string) error
	// List lists at most limit items.
	List(ctx context.Context, limit int) ([]Item, error)
}

// SweptItems is the repository over two Postgres servers.
//
//dualgen:entity Item key=ID get=Get put=Put delete=Delete scan=Scan
//dualgen:notfound ErrNotFound old=pgold.ErrNoRow new=pgnew.ErrNoRecord
//dualgen:field Item.ID new=Key
//dualgen:field Item.Value new=Amount
//dualgen:field Item.Note new=Remark
//go:generate go tool dualgen -old ./pgold.Store -new ./pgnew.Store -test=false
type SweptItems interface {
	Items
	// ListMatching lists the ids of the items under a prefix whose value leaves that remainder, divided by 16. It is not 0.
	ListMatching(ctx context.Context, prefix string, remainder int64) ([]string, error)
	// Sweep removes them, in one statement.
	//
	//dualgen:delete
	//dualgen:entity Item
	//dualgen:key list ListMatching
	Sweep(ctx context.Context, prefix string, remainder int64) error
}

// Item is one entity.
type Item struct {
	ID    string
	Value int64   // 0: none
	Note  *string // nil: none
}
