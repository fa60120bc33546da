package sqlcontrol

import (
	"context"
	"strings"
)

// writers has those who write to SQLite from one process wait for one another here, in the order in which they came. The database itself lets
// whoever happens to look at the right moment have its one lock, and who waits looks each tenth of a second: beside calls that follow
// one another a sweep waited for half a minute, and the rows that it should have deleted gathered. A nil value lets everybody go on.
type writers chan struct{}

func newWriters(d Dialect) writers {
	if d != SQLite {
		return nil
	}
	return make(writers, 1)
}

// take runs do once it is its turn.
func (t writers) take(ctx context.Context, do func() error) error {
	if t == nil {
		return do()
	}
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-t }()
	return do()
}

// of returns the writers among whom a statement by itself waits: who only reads waits for nobody.
func (t writers) of(statement string) writers {
	if strings.HasPrefix(statement, "SELECT") {
		return nil
	}
	return t
}
