// Package twoparts has labels, which belong to a project and have a name in it. The name alone finds none.
package twoparts

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such label")

type Label struct {
	ProjectID int
	Name      string
	Color     string
}

//go:generate go tool dualgen
//dualgen:entity Label get=ProjectLabel put=SetProjectLabel delete=DropProjectLabel scan=AllLabels methods=ProjectLabel,SetProjectLabel,DropProjectLabel,AllLabels
//dualgen:read ProjectLabel,AllLabels
//dualgen:delete DropProjectLabel
type Labels interface {
	ProjectLabel(ctx context.Context, projectID int, name string) (Label, error)
	SetProjectLabel(ctx context.Context, label Label) error
	DropProjectLabel(ctx context.Context, projectID int, name string) error
	AllLabels(ctx context.Context) ([]Label, error)
}

// Tracker is a store.
type Tracker struct{ labels rows.Table[string, Label] }

func place(projectID int, name string) string { return fmt.Sprintf("%010d %s", projectID, name) }

func (t *Tracker) ProjectLabel(_ context.Context, projectID int, name string) (Label, error) {
	label, err := t.labels.Find(place(projectID, name))
	if err != nil {
		return label, ErrNotFound
	}
	return label, nil
}

func (t *Tracker) SetProjectLabel(_ context.Context, l Label) error {
	return t.labels.Upsert(place(l.ProjectID, l.Name), l)
}

func (t *Tracker) DropProjectLabel(_ context.Context, projectID int, name string) error {
	return t.labels.Remove(place(projectID, name))
}

func (t *Tracker) AllLabels(context.Context) ([]Label, error) { return t.labels.All(), nil }
