package cqlcontrol

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

var _ control.Clock = (*Control)(nil)

// Now implements control.Clock. It is the clock of the node that answers.
func (c *Control) Now(ctx context.Context) (time.Time, error) {
	var now time.Time
	if err := c.query(ctx, `SELECT toTimestamp(now()) FROM system.local`).Scan(&now); err != nil {
		return time.Time{}, fmt.Errorf("cqlcontrol: ask for the time: %w", err)
	}
	return now, nil
}
