package control

import (
	"context"
	"time"
)

// Clock is an optional part of a Control: what time it is in the database that holds it. The leases go by that clock; cutoffs and the age of
// certificates go by those of the processes.
type Clock interface {
	Now(ctx context.Context) (time.Time, error)
}
