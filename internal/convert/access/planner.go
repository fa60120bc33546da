// Package access finds how a struct is read and written: by its fields, or by the constructor, getters and setters that directives
// name.
package access

import (
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/plan"
)

// Planner remembers how the structs of a repository are reached.
type Planner struct {
	*frame.Frame
	Accesses   map[string]*Access // by side and type; nil for a struct that directives leave alone
	Assemblies []*plan.Assembly   // the interface's structs that directives give a constructor or setters
}

// New returns a Planner.
func New(f *frame.Frame) *Planner { return &Planner{Frame: f, Accesses: map[string]*Access{}} }
