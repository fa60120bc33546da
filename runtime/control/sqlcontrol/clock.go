package sqlcontrol

import (
	"context"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

var _ control.Clock = (*Control)(nil)

// Now implements control.Clock.
func (c *Control) Now(ctx context.Context) (time.Time, error) {
	var micros int64
	if err := c.get(ctx, "ask for the time", &micros, `SELECT {now}`); err != nil {
		return time.Time{}, err
	}
	return time.UnixMicro(micros), nil
}
