// Package rule holds what the rules of conversion share: the request for a value's conversion, and how one is refused.
package rule

import (
	"fmt"
	"github.com/dualgen/dualgen/internal/convert/access"

	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// Planner is what the rules share: how they ask for the conversion of what a value holds, and what they leave for the end.
type Planner struct {
	*access.Planner
	Convert func(Request) plan.Conv // plans the conversion of a value, by the first rule that applies
	Suits   func(r Request) bool    // whether a request would be planned as its Field says
	Guards  []plan.Guard            // the fields of every struct that is read or filled
	Guarded map[string]bool         // by type
	Unsaid  []Unsaid
	Exact   bool // a conversion from a store looks whether it keeps all
	Left    []*Unpaired
	Lacking []Request // fields that a row of the old store may lack, and the interface's may not

	guessed   map[string]Request // by path: what a store's type says is JSON
	askedJSON map[string]bool    // by path: what a remedy says as=json of
	unsettled map[string]bool    // by path: something else is asked of it
	refused   map[string]bool    // by remedy: one directive answers for both directions and both stores
}

// New returns a Planner.
func New(reach *access.Planner, convert func(Request) plan.Conv, suits func(Request) bool) *Planner {
	return &Planner{
		Planner: reach, Convert: convert, Suits: suits,
		Guarded: map[string]bool{}, guessed: map[string]Request{}, askedJSON: map[string]bool{}, refused: map[string]bool{}, unsettled: map[string]bool{},
	}
}

// Key tells conversions apart.
func (p *Planner) Key(r Request) string {
	return fmt.Sprint(gotype.TypeKey(r.From), " → ", gotype.TypeKey(r.To), " ", r.At.Store, r.At.Direction)
}

// Unsaid is a conversion in a method that could not say that it failed.
type Unsaid struct {
	Conv        plan.Conv
	At          given.At
	Why, Remedy string // "" for the method itself
}
