package console

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/journal"
)

// shown is how many unclean keys the page on kinds lists at most.
const shown = 50

// fillKinds adds the unclean keys, those without activity for the longest first.
func fillKinds(ctx context.Context, c *Console, v *view) error {
	entries, err := c.config.Migration.Journal().Unclean(ctx, journal.Query{Limit: shown})
	if err != nil {
		return fmt.Errorf("list the unclean keys: %w", err)
	}
	v.Extra = entries
	return nil
}
