package activity

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

// Pass is the latest verify pass over a kind: who makes it, and its track in the journal, so that the next one can end it if the
// pass died. The zero Pass says that there was none.
type Pass struct {
	Track    string    `json:"track"`
	Instance string    `json:"instance,omitempty"`
	Started  time.Time `json:"started"`
	Ended    bool      `json:"ended,omitempty"`
}

func checkpointName(kind string) string { return "verify/" + kind }

// LoadPass returns the latest pass over the kind; the zero Pass if there was none, or nobody can read what is there.
func LoadPass(ctx context.Context, c control.Control, kind string) (Pass, error) {
	data, err := c.LoadCheckpoint(ctx, checkpointName(kind))
	if err != nil {
		return Pass{}, fmt.Errorf("load the last pass's mark: %w", err)
	}
	var last Pass
	if json.Unmarshal(data, &last) != nil {
		return Pass{}, nil
	}
	return last, nil
}

// Save makes the pass the latest one over the kind.
func (p Pass) Save(ctx context.Context, c control.Control, kind string) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := c.SaveCheckpoint(ctx, checkpointName(kind), data); err != nil {
		return fmt.Errorf("save the pass's mark: %w", err)
	}
	return nil
}

// NoneSince reports whether no pass ran between the moments at which before and now were loaded. A pass that died without saying its end
// counts as one that runs.
func NoneSince(before, now Pass) bool {
	return before.Track == now.Track && (now.Track == "" || before.Ended && now.Ended)
}
