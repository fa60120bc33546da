// Package cqllite moves values from Cassandra to SQLite.
package cqllite

import (
	"context"
	"errors"
	"math/big"
	"net"
	"time"

	"github.com/gocql/gocql"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ErrNotFound is returned for a value that is not there.
var ErrNotFound = errors.New("no such value")

// Values keeps values.
//
//dualgen:entity Value key=ID get=Get put=Put delete=none scan=none
//dualgen:notfound ErrNotFound old=cqlstore.ErrNoRow new=litestore.ErrNoRow
//dualgen:field Value.When as=timeuuid
//dualgen:field Value.Millis unit=ms
//dualgen:field Value.Date as=rfc3339
//dualgen:field Value.Clock unit=ns
//dualgen:field Value.Span as=json
//dualgen:field Value.Took unit=s
//dualgen:field Value.Tags as=json
//dualgen:field Value.Labels as=json
//dualgen:field Value.IDs as=json
//dualgen:field Value.Props as=json
//dualgen:field Value.Counts as=json
//dualgen:field Value.Times as=json
//dualgen:field Value.Line as=json
//dualgen:field Value.Lines as=json
//dualgen:field Value.Attrs as=json lossy
//go:generate go tool dualgen -test=false -old ./cqlstore.Store -new ./litestore.Store
type Values interface {
	Get(ctx context.Context, id string) (Value, error)
	Put(ctx context.Context, value Value) error
}

// Level is an enum of numbers.
type Level int8

// The levels.
const (
	LevelLow  Level = -1
	LevelHigh Level = 1
)

// Line is a struct within a value.
type Line struct {
	Item  string
	Count int32
	Price decimal.Decimal
}

// Value has a field for each pair.
type Value struct {
	ID string

	Yes    bool
	I8     int8
	I32    int32
	I64    int64
	U32    uint32
	Total  int64
	Some   *int32
	Var    *big.Int
	Small  int64
	F64    float64
	Price  decimal.Decimal
	Amount decimal.Decimal

	Name string
	Code string
	Nick *string
	Body []byte
	Key  uuid.UUID
	When uuid.UUID
	Text uuid.UUID

	Created time.Time
	Millis  time.Time
	Day     string
	Date    time.Time
	Clock   time.Duration
	Span    gocql.Duration
	Took    time.Duration

	Tags   []string
	Labels map[string]struct{}
	IDs    []uuid.UUID
	Props  map[string]string
	Counts map[int32]int64
	Times  map[string]time.Time
	Line   Line
	Lines  []Line
	Attrs  map[string]any
	Host   net.IP
	Level  Level
}
