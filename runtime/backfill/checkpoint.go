package backfill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// checkpoint is saved before a chunk is written. Everything before Cursor is copied, and every key that was written while
// it was copied is marked; of the chunk after Cursor nothing is known but that it began after S0.
type checkpoint struct {
	Epoch       uint64      `json:"epoch"` // the record's MirroredSince: of another value, the checkpoint is void
	From        phase.Store `json:"from"`
	Incarnation string      `json:"incarnation"` // of the journal: S0 means nothing to another
	S0          journal.Seq `json:"s0"`
	// Pass is the latest verify pass before S0.
	Pass     activity.Pass `json:"pass,omitzero"`
	Since    time.Time     `json:"since,omitzero"` // see Config.Since
	Cursor   string        `json:"cursor"`
	Copied   int64         `json:"copied"`             // up to Cursor
	Same     int64         `json:"same,omitempty"`     // of those: were in the mirror already, just as they are
	Repeated int64         `json:"repeated,omitempty"` // up to Cursor: were listed once more
	Failed   int64         `json:"failed"`             // up to Cursor: marked dirty instead
	// Within is what was done of a long page after Cursor, for people: a run that resumes looks at the page again.
	Within  counts    `json:"within,omitzero"`
	Ended   bool      `json:"ended,omitempty"` // there is no page after Cursor
	Started time.Time `json:"started"`
	Saved   time.Time `json:"saved"`
	// Beat grows while the holder lives, however long a chunk takes.
	Beat uint64 `json:"beat"`
	// Lease is the holder's: without a sign of life it goes on for so long.
	Lease time.Duration `json:"lease,omitempty"`
}

// counts says what became of rows.
type counts struct {
	Copied   int64 `json:"copied"`
	Same     int64 `json:"same"`
	Repeated int64 `json:"repeated"`
	Failed   int64 `json:"failed"`
}

func (c counts) add(d counts) counts {
	return counts{c.Copied + d.Copied, c.Same + d.Same, c.Repeated + d.Repeated, c.Failed + d.Failed}
}

// add returns the checkpoint with the counts of more rows.
func (p checkpoint) add(c counts) checkpoint {
	sum := counts{p.Copied, p.Same, p.Repeated, p.Failed}.add(c)
	p.Copied, p.Same, p.Repeated, p.Failed = sum.Copied, sum.Same, sum.Repeated, sum.Failed
	return p
}

// checkpointName is a name of one holder's own: a holder that lost the backfill and does not know it yet cannot spoil the
// checkpoint of the next one. Fences begin anew with each stretch of mirrored phases.
func checkpointName(kind string, epoch, fence uint64) string {
	return fmt.Sprintf("backfill/%s/%d/%d", kind, epoch, fence)
}

// rangeName is checkpointName of a holder of a range.
func rangeName(kind string, b control.Backfill, index int, fence uint64) string {
	return fmt.Sprintf("%s/%d/%d", checkpointName(kind, b.Epoch, b.Fence), index, fence)
}

// heldNames are the names of the checkpoints of those who have the backfill, or ranges of it.
func heldNames(kind string, b control.Backfill) (names []string) {
	if len(b.Ranges) == 0 {
		return []string{checkpointName(kind, b.Epoch, b.Fence)}
	}
	for i, r := range b.Ranges {
		if ranges.Held(r) {
			names = append(names, rangeName(kind, b, i, r.Fence))
		}
	}
	return names
}

// loadCheckpoint returns the checkpoint of a fence, or of the last one before it that left any, or nil.
func loadCheckpoint(ctx context.Context, c control.Control, kind string, epoch, fence uint64) (*checkpoint, error) {
	return lastCheckpoint(ctx, c, fence, func(fence uint64) string { return checkpointName(kind, epoch, fence) })
}

func lastCheckpoint(ctx context.Context, c control.Control, fence uint64, name func(uint64) string) (*checkpoint, error) {
	for ; fence > 0; fence-- {
		data, err := c.LoadCheckpoint(ctx, name(fence))
		if err != nil {
			return nil, fmt.Errorf("load the checkpoint %s: %w", name(fence), err)
		}
		if data != nil {
			return parseCheckpoint(name(fence), data)
		}
	}
	return nil, nil
}

var errDamaged = errors.New("is damaged; start over with Restart")

// parseCheckpoint returns nil for what was never saved.
func parseCheckpoint(name string, data []byte) (*checkpoint, error) {
	if data == nil {
		return nil, nil
	}
	var p checkpoint
	if err := json.Unmarshal(data, &p); err != nil {
		return nil, fmt.Errorf("the checkpoint %s %w: %w", name, errDamaged, err)
	}
	return &p, nil
}

// Progress is how far a backfill is. It is derived from the checkpoint, so a restart does not set it back.
type Progress struct {
	Kind     string
	From     phase.Store // the store that is read
	Copied   int64       // entities that the mirror accepted, and of those that were looked at, has just as they are
	Same     int64       // those of them that were there already, and were not written
	Repeated int64       // entities that were listed once more, and are counted once
	Failed   int64       // entities that could not be written and were marked dirty
	Cursor   string      // where the present chunk begins, in the scan's own terms
	Complete bool
	Since    time.Time // only what was stored then or later is copied; zero for all
	Void     bool      // it belongs to an earlier stretch of mirrored phases, and counts for nothing
	Holder   string    // who runs it; empty if nobody does, or if the last run was stopped in order
	Started  time.Time // zero before the first run
	Saved    time.Time // of the last checkpoint or heartbeat
	// Ranges are how many the kind is divided into, 0 where it is copied whole; Done, how many of them are. By says which process did
	// what of them.
	Ranges, Done int
	By           []Worker
}

// Worker is a process's part of a kind that is copied in ranges.
type Worker struct {
	Holder string
	Done   int       // ranges
	Holds  int       // ranges that it copies now, or copied when it died
	Copied int64     // of all these
	Saved  time.Time // of its last checkpoint or heartbeat; zero where it holds none
}

// Status reads the progress of a kind's backfill. It touches no store.
func Status(ctx context.Context, c control.Control, kind string) (Progress, error) {
	record, err := c.Load(ctx)
	if err != nil {
		return Progress{}, fmt.Errorf("load the flag record: %w", err)
	}
	b, known := record.Backfills[kind]
	if !known {
		return Progress{Kind: kind}, nil
	}
	progress := Progress{
		Kind: kind, From: b.From, Copied: b.Copied, Complete: b.Complete, Since: b.Since,
		Void: b.Epoch != record.MirroredSince, Holder: b.Holder,
	}
	if len(b.Ranges) > 0 {
		return progress, progress.divided(ctx, c, b)
	}
	p, err := loadCheckpoint(ctx, c, kind, b.Epoch, b.Fence)
	if err != nil || p == nil {
		return progress, err
	}
	progress.Started, progress.Saved = p.Started, p.Saved
	if p.Epoch == b.Epoch && p.From == b.From {
		sum := p.add(p.Within)
		progress.Copied, progress.Same, progress.Repeated = sum.Copied, sum.Same, sum.Repeated
		progress.Failed, progress.Cursor = sum.Failed, p.Cursor
	}
	return progress, nil
}
