//go:build race

package cost

import "time"

// The race detector slows the ways down by different factors: a short turn shows that they work, and no share.
const (
	rounds = 1
	turn   = 100 * time.Millisecond
)
