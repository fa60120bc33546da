// Package proxied has a repository that callers in other processes reach by a proxy, and an entity whose tags would hide a part of it
// from them.
package proxied

import (
	"context"
	"errors"
	"iter"
	"time"
)

var (
	ErrNotFound = errors.New("no such note")
	ErrExists   = errors.New("there is such a note")
)

// Mood says itself how it is written.
type Mood int

func (m Mood) MarshalText() ([]byte, error) { return []byte("happy"), nil }

// Note has tags for those who read it on a web page.
type Note struct {
	ID      string `json:"id"`
	Text    string `json:"text,omitempty"`
	Secret  string `json:"-"`
	Mood    Mood
	Tags    []string `json:",omitempty"`
	Stars   *int
	Written time.Time
	Replies map[string]Reply
}

// Reply is a part of a note.
type Reply struct {
	By     string
	Hidden bool `json:"-"`
}

//go:generate go tool dualgen -out notesdual/notes_dual.go -proxy notesproxy
//dualgen:entity Note key=ID get=Get put=Save delete=Delete scan=All
type Notes interface {
	// Get returns a note, or ErrNotFound.
	Get(ctx context.Context, id string) (Note, error)
	GetMany(ctx context.Context, ids ...string) ([]Note, error)
	Save(ctx context.Context, note Note) error
	Delete(ctx context.Context, id string) error
	All(ctx context.Context) iter.Seq2[Note, error]
	Close() error
}
