// Package store has the types that nothing converts to, or that a directive must speak of.
package store

import (
	"context"
	"errors"
	"math/big"
	"net/netip"

	"github.com/gocql/gocql"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// ErrNoRow is returned where a value is not there.
var ErrNoRow = errors.New("no such row")

// Store is a store.
type Store struct{}

// Get reads a row.
func (Store) Get(ctx context.Context, id string) (Row, error) { return Row{}, ErrNoRow }

// Put writes a row.
func (Store) Put(ctx context.Context, row Row) error { return nil }

// Paint is another enum.
type Paint string

// The paints.
const (
	PaintRed  Paint = "red"
	PaintGrey Paint = "grey"
)

// Row is a row.
type Row struct {
	ID string

	Interval   pgtype.Interval
	Span       gocql.Duration
	Seconds    int64
	Clock      string
	Epoch      int64
	Stamp      string
	Raw        []byte
	Float      string
	Ratio      pgtype.Numeric
	Money      float64
	Cents      int64
	Price      []byte
	Number     string
	Wide       *big.Int
	Unsigned   pgtype.Numeric
	Yes        string
	Set        map[string]struct{}
	Tags       string
	Attrs      string
	Home       []byte
	Color      Paint
	Network    netip.Addr
	Hash       [5]byte
	Identifier pgtype.Int8
	Bits       pgtype.Bits
	Range      pgtype.Range[pgtype.Int4]
	Point      pgtype.Point
	When       uuid.UUID
}
