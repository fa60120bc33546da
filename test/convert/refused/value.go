// Package refused has a field for each pair of types that dualgen does not convert by itself.
package refused

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ErrNotFound is returned for a value that is not there.
var ErrNotFound = errors.New("no such value")

// Values keeps values.
//
//dualgen:entity Value key=ID get=Get put=Put delete=none scan=none
//dualgen:notfound ErrNotFound old=store.ErrNoRow
//go:generate go tool dualgen -test=false -old ./store.Store
type Values interface {
	Get(ctx context.Context, id string) (Value, error)
	Put(ctx context.Context, value Value) error
}

// Color is an enum of text.
type Color string

// The colors.
const (
	ColorRed   Color = "red"
	ColorGreen Color = "green"
)

// Address is a struct within a value.
type Address struct{ Street, Town string }

// Value has a field for each pair.
type Value struct {
	ID string

	Interval   time.Duration
	Span       time.Duration
	Seconds    time.Duration
	Clock      time.Duration
	Epoch      time.Time
	Stamp      time.Time
	Raw        time.Time
	Float      float64
	Ratio      float64
	Money      decimal.Decimal
	Cents      decimal.Decimal
	Price      decimal.Decimal
	Number     int64
	Wide       int64
	Unsigned   uint64
	Yes        bool
	Set        []string
	Tags       []string
	Attrs      map[string]any
	Home       Address
	Color      Color
	Network    netip.Prefix
	Hash       [4]byte
	Identifier uuid.UUID
	Bits       bool
	Range      [2]int32
	Point      [2]float64
	When       time.Time
}
