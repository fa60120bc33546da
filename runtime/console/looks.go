package console

import (
	"context"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// looks shares one look at the fleet among those who ask at the same time, so that many open pages ask no more than one.
type looks struct {
	mu      sync.Mutex
	lookout outlook.Lookout
	last    outlook.Report
	at      time.Time
}

// fresh is how old a report may be that a page shows.
const fresh = 250 * time.Millisecond

// report returns where the migration is.
func (l *looks) report(ctx context.Context) (outlook.Report, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.at.IsZero() && time.Since(l.at) < fresh {
		return l.last, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	report, err := l.lookout.Look(ctx, false)
	if err != nil {
		return report, err
	}
	l.last, l.at = report, time.Now()
	return report, nil
}

// forget makes the next report a new one: something was changed.
func (l *looks) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at = time.Time{}
}
