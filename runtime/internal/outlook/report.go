// Package outlook says where a migration is, as the command and the console show it: one report, made by the rules of the gates.
package outlook

import (
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Report is where a migration is.
type Report struct {
	Name      string             `json:"name"`
	Record    control.Record     `json:"record"`
	Settled   bool               `json:"settled"` // every live instance has acknowledged the epoch
	Instances []control.Instance `json:"instances"`
	Kinds     []Kind             `json:"kinds"`
	Running   []Progress         `json:"running,omitempty"` // copies and passes
	Unclean   journal.Counts     `json:"unclean"`
	Lag       float64            `json:"lagSeconds"` // of the oldest key that waits for its copy
	Forward   Step               `json:"forward"`
	Back      Step               `json:"back"`
	Self      string             `json:"self"` // the instance of the process that looks
	Warnings  []string           `json:"warnings,omitempty"`
	Gone      int                `json:"gone,omitempty"` // instances that are left out: their lease ran out long ago
	NextSteps []string           `json:"nextSteps"`      // commands that lead to the next phase
}

// Step is where one more phase leads, and what stands in the way.
type Step struct {
	To      string             `json:"to,omitempty"`
	Blocked []control.Obstacle `json:"blocked,omitempty"`
}

// Kind is one entity kind at a glance.
type Kind struct {
	Kind        string               `json:"kind"`
	Backfill    backfill.Progress    `json:"backfill"`
	Unclean     journal.Counts       `json:"unclean"`
	Whole       bool                 `json:"whole,omitempty"` // the kind is unclean as a whole, so that the reconciler does not make it clean
	Certificate *control.Certificate `json:"certificate,omitempty"`
	Valid       bool                 `json:"valid"`              // the certificate counts, by the rule of the gates
	Reason      string               `json:"reason,omitempty"`   // why it does not
	Loose       bool                 `json:"loose,omitempty"`    // nothing can copy and list the kind
	Unlisted    bool                 `json:"unlisted,omitempty"` // it can be copied by its keys all the same
	Abandoned   bool                 `json:"abandoned,omitempty"`
}

// LongGone is how long after its lease an instance is still shown. One that keeps its last phase is always shown.
const LongGone = time.Minute

// alive leaves out the instances that are long gone, unless all are asked for, and counts them.
func alive(instances []control.Instance, all bool) (shown []control.Instance, gone int) {
	for _, in := range instances {
		if !all && !in.Live && !in.KeepsLast && in.Left < -LongGone {
			gone++
			continue
		}
		if in.Evicted {
			in.Note = strings.TrimSuffix("evicted, and may go on until its lease has run out; "+in.Note, "; ")
		}
		shown = append(shown, in)
	}
	return shown, gone
}
