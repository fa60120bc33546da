// Package cyclic has topics that know their parent and their children, so that a topic holds itself.
package cyclic

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such topic")

type Topic struct {
	Path     string
	Parent   *Topic
	Children map[string]*Topic
	See      []any
}

//go:generate go tool dualgen
//dualgen:entity Topic key=Path
type Topics interface {
	Get(ctx context.Context, path string) (*Topic, error)
	Save(ctx context.Context, topic *Topic) error
	Delete(ctx context.Context, path string) error
	List(ctx context.Context) ([]*Topic, error)
}

// Wiki is a store.
type Wiki struct{ topics rows.Table[string, *Topic] }

func (w *Wiki) Get(_ context.Context, path string) (*Topic, error) {
	topic, err := w.topics.Find(path)
	if err != nil {
		return nil, ErrNotFound
	}
	return topic, nil
}

func (w *Wiki) Save(_ context.Context, topic *Topic) error  { return w.topics.Upsert(topic.Path, topic) }
func (w *Wiki) Delete(_ context.Context, path string) error { return w.topics.Remove(path) }
func (w *Wiki) List(context.Context) ([]*Topic, error)      { return w.topics.All(), nil }
