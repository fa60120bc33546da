// Package litemy moves values from SQLite to MariaDB.
package litemy

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
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
//dualgen:notfound ErrNotFound old=litestore.ErrNoRow new=mystore.ErrNoRow
//dualgen:field Value.Amount as=text
//dualgen:field Value.Host as=binary
//dualgen:field Value.Millis unit=ms
//dualgen:field Value.Nanos unit=ns
//dualgen:field Value.Expires unit=s
//dualgen:field Value.Stamp as=rfc3339
//dualgen:field Value.Took unit=ns
//dualgen:field Value.Attrs as=json
//dualgen:field Value.Tags as=json
//dualgen:field Value.Home as=json
//dualgen:field Value.Raw as=json
//dualgen:compare round=Created:1us,Seen:1ms
//go:generate go tool dualgen -test=false -old ./litestore.Store -new ./mystore.Store
type Values interface {
	Get(ctx context.Context, id string) (Value, error)
	Put(ctx context.Context, value Value) error
}

// Color is an enum of numbers.
type Color uint8

// The colors.
const (
	ColorRed Color = iota + 1
	ColorGreen
	ColorBlue
)

// MarshalText writes a color by its name.
func (c Color) MarshalText() ([]byte, error) {
	switch c {
	case ColorRed:
		return []byte("red"), nil
	case ColorGreen:
		return []byte("green"), nil
	case ColorBlue:
		return []byte("blue"), nil
	}
	return nil, errors.New("no color")
}

// UnmarshalText reads a color by its name.
func (c *Color) UnmarshalText(text []byte) error {
	switch string(text) {
	case "red":
		*c = ColorRed
	case "green":
		*c = ColorGreen
	case "blue":
		*c = ColorBlue
	default:
		return errors.New("no color")
	}
	return nil
}

// Level is text of any kind.
type Level string

// Address is a struct within a value.
type Address struct {
	Street string         `json:"street"`
	Zip    *int           `json:"zip,omitempty"`
	Lines  []string       `json:"lines"`
	Since  time.Time      `json:"since"`
	More   map[string]any `json:"more"`
}

// Value has a field for each pair.
type Value struct {
	ID string

	Yes    bool
	Flag   bool
	Maybe  *bool
	I8     int8
	I16    int16
	I32    int32
	I64    int64
	U32    uint32
	U64    uint64
	Some   *int64
	F32    float32
	F64    float64
	Any    float64
	Price  decimal.Decimal
	Amount decimal.Decimal
	Huge   *big.Int

	Name  string
	Code  string
	Nick  *string
	Body  []byte
	Text  []byte
	Key   uuid.UUID
	Other uuid.UUID

	Created time.Time
	Seen    *time.Time
	Day     time.Time
	Millis  time.Time
	Nanos   time.Time
	Expires *time.Time
	Stamp   time.Time
	Took    time.Duration

	Attrs map[string]any
	Raw   json.RawMessage
	Tags  []string
	Home  Address
	Host  netip.Addr
	Color Color
	Level Level
}
