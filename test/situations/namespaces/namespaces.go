// Package namespaces has drafts and articles of one struct. The methods alone keep them apart.
package namespaces

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such article")

type Article struct{ Slug, Text string }

//go:generate go tool dualgen
//dualgen:entity Article key=Slug get=GetArticle put=putArticle delete=DeleteArticle scan=ListArticles
//dualgen:entity DraftArticle type=Article key=Slug get=GetDraftArticle put=SaveDraftArticle delete=DeleteDraftArticle scan=ListDraftArticles methods=GetDraftArticle,SaveDraftArticle,DeleteDraftArticle,ListDraftArticles
type Articles interface {
	GetArticle(ctx context.Context, slug string) (Article, error)
	SaveArticle(ctx context.Context, article Article, editor string) error
	DeleteArticle(ctx context.Context, slug string) error
	ListArticles(ctx context.Context) ([]Article, error)

	GetDraftArticle(ctx context.Context, slug string) (Article, error)
	SaveDraftArticle(ctx context.Context, article Article) error
	DeleteDraftArticle(ctx context.Context, slug string) error
	ListDraftArticles(ctx context.Context) ([]Article, error)
}

// Press is a store.
type Press struct{ articles, drafts rows.Table[string, Article] }

func known(article Article, err error) (Article, error) {
	if err != nil {
		return article, ErrNotFound
	}
	return article, nil
}

func (p *Press) GetArticle(_ context.Context, slug string) (Article, error) {
	return known(p.articles.Find(slug))
}
func (p *Press) SaveArticle(_ context.Context, a Article, _ string) error {
	return p.articles.Upsert(a.Slug, a)
}
func (p *Press) DeleteArticle(_ context.Context, slug string) error { return p.articles.Remove(slug) }
func (p *Press) ListArticles(context.Context) ([]Article, error)    { return p.articles.All(), nil }
func (p *Press) GetDraftArticle(_ context.Context, slug string) (Article, error) {
	return known(p.drafts.Find(slug))
}
func (p *Press) SaveDraftArticle(_ context.Context, a Article) error {
	return p.drafts.Upsert(a.Slug, a)
}
func (p *Press) DeleteDraftArticle(_ context.Context, slug string) error {
	return p.drafts.Remove(slug)
}
func (p *Press) ListDraftArticles(context.Context) ([]Article, error) { return p.drafts.All(), nil }

func putArticle(ctx context.Context, store Articles, article Article) error {
	return store.SaveArticle(ctx, article, "")
}
