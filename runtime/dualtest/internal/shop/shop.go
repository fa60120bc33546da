// Package shop is a repository with two kinds of entities, whose generated tests prove the laws of the conformance suite: over
// stores and decisions that are broken on purpose, each law must fail that should.
package shop

import (
	"context"
	"errors"
	"time"
)

// Errors that callers tell apart.
var (
	ErrNotFound = errors.New("shop: not found")
	ErrExists   = errors.New("shop: exists already")
	ErrConflict = errors.New("shop: the price must not fall below zero")
)

// Item is a thing for sale.
type Item struct {
	ID      string
	Name    string
	Price   int64
	Weight  float64
	Made    time.Time
	Tags    []string
	Photo   []byte
	Color   *string
	Details any
}

// Review is what somebody says of an item.
type Review struct {
	ID     int64
	ItemID string
	Text   string
	Stars  int
}

// Shop keeps items and reviews.
//
//dualgen:entity Item key=ID get=GetItem put=PutItem delete=DeleteItem scan=ListItems
//dualgen:entity Review key=ID get=GetReview put=PutReview delete=DeleteReview scan=ListReviews
//dualgen:notfound ErrNotFound
//go:generate go tool dualgen
type Shop interface {
	// GetItem returns an item, or ErrNotFound.
	GetItem(ctx context.Context, id string) (Item, error)
	// PutItem stores an item, whether it is there or not.
	PutItem(ctx context.Context, item Item) error
	// CreateItem stores a new item, or returns ErrExists.
	CreateItem(ctx context.Context, item Item) error
	// SetPrice changes an item's price. It returns ErrNotFound, or ErrConflict for a negative price.
	//
	//dualgen:entity Item
	//dualgen:mirror copy
	SetPrice(ctx context.Context, id string, price int64) error
	// DeleteItem removes an item, or returns ErrNotFound.
	DeleteItem(ctx context.Context, id string) error
	// DeleteItems removes those of the items that are there.
	DeleteItems(ctx context.Context, ids []string) error
	// GetItems returns those of the items that are there, in the order in which they were asked for.
	GetItems(ctx context.Context, ids []string) ([]Item, error)
	// ListItems returns the items after the cursor in the order of their ids, and the cursor of the next page.
	//
	//dualgen:cursor none
	ListItems(ctx context.Context, cursor string, limit int) (page []Item, next string, err error)
	// CountItems counts the items.
	CountItems(ctx context.Context) (int, error)

	// GetReview returns a review, or ErrNotFound.
	GetReview(ctx context.Context, id int64) (Review, error)
	// PutReview stores a review, whether it is there or not.
	PutReview(ctx context.Context, review Review) error
	// PostReview stores a new review under an id that it makes.
	//
	//dualgen:write
	//dualgen:entity Review
	//dualgen:key result
	PostReview(ctx context.Context, review Review) (id int64, err error)
	// DeleteReview removes a review, or returns ErrNotFound.
	DeleteReview(ctx context.Context, id int64) error
	// ReviewsOf lists an item's reviews.
	//
	//dualgen:read
	//dualgen:entity Review
	//dualgen:key none
	ReviewsOf(ctx context.Context, itemID string) ([]Review, error)
	// ListReviews returns all reviews.
	ListReviews(ctx context.Context) ([]Review, error)

	// InTx runs f in a transaction.
	InTx(ctx context.Context, f func(Shop) error) error
}
