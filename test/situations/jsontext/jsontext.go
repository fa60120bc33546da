// Package jsontext has values that both stores hold as JSON: what the Go type cannot hold must not be lost on the way.
package jsontext

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("no such event")

type Event struct {
	ID   string
	Data []any
	Site Site
}

type Site struct {
	Host string            `json:"host"`
	Tags map[string]string `json:"tags"`
}

//go:generate go tool dualgen -old ./sqlevents.Events -new ./docevents.Events
//dualgen:field Event.Data as=json
//dualgen:field Event.Site as=json
//dualgen:notfound ErrNotFound old=sqlevents.ErrNoRow new=docevents.ErrNoDocument
type Events interface {
	Get(ctx context.Context, id string) (Event, error)
	Save(ctx context.Context, event Event) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Event, error)
}
