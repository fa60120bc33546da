// Package mypg moves values from MariaDB to Postgres.
package mypg

import (
	"context"
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
//dualgen:notfound ErrNotFound old=mystore.ErrNoRow new=pgstore.ErrNoRow
//dualgen:field Value.Blank null=zero
//dualgen:field Value.Text as=rfc3339
//dualgen:field Value.Color enum=value
//dualgen:field Value.Level enum=value
//dualgen:field Value.Millis unit=ms
//dualgen:field Value.Took unit=ns
//dualgen:field Value.Length unit=s
//dualgen:field Value.Attrs as=json
//dualgen:field Value.Tags as=json
//dualgen:field Value.Labels as=json lossy
//dualgen:compare round=Second:2s,Created:1us
//go:generate go tool dualgen -test=false -old ./mystore.Store -new ./pgstore.Store
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
	ColorBlue  Color = "blue"
)

// Level is an enum of numbers.
type Level uint8

// The levels.
const (
	LevelNone Level = iota
	LevelLow
	LevelHigh
)

// Value has a field for each pair.
type Value struct {
	ID string

	Flag   bool
	Bit    bool
	Number bool
	Maybe  *bool
	I8     int8
	I16    int16
	I24    int
	I32    int32
	I64    int64
	U8     uint8
	U16    uint16
	U32    uint32
	U64    uint64
	Some   *int64
	Some4  *int32
	Year   int

	F32   float32
	F64   float64
	Ratio *float64
	Price decimal.Decimal
	Huge  *big.Int
	Cost  *decimal.Decimal

	Name  string
	Fixed string
	Long  string
	Latin string
	Nick  *string
	Blank string
	Body  []byte
	Blob  []byte
	Pad   []byte

	Key    uuid.UUID
	Parent uuid.UUID

	Created time.Time
	Second  time.Time
	Stamp   time.Time
	Day     time.Time
	Seen    *time.Time
	Zero    *time.Time
	Clock   string
	Text    time.Time
	Millis  time.Time
	Took    time.Duration
	Length  time.Duration

	Attrs  map[string]any
	Tags   []string
	Labels map[string]string
	Host   netip.Addr
	Color  Color
	Level  Level
}
