// Package opaque has pages whose cursor means something to the store alone that gave it out.
package opaque

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such song")

type Song struct{ ID, Title string }

//go:generate go tool dualgen
type Songs interface {
	Get(ctx context.Context, id string) (Song, error)
	Save(ctx context.Context, song Song) error
	Delete(ctx context.Context, id string) error
	All(ctx context.Context) ([]Song, error)
	// List returns a page of songs and the state that the next page begins with, "" at the end.
	//dualgen:cursor state
	List(ctx context.Context, state string, size int) (songs []Song, next string, err error)
}

// Radio is a store. Backward says from which end it counts.
type Radio struct {
	songs    rows.Table[string, Song]
	Backward bool
}

func (r *Radio) Get(_ context.Context, id string) (Song, error) {
	song, err := r.songs.Find(id)
	if err != nil {
		return song, ErrNotFound
	}
	return song, nil
}

func (r *Radio) Save(_ context.Context, s Song) error      { return r.songs.Upsert(s.ID, s) }
func (r *Radio) Delete(_ context.Context, id string) error { return r.songs.Remove(id) }
func (r *Radio) All(context.Context) ([]Song, error)       { return r.songs.All(), nil }

func (r *Radio) List(_ context.Context, state string, size int) ([]Song, string, error) {
	played, all := 0, r.songs.All()
	if state != "" {
		var err error
		if played, err = strconv.Atoi(state); err != nil {
			return nil, "", err
		}
	}
	if r.Backward {
		slices.Reverse(all)
	}
	page := all[min(played, len(all)):min(played+size, len(all))]
	if played += len(page); played >= len(all) {
		return page, "", nil
	}
	return page, strconv.Itoa(played), nil
}
