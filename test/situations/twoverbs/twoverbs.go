// Package twoverbs has names with a verb that reads before one that writes.
package twoverbs

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such page")

type Page struct{ Slug, Text string }

//go:generate go tool dualgen
//dualgen:entity Page key=Slug
type Pages interface {
	GetPage(ctx context.Context, slug string) (Page, error)
	SavePage(ctx context.Context, page Page) error
	DeletePage(ctx context.Context, slug string) error
	ListPages(ctx context.Context) ([]Page, error)

	// FindRemove removes the pages of a text, and counts them.
	//dualgen:delete
	//dualgen:entity Page
	//dualgen:key none
	FindRemove(ctx context.Context, text string) (int, error)
	// LoadStore stores a page's text, and returns the page that was there.
	//dualgen:write
	//dualgen:key slug
	LoadStore(ctx context.Context, slug, text string) (Page, error)
	// WalkPages stores what visit makes of each page.
	//dualgen:write
	//dualgen:key none
	WalkPages(ctx context.Context, visit func(*Page) error) error
}

// Site is a store.
type Site struct{ pages rows.Table[string, Page] }

func (s *Site) GetPage(_ context.Context, slug string) (Page, error) {
	page, err := s.pages.Find(slug)
	if err != nil {
		return page, ErrNotFound
	}
	return page, nil
}

func (s *Site) SavePage(_ context.Context, p Page) error        { return s.pages.Upsert(p.Slug, p) }
func (s *Site) DeletePage(_ context.Context, slug string) error { return s.pages.Remove(slug) }
func (s *Site) ListPages(context.Context) ([]Page, error)       { return s.pages.All(), nil }

func (s *Site) FindRemove(_ context.Context, text string) (int, error) {
	return s.pages.RemoveWhere(func(p Page) bool { return p.Text == text })
}

func (s *Site) LoadStore(ctx context.Context, slug, text string) (Page, error) {
	was, err := s.GetPage(ctx, slug)
	if err != nil {
		return was, err
	}
	return was, s.pages.Upsert(slug, Page{slug, text})
}

func (s *Site) WalkPages(_ context.Context, visit func(*Page) error) error {
	for _, page := range s.pages.All() {
		if err := visit(&page); err != nil {
			return err
		}
		if err := s.pages.Upsert(page.Slug, page); err != nil {
			return err
		}
	}
	return nil
}
