// Package behind has a field of an interface's type. What lies behind it is made anew by each read.
package behind

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such route")

// Shape is a part of the map.
type Shape interface{ Bounds() [4]float64 }

// Circle is a Shape.
type Circle struct{ X, Y, R float64 }

// Bounds is the rectangle around it.
func (c *Circle) Bounds() [4]float64 { return [4]float64{c.X - c.R, c.Y - c.R, c.X + c.R, c.Y + c.R} }

type Route struct {
	ID   string
	Area Shape
}

//go:generate go tool dualgen
//dualgen:compare equal=Shape:sameShape
type Routes interface {
	Get(ctx context.Context, id string) (Route, error)
	Save(ctx context.Context, route Route) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Route, error)
}

// Atlas is a store that keeps numbers.
type Atlas struct{ routes rows.Table[string, record] }

type record struct {
	id   string
	area Circle
	none bool
}

func (r record) route() Route {
	if r.none {
		return Route{ID: r.id}
	}
	return Route{r.id, &Circle{r.area.X, r.area.Y, r.area.R}}
}

func (a *Atlas) Get(_ context.Context, id string) (Route, error) {
	r, err := a.routes.Find(id)
	if err != nil {
		return Route{}, ErrNotFound
	}
	return r.route(), nil
}

func (a *Atlas) Save(_ context.Context, route Route) error {
	circle, ok := route.Area.(*Circle)
	if !ok || circle == nil {
		return a.routes.Upsert(route.ID, record{id: route.ID, none: true})
	}
	return a.routes.Upsert(route.ID, record{id: route.ID, area: *circle})
}

func (a *Atlas) Delete(_ context.Context, id string) error { return a.routes.Remove(id) }

func (a *Atlas) List(context.Context) (all []Route, err error) {
	for _, r := range a.routes.All() {
		all = append(all, r.route())
	}
	return all, nil
}

// sameShape reports whether two shapes are the same part of the map.
func sameShape(a, b Shape) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Bounds() == b.Bounds()
}
