package items

import "context"

// WideItems is Items, for the other new store: one wrapper is generated for each pair of stores.
//
//dualgen:entity Item key=ID get=Get put=Put delete=Delete scan=Scan
//dualgen:notfound ErrNotFound old=pgold.ErrNoRow new=cqlnew.ErrNoRow
//go:generate go tool dualgen -old ./pgold.Store -new ./cqlnew.Store -test=false
type WideItems interface {
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
