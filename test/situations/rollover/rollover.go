// Package rollover has measurements: what is older than a cutoff stays in Postgres, what is newer goes to MariaDB, and nobody has to
// be awake at the cutoff.
package rollover

import (
	"context"
	"errors"
)

var ErrNone = errors.New("no such reading")

// Reading is what a sensor measured in one second.
type Reading struct {
	Sensor string
	Second int64 // since 1970
	Value  int64
}

//go:generate go tool dualgen -old ./pgreadings.Readings -new ./mariareadings.Readings
//dualgen:entity Reading key=Sensor,Second scan=none
//dualgen:rollover Second unit=s
//dualgen:notfound ErrNone old=pgreadings.ErrNone new=mariareadings.ErrNone
type Readings interface {
	Get(ctx context.Context, sensor string, second int64) (Reading, error)
	Save(ctx context.Context, reading Reading) error
	Delete(ctx context.Context, sensor string, second int64) error
}
