// Package updatenil has an Update as SQL has it: where there is no row, none is changed, and that is no error.
package updatenil

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such plant")

type Plant struct {
	ID    int64
	Name  string
	Water int
}

//go:generate go tool dualgen
type Plants interface {
	GetPlant(ctx context.Context, id int64) (*Plant, error)
	InsertPlant(ctx context.Context, plant *Plant) error
	UpdatePlant(ctx context.Context, plant *Plant) error
	DeletePlant(ctx context.Context, id int64) error
	ListPlants(ctx context.Context) ([]*Plant, error)
}

// Garden is a store. It numbers plants that have no ID yet.
type Garden struct {
	plants rows.Table[int64, Plant]
	last   int64
}

func (g *Garden) GetPlant(_ context.Context, id int64) (*Plant, error) {
	plant, err := g.plants.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &plant, nil
}

func (g *Garden) InsertPlant(_ context.Context, plant *Plant) error {
	if plant.ID == 0 {
		g.last++
		plant.ID = g.last
	}
	return g.plants.Insert(plant.ID, *plant)
}

func (g *Garden) UpdatePlant(_ context.Context, plant *Plant) error {
	err := g.plants.Change(plant.ID, func(have *Plant) { *have = *plant })
	if errors.Is(err, rows.ErrAbsent) {
		return nil
	}
	return err
}

func (g *Garden) DeletePlant(_ context.Context, id int64) error { return g.plants.Remove(id) }
func (g *Garden) ListPlants(context.Context) ([]*Plant, error) {
	return rows.Pointers(g.plants.All()), nil
}
