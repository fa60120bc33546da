// Package second has an order that is stored with its lines in one call. An Order does not hold its lines.
package second

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such order or line")

type Order struct {
	ID   int64
	Name string
}

type Line struct {
	ID, OrderID int64
	Article     string
}

//go:generate go tool dualgen
type Orders interface {
	GetOrder(ctx context.Context, id int64) (Order, error)
	SaveOrder(ctx context.Context, order Order) error
	DeleteOrder(ctx context.Context, id int64) error
	ListOrders(ctx context.Context) ([]Order, error)

	GetLine(ctx context.Context, id int64) (Line, error)
	SaveLine(ctx context.Context, line Line) error
	DeleteLine(ctx context.Context, id int64) error
	ListLines(ctx context.Context) ([]Line, error)

	// CreateOrder stores an order and its lines.
	//dualgen:entity Order,Line
	CreateOrder(ctx context.Context, order Order, lines []Line) error
}

// Shop is a store.
type Shop struct {
	orders rows.Table[int64, Order]
	lines  rows.Table[int64, Line]
}

func (s *Shop) GetOrder(_ context.Context, id int64) (Order, error) { return known(s.orders.Find(id)) }
func (s *Shop) SaveOrder(_ context.Context, o Order) error          { return s.orders.Upsert(o.ID, o) }
func (s *Shop) DeleteOrder(_ context.Context, id int64) error       { return s.orders.Remove(id) }
func (s *Shop) ListOrders(context.Context) ([]Order, error)         { return s.orders.All(), nil }
func (s *Shop) GetLine(_ context.Context, id int64) (Line, error)   { return known(s.lines.Find(id)) }
func (s *Shop) SaveLine(_ context.Context, l Line) error            { return s.lines.Upsert(l.ID, l) }
func (s *Shop) DeleteLine(_ context.Context, id int64) error        { return s.lines.Remove(id) }
func (s *Shop) ListLines(context.Context) ([]Line, error)           { return s.lines.All(), nil }

func (s *Shop) CreateOrder(_ context.Context, order Order, lines []Line) error {
	if err := s.orders.Insert(order.ID, order); err != nil {
		return err
	}
	for _, line := range lines {
		line.OrderID = order.ID
		if err := s.lines.Upsert(line.ID, line); err != nil {
			return err
		}
	}
	return nil
}

func known[V any](row V, err error) (V, error) {
	if err != nil {
		return row, ErrNotFound
	}
	return row, nil
}
