// Package zones has an old store in Postgres, with columns that have no zone: what is stored depends on the zone of the time that
// is handed over.
package zones

import (
	"context"
	"errors"
	"time"
)

var ErrNotFound = errors.New("no such bus")

type Bus struct {
	Line    string
	Day     time.Time
	Leaves  time.Time
	Changed *time.Time
}

//go:generate go tool dualgen -old ./timetable.Buses -new ./feed.Buses
//dualgen:entity Bus key=Line
//dualgen:field Bus.Leaves old=Departure
//dualgen:notfound ErrNotFound old=timetable.ErrNoRow new=feed.ErrNone
type Buses interface {
	Get(ctx context.Context, line string) (Bus, error)
	Save(ctx context.Context, bus Bus) error
	Delete(ctx context.Context, line string) error
	List(ctx context.Context) ([]Bus, error)
}
