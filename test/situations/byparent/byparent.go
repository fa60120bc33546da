// Package byparent has comments in threads: what is asked by a thread's first comment is about its replies.
package byparent

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such comment")

type Comment struct {
	ID, ReplyTo int64
	Text        string
}

//go:generate go tool dualgen
type Comments interface {
	Get(ctx context.Context, id int64) (Comment, error)
	Put(ctx context.Context, comment Comment) error
	Delete(ctx context.Context, id int64) error
	All(ctx context.Context) ([]Comment, error)

	// Find finds the replies to a comment.
	Find(ctx context.Context, id int64) ([]Comment, error)
	// Count counts the replies to a comment.
	Count(ctx context.Context, id int64) (int, error)
	// Search finds the comments with the sample's text.
	Search(ctx context.Context, sample Comment) ([]Comment, error)
}

// Forum is a store.
type Forum struct{ comments rows.Table[int64, Comment] }

func (f *Forum) Get(_ context.Context, id int64) (Comment, error) {
	comment, err := f.comments.Find(id)
	if err != nil {
		return comment, ErrNotFound
	}
	return comment, nil
}

func (f *Forum) Put(_ context.Context, c Comment) error   { return f.comments.Upsert(c.ID, c) }
func (f *Forum) Delete(_ context.Context, id int64) error { return f.comments.Remove(id) }
func (f *Forum) All(context.Context) ([]Comment, error)   { return f.comments.All(), nil }

func (f *Forum) Find(_ context.Context, id int64) ([]Comment, error) {
	return f.comments.Where(func(c Comment) bool { return c.ReplyTo == id }), nil
}

func (f *Forum) Count(ctx context.Context, id int64) (int, error) {
	replies, err := f.Find(ctx, id)
	return len(replies), err
}

func (f *Forum) Search(_ context.Context, sample Comment) ([]Comment, error) {
	return f.comments.Where(func(c Comment) bool { return c.Text == sample.Text }), nil
}
