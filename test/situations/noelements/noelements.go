// Package noelements has methods that go through a list of pointers, as everybody's do: no caller hands one a nil among them.
package noelements

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such recipe")

type Recipe struct {
	ID    string
	Lines []string
}

// Line is a part of a recipe.
type Line struct {
	Text string
	Next []*Line
}

//go:generate go tool dualgen
type Recipes interface {
	GetRecipe(ctx context.Context, id string) (*Recipe, error)
	SaveRecipe(ctx context.Context, recipe *Recipe) error
	DeleteRecipe(ctx context.Context, id string) error
	ListRecipes(ctx context.Context) ([]*Recipe, error)
	// AppendLines puts lines, and those that follow them, at the end of a recipe.
	//dualgen:entity Recipe
	AppendLines(ctx context.Context, recipeID string, lines []*Line) error
}

// Book is a store.
type Book struct{ recipes rows.Table[string, Recipe] }

func (b *Book) GetRecipe(_ context.Context, id string) (*Recipe, error) {
	recipe, err := b.recipes.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &recipe, nil
}

func (b *Book) SaveRecipe(_ context.Context, r *Recipe) error   { return b.recipes.Upsert(r.ID, *r) }
func (b *Book) DeleteRecipe(_ context.Context, id string) error { return b.recipes.Remove(id) }
func (b *Book) ListRecipes(context.Context) ([]*Recipe, error) {
	return rows.Pointers(b.recipes.All()), nil
}

func (b *Book) AppendLines(_ context.Context, recipeID string, lines []*Line) error {
	err := b.recipes.Change(recipeID, func(r *Recipe) { r.Lines = flatten(r.Lines[:len(r.Lines):len(r.Lines)], lines) })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func flatten(texts []string, lines []*Line) []string {
	for _, line := range lines {
		texts = flatten(append(texts, line.Text), line.Next)
	}
	return texts
}
