// Package speed holds generated conversions to conversions written by hand: what they do, how long they take, and what they allocate.
//
//	go -C test/convert test -run '^$' -bench . -benchmem ./speed
package speed

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
)

// ErrNotFound is returned for an order that is not there.
var ErrNotFound = errors.New("no such order")

// Orders keeps orders.
//
//dualgen:entity Order key=ID get=Get put=Put delete=none scan=none
//dualgen:notfound ErrNotFound old=nil new=nil
//dualgen:field Order.Expires unit=ms
//dualgen:field Order.Took unit=us
//go:generate go tool dualgen -test=false -old ./oldstore.Store -new ./newstore.Store
type Orders interface {
	Get(ctx context.Context, id string) (Order, error)
	Put(ctx context.Context, order Order) error
}

// State is an enum of text.
type State string

// The states.
const (
	Open   State = "open"
	Paid   State = "paid"
	Closed State = "closed"
)

// Level is an enum of numbers.
type Level int

// The levels.
const (
	Low Level = iota
	Middle
	High
)

// Line is a struct within an order.
type Line struct {
	Item  string
	Count int32
	Cents int64
}

// Order has a field of each kind that conversions differ by.
type Order struct {
	ID       string
	Key      uuid.UUID
	Parent   *uuid.UUID
	Token    uuid.UUID
	Name     string
	Nick     *string
	Mail     *string
	Age      int
	Visits   int64
	Small    int8
	Score    *int64
	Ratio    float64
	Yes      bool
	Flag     bool
	Created  time.Time
	Seen     *time.Time
	Expires  time.Time
	Took     time.Duration
	State    State
	Level    Level
	Body     []byte
	Tags     []string
	Labels   map[string]struct{}
	Numbers  []int64
	Related  []uuid.UUID
	Props    map[string]string
	Counts   map[string]int64
	Lines    []Line
	Billing  Line
	Shipping *Line
}
