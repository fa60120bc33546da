package backfill

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
	"github.com/dualgen/dualgen/runtime/phase"
)

// holder has the backfill of one kind, until somebody else takes it. Taking it is a compare-and-swap on the flag record
// that raises the fence; whoever finds a greater fence than his own has lost it.
type holder struct {
	control control.Control
	config  Config
	hooks   hooks.Hooks
	kind    string
	id      string
	fence   uint64
	epoch   uint64      // the record's MirroredSince
	from    phase.Store // the record's primary
	resume  *checkpoint // where an earlier run was; nil to begin at the start
	left    *checkpoint // of an earlier run that is not resumed, and whose last page may have to be copied again; nil for none
	others  *sharing
	claim   *ranges.Claim // on a range; nil where the kind is copied whole
	track   uint64        // of what the journal remembers for the backfill
	after   string        // the ID of the key after which the range begins
	next    []string      // those of the ranges behind it

	stop context.CancelFunc
	done chan struct{}

	saving sync.Mutex // one save at a time
	point  checkpoint // as saved last

	mu    sync.Mutex
	alive time.Time // when the last save that succeeded began
	lives []lifeline
}

// errComplete says that there is nothing to take, errDivided that the kind is taken range by range.
var (
	errComplete = errors.New("complete")
	errDivided  = errors.New("divided")
)

// take waits until no other holder is alive, and takes the backfill. With errComplete, the holder says only what the journal remembers.
func take(ctx context.Context, c control.Control, kind string, config Config) (*holder, error) {
	h := newHolder(c, kind, config, config.Holder+"-"+rand.Text()[:10])
	waitedFor := uint64(0)
	for {
		current, err := h.ready(ctx)
		if err != nil {
			return nil, err
		}
		b := current.Backfills[kind]
		if stands(b, current) && !b.Complete && len(b.Ranges) > 0 && !h.config.Restart {
			return nil, errDivided
		}
		if b.Complete && stands(b, current) && !h.config.Restart {
			if b.Since.IsZero() || b.Since.Equal(config.Since) {
				h.track = b.Track
				return h, errComplete
			}
			h.config.Restart = true // it copied what is younger than another time
		}
		if b.Holder != "" && b.Fence != waitedFor && !h.hooks.Off.NoTakeoverWait {
			if err := h.waitOut(ctx, b); err != nil {
				return nil, err
			}
			waitedFor = b.Fence
			continue
		}
		taken, err := h.swapIn(ctx, current, b.Fence)
		if err != nil {
			return nil, err
		}
		if taken {
			return h, h.loadResume(ctx, b)
		}
	}
}

func newHolder(c control.Control, kind string, config Config, id string) *holder {
	return &holder{control: c, config: config, hooks: hooks.Or(config.Hooks), kind: kind, id: id, others: new(sharing), done: make(chan struct{})}
}

// stands reports whether a backfill is one of the present stretch of mirrored phases, and in its direction.
func stands(b control.Backfill, current control.Record) bool {
	return b.Fence > 0 && b.Epoch == current.MirroredSince && b.From == current.Phase.Primary()
}

// ready checks that a backfill may run: the fleet writes both stores, and the one to be copied from decides.
func (h *holder) ready(ctx context.Context) (control.Record, error) {
	current, err := control.Settled(ctx, h.control)
	var refusal *control.Refusal
	switch {
	case errors.As(err, &refusal):
		return current, fmt.Errorf("%w: %w", ErrNotReady, err)
	case err != nil:
		return current, fmt.Errorf("look at the fleet: %w", err)
	case current.Phase != phase.OldPrimary && current.Phase != phase.NewPrimary:
		return current, fmt.Errorf("%w: the phase is %v; go to OldPrimary to copy old to new, or to NewPrimary to copy new to old",
			ErrNotReady, current.Phase)
	case current.Phase.Primary() != current.MirroredFrom:
		// It would also replace the record of the backfill that the way back asks for.
		return current, fmt.Errorf("%w: the fleet came from the %v store and has written both since, so that nothing is owed from %v to %v; verify with repair finds what differs all the same",
			ErrNotReady, current.MirroredFrom, current.Phase.Primary(), current.MirroredFrom)
	}
	return current, nil
}

// errOvertaken says that the backfill changed while it was being taken.
var errOvertaken = errors.New("overtaken")

// swapIn raises the fence, if the backfill is still as it was in current. It returns false if it is not.
func (h *holder) swapIn(ctx context.Context, current control.Record, fence uint64) (bool, error) {
	h.alive = h.hooks.Now()
	_, err := control.Update(ctx, h.control, func(next *control.Record) error {
		b := next.Backfills[h.kind]
		if b.Fence != fence || next.Phase != current.Phase || next.MirroredSince != current.MirroredSince {
			return errOvertaken
		}
		if next.Backfills == nil {
			next.Backfills = make(map[string]control.Backfill)
		}
		next.By = h.id
		taken := control.Backfill{
			Epoch: next.MirroredSince, From: next.Phase.Primary(), Fence: fence + 1, Holder: h.id, Since: h.config.Since, Track: fence + 1,
		}
		if !h.config.Restart && b.Epoch == next.MirroredSince && b.From == next.Phase.Primary() {
			taken.Copied, taken.Track = b.Copied, b.Track
		}
		h.track = taken.Track
		next.Backfills[h.kind] = taken
		return nil
	})
	if errors.Is(err, errOvertaken) {
		return false, nil
	}
	h.fence, h.epoch, h.from = fence+1, current.MirroredSince, current.Phase.Primary()
	return err == nil, err
}

// save stores the checkpoint, which is also a sign of life, and keeps giving those from the first time on.
func (h *holder) save(ctx context.Context, p checkpoint) error {
	h.saving.Lock()
	defer h.saving.Unlock()
	if err := h.store(ctx, p); err != nil {
		return err
	}
	if h.stop == nil && !h.hooks.Manual {
		ctx, h.stop = context.WithCancel(context.WithoutCancel(ctx))
		go h.beat(ctx)
	}
	return nil
}

// beat gives signs of life until stop, by storing the present checkpoint again. A failure is tried again at the next
// tick; nothing is written to the mirror once the lease has lapsed.
func (h *holder) beat(ctx context.Context) {
	defer close(h.done)
	tick := time.NewTicker(h.config.Lease / 3)
	defer tick.Stop()
	for h.countOthers(ctx); ; h.countOthers(ctx) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if h.lapsed() {
			return
		}
		h.saving.Lock()
		beatCtx, cancel := context.WithTimeout(ctx, h.config.Lease/3)
		_ = h.store(beatCtx, h.point)
		cancel()
		h.saving.Unlock()
	}
}

// store writes p under h.saving.
func (h *holder) store(ctx context.Context, p checkpoint) error {
	p.Beat = h.point.Beat + 1
	p.Saved = time.Now().UTC()
	p.Lease = h.config.Lease
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	asked := h.hooks.Now()
	if err := h.control.SaveCheckpoint(ctx, h.name(h.fence), data); err != nil {
		return fmt.Errorf("save the checkpoint of %s: %w", h.kind, err)
	}
	h.point = p
	h.mu.Lock()
	defer h.mu.Unlock()
	h.alive = asked
	for _, life := range h.lives {
		life.timer.Reset(h.config.Lease - h.hooks.Now().Sub(asked))
	}
	return nil
}

// lifeline ends a context when the lease runs out. Each sign of life puts it off.
type lifeline struct {
	timer *time.Timer
	end   context.CancelFunc
}

// lapsed reports whether somebody else may have taken over for want of a sign of life.
func (h *holder) lapsed() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.hooks.Off.NoFence && h.hooks.Now().Sub(h.alive) >= h.config.Lease
}

// lease ends when the holder may have been taken for dead, however often it gives a sign of life until then.
func (h *holder) lease(ctx context.Context) (context.Context, context.CancelFunc) {
	if h.hooks.Off.NoFence {
		return context.WithCancel(ctx)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	left := h.config.Lease - h.hooks.Now().Sub(h.alive)
	if h.hooks.Manual {
		return context.WithTimeout(ctx, left)
	}
	ctx, cancel := context.WithCancel(ctx)
	life := lifeline{time.AfterFunc(left, cancel), cancel}
	h.lives = append(h.lives, life)
	return ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		life.timer.Stop()
		cancel()
		h.lives = slices.DeleteFunc(h.lives, func(l lifeline) bool { return l.timer == life.timer })
	}
}

// check returns ErrFenced if somebody else has the backfill now, and ErrNotReady if the fleet left the phase.
func (h *holder) check(ctx context.Context) error {
	current, err := h.control.Load(ctx)
	if err != nil {
		return fmt.Errorf("load the flag record: %w", err)
	}
	return h.checkRecord(current)
}

func (h *holder) checkRecord(current control.Record) error {
	if by, has := h.has(current); !has && !h.hooks.Off.NoFence {
		return fmt.Errorf("%w: by %s", ErrFenced, by)
	}
	if current.MirroredSince != h.epoch || current.Phase != phase.OldPrimary && current.Phase != phase.NewPrimary ||
		current.Phase.Primary() != h.from {
		return fmt.Errorf("%w: the phase is %v now", ErrNotReady, current.Phase)
	}
	return nil
}

// finish stores the outcome in the record, lets go of what was taken, and reports whether the whole kind is complete.
func (h *holder) finish(ctx context.Context, point checkpoint, done bool) (complete bool, err error) {
	record, err := control.Update(ctx, h.control, func(next *control.Record) error {
		err := h.checkRecord(*next)
		if errors.Is(err, ErrFenced) || done && err != nil {
			return err
		}
		if h.claim != nil {
			h.claim.End(next, control.Range{Done: done, Copied: point.Copied, Same: point.Same, Repeated: point.Repeated, Failed: point.Failed},
				h.hooks.Off.AnyRangeCompletes)
			return nil
		}
		b := next.Backfills[h.kind]
		next.By = h.id
		b.Copied, b.Complete, b.Holder = point.Copied, done, ""
		next.Backfills[h.kind] = b
		return nil
	})
	return record.Backfills[h.kind].Complete, err
}

// close ends the signs of life.
func (h *holder) close() {
	if h.stop != nil {
		h.stop()
		<-h.done
	}
}
