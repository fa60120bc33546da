//go:build !race

package cost

import "time"

const (
	rounds = 9
	turn   = 250 * time.Millisecond
)
