package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/activity"
)

// Latest is how far the latest pass over a kind is, as its process last told.
type Latest struct {
	Kind     string    `json:"kind"`
	Instance string    `json:"instance,omitempty"` // who makes it; empty if there was none
	Started  time.Time `json:"started,omitzero"`
	Ended    bool      `json:"ended,omitempty"`
	Read     [2]int64  `json:"read"`           // entities read, by store
	Differ   int64     `json:"differ"`         // keys that differ for certain
	Saved    time.Time `json:"saved,omitzero"` // when this was told; zero where the pass was too short to tell
}

// told is what a pass tells of itself while it runs. It has a name of its own in the control store, so that a pass that was taken over
// cannot spoil the mark of the next one.
type told struct {
	Track  string    `json:"track"`
	Read   [2]int64  `json:"read"`
	Differ int64     `json:"differ"`
	Saved  time.Time `json:"saved"`
}

// tellEvery is how often a pass tells how far it is.
const tellEvery = 2 * time.Second

func toldName(kind string) string { return "verify-progress/" + kind }

// tell lets others see how far the pass is. That it cannot be told is no reason to end the pass.
func tell(ctx context.Context, p *pass) {
	now := p.hooks.Now()
	if now.Sub(p.told) < tellEvery {
		return
	}
	p.told = now
	data, err := json.Marshal(told{Track: p.id, Read: p.report.Read, Differ: p.report.Differed(), Saved: time.Now().UTC()})
	if err == nil {
		err = p.migration.Control().SaveCheckpoint(ctx, toldName(p.kind), data)
	}
	if err != nil {
		p.log.WarnContext(ctx, "the pass's progress could not be told", "error", err)
	}
}

// Status reads how far the latest pass over a kind is. It touches no store.
func Status(ctx context.Context, c control.Control, kind string) (Latest, error) {
	mark, err := activity.LoadPass(ctx, c, kind)
	latest := Latest{Kind: kind, Instance: mark.Instance, Started: mark.Started, Ended: mark.Ended}
	if err != nil || mark.Track == "" {
		return latest, err
	}
	data, err := c.LoadCheckpoint(ctx, toldName(kind))
	if err != nil {
		return latest, fmt.Errorf("load the progress of the verify pass over %s: %w", kind, err)
	}
	var t told
	if json.Unmarshal(data, &t) == nil && t.Track == mark.Track {
		latest.Read, latest.Differ, latest.Saved = t.Read, t.Differ, t.Saved
	}
	return latest, nil
}
