// Package compare plans the comparators of entities and results: which fields are compared, and how each of them is.
package compare

import "github.com/dualgen/dualgen/internal/convert/access"

// Planner plans the comparators of one repository.
type Planner struct {
	*access.Planner
	compared []*comparison
	unknown  map[string]bool // interfaces of which it was asked when two values are equal
}

// New returns a Planner.
func New(reach *access.Planner) *Planner { return &Planner{Planner: reach, unknown: map[string]bool{}} }
