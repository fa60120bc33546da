// Package equality has methods Equal that compare who a value is and not what it holds: of the entity, by a pointer, and of
// what lies in its lists and maps.
package equality

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such car")

type Car struct {
	Plate string
	Color string
	Parts []Part
	Marks map[string]Mark
}

// Equal says whether they are one car.
func (c *Car) Equal(o *Car) bool { return c.Plate == o.Plate }

type Part struct {
	Code string
	Worn int
}

// Equal says whether they are one part.
func (p Part) Equal(o Part) bool { return p.Code == o.Code }

type Mark struct{ Name, By string }

// Equal says whether they are one mark.
func (m Mark) Equal(o any) bool { other, ok := o.(Mark); return ok && other.Name == m.Name }

//go:generate go tool dualgen
//dualgen:entity Car key=Plate
type Cars interface {
	Get(ctx context.Context, plate string) (*Car, error)
	Save(ctx context.Context, car *Car) error
	Delete(ctx context.Context, plate string) error
	List(ctx context.Context) ([]*Car, error)
}

// Garage is a store that keeps what Keep makes of a car.
type Garage struct {
	cars rows.Table[string, Car]
	Keep func(Car) Car
}

func (g *Garage) Get(_ context.Context, plate string) (*Car, error) {
	car, err := g.cars.Find(plate)
	if err != nil {
		return nil, ErrNotFound
	}
	return &car, nil
}

func (g *Garage) Save(_ context.Context, car *Car) error {
	kept := *car
	if g.Keep != nil {
		kept = g.Keep(kept)
	}
	return g.cars.Upsert(car.Plate, kept)
}

func (g *Garage) Delete(_ context.Context, plate string) error { return g.cars.Remove(plate) }
func (g *Garage) List(context.Context) ([]*Car, error)         { return rows.Pointers(g.cars.All()), nil }
