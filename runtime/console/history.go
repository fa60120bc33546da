package console

import (
	"context"
	"slices"
)

// fillHistory puts the newest change first.
func fillHistory(_ context.Context, _ *Console, v *view) error {
	trail := slices.Clone(v.Record.Trail)
	slices.Reverse(trail)
	v.Extra = trail
	return nil
}
