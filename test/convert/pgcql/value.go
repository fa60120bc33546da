// Package pgcql moves values from Postgres to Cassandra.
package pgcql

import (
	"context"
	"database/sql"
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
//dualgen:notfound ErrNotFound old=pgstore.ErrNoRow new=cqlstore.ErrNoRow
//dualgen:field Value.Blank null=zero
//dualgen:field Value.Huge null=error
//dualgen:field Value.Price null=error
//dualgen:field Value.Amount null=error
//dualgen:field Value.Key null=error
//dualgen:field Value.TimeKey as=timeuuid
//dualgen:field Value.Local as=utc
//dualgen:field Value.Unix unit=s
//dualgen:field Value.Micros unit=us
//dualgen:field Value.Second unit=s
//dualgen:field Value.Stamp as=rfc3339
//dualgen:field Value.Took unit=us
//dualgen:field Value.Wait unit=ms
//dualgen:field Value.Coarse unit=us
//dualgen:compare round=Elapsed:1us
//dualgen:field Value.Clock unit=us null=error
//dualgen:field Value.Attrs as=json
//dualgen:field Value.Loose as=json
//dualgen:field Value.Text as=json
//dualgen:field Value.Home as=json
//go:generate go tool dualgen -test=false -old ./pgstore.Store -new ./cqlstore.Store
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
type Level int

// The levels.
const (
	LevelLow Level = iota + 1
	LevelHigh
)

// Address is a struct within a value.
type Address struct {
	Street string
	Zip    int32
	Lines  []string
}

// Value has a field for each pair.
type Value struct {
	ID string

	Yes    bool
	Maybe  *bool
	Tiny   int8
	Small  int16
	Number int
	Big    int64
	Count  int64
	U32    uint32
	U64    uint64
	Some   *int64
	Some4  sql.Null[int32]
	Huge   *big.Int
	Whole  *big.Int
	F32    float32
	F64    float64
	Ratio  *float64

	Price  decimal.Decimal
	Amount decimal.Decimal

	Name  string
	Code  string
	Fixed string
	Nick  *string
	Mail  sql.NullString
	Blank string
	Body  []byte

	Key     uuid.UUID
	Parent  *uuid.UUID
	Token   string
	TimeKey uuid.UUID

	Created time.Time
	Local   time.Time
	Wall    *time.Time
	Day     time.Time
	Date    *time.Time
	Seen    *time.Time
	Unix    int64
	Micros  int64
	Second  time.Time
	Stamp   time.Time
	Took    time.Duration
	Elapsed time.Duration
	Coarse  int64
	Wait    time.Duration
	Clock   time.Duration

	Attrs  map[string]any
	Loose  map[string]any
	Raw    json.RawMessage
	Text   json.RawMessage
	Home   Address
	Scores map[string]int64

	Tags    []string
	Labels  map[string]struct{}
	Numbers []int64
	Triple  [3]int32
	IDs     []uuid.UUID
	Times   []time.Time
	Grid    [][]string

	Host  netip.Addr
	Color Color
	Level Level
}
