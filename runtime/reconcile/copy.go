package reconcile

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// batch is the copies of one pass, under one owner.
type batch struct {
	reconciler *Reconciler
	owner      *owner.Owner

	mu                   sync.Mutex
	copied, failed, busy int
	err                  error // of the journal; ends the pass
}

func (b *batch) broken() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

func (b *batch) breakOff(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err = err
	}
}

func (b *batch) count(one *int, n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	*one += n
}

// atOnce copies the keys with a bounded number of workers, and returns when all have ended.
func (b *batch) atOnce(ctx context.Context, jobs []job) {
	slots := make(chan struct{}, b.reconciler.config.Workers)
	var workers sync.WaitGroup
	defer workers.Wait()
	for len(jobs) > 0 {
		n := min(len(jobs), b.reconciler.share())
		some := jobs[:n]
		jobs = jobs[n:]
		if b.broken() != nil || b.reconciler.pacer.Wait(ctx, n) != nil {
			return
		}
		slots <- struct{}{}
		workers.Go(func() {
			defer func() { <-slots }()
			b.copyAll(ctx, some)
		})
	}
}

// inTurn copies one key after another on the caller's goroutine, for a test that schedules the steps itself.
func (b *batch) inTurn(ctx context.Context, jobs []job) {
	for some := range slices.Chunk(jobs, maxShare) {
		if b.broken() != nil {
			return
		}
		b.copyAll(ctx, some)
	}
}

// copy copies one key. The token is taken before the copy reads anything and given up after it wrote: a writer that
// comes in between finds it and leaves the key dirty.
func (b *batch) copy(ctx context.Context, job job) {
	r, key := b.reconciler, job.entry.Key
	if ctx.Err() != nil {
		return
	}
	ctx, cancel := b.owner.Context(ctx)
	defer cancel()
	if r.hooks.Off.CopyThenClear {
		b.copyThenClear(ctx, job)
		return
	}
	token, ok, err := b.claimOne(ctx, key)
	if err != nil {
		b.breakOff(fmt.Errorf("claim %v: %w", key, err))
		return
	}
	if !ok {
		r.busy.Add(1)
		b.count(&b.busy, 1)
		return
	}
	if err := r.admitted(); err != nil { // since the pass began
		b.breakOff(err)
		b.leave(ctx, key, token)
		return
	}
	b.settle(ctx, job, token, b.outcome(ctx, job, token))
}

// claiming outlives the pass by a moment: a claim that is broken off may be held all the same, and then keeps everybody from the key
// until the lease has run out.
func (b *batch) claiming(ctx context.Context) (context.Context, context.CancelFunc) {
	leased, cancel := b.owner.Context(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(endTimeout, cancel) })
	return leased, func() {
		stop()
		cancel()
	}
}

func (b *batch) claimOne(ctx context.Context, key dual.Key) (journal.Token, bool, error) {
	ctx, cancel := b.claiming(ctx)
	defer cancel()
	return b.reconciler.migration.Journal().BeginCopy(ctx, b.owner.ID(), key, b.reconciler.config.Settle)
}

// outcome makes the copy, and says errOverlapped where it is not there because of a call beside it. A copy that outlived the instance's lease
// counts for nothing: the stores may have been proved equal meanwhile, by a build that knows other fields.
func (b *batch) outcome(ctx context.Context, job job, token journal.Token) error {
	err := b.run(ctx, job, token)
	if errors.Is(err, dual.ErrNotCopied) && b.overlapped(ctx, job.entry.Key) {
		return errOverlapped
	}
	if lost := owner.Admitted(b.reconciler.migration); err == nil && lost != nil {
		return fmt.Errorf("%w: %w", errOutlived, lost)
	}
	return err
}

// leave gives up the claim on a key that was not touched. A claim that cannot be given up ends with the owner's lease.
func (b *batch) leave(ctx context.Context, key journal.Key, token journal.Token) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	_ = b.reconciler.migration.Journal().End(ctx, key, token, false)
}

// errOverlapped: a call on the key ran beside the copy. The key is dirty again by that, and the copy has not failed.
var errOverlapped = errors.New("the key was written during the copy")

// errOutlived: the instance's lease ran out during the copy, which is made again. That is no failed attempt.
var errOutlived = errors.New("the instance was no longer counted on when the copy ended")

// overlapped reports whether a call took a token on the key since the copy began.
func (b *batch) overlapped(ctx context.Context, key journal.Key) bool {
	entry, unclean, err := b.reconciler.migration.Journal().Lookup(ctx, key)
	return err == nil && unclean && entry.Dirty && entry.Key == key
}

// run makes the copy. A panic of a store or of a conversion is the copy's failure.
func (b *batch) run(ctx context.Context, job job, token journal.Token) (err error) {
	r := b.reconciler
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	began := time.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		r.pacer.Observe(time.Since(began), err)
	}()
	from := token.Primary
	if r.hooks.Off.CopyFromPhase {
		from = r.migration.Phase().Primary()
	}
	return job.copier.Copy(ctx, job.entry.Key, from)
}

// endTimeout bounds the journal calls that end a copy; they outlive the caller's context.
const endTimeout = 5 * time.Second

// settle gives the token up. A copy that was cut off by the end of Run is no failed attempt: the key is dirty again.
func (b *batch) settle(ctx context.Context, job job, token journal.Token, copyErr error) {
	r, key := b.reconciler, job.entry.Key
	stopped := errors.Is(ctx.Err(), context.Canceled) || errors.Is(copyErr, errOutlived)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	var err error
	switch {
	case copyErr == nil, errors.Is(copyErr, errOverlapped): // an overlap leaves it dirty
		err = r.migration.Journal().End(ctx, key, token, true)
	case stopped:
		err = r.migration.Journal().End(ctx, key, token, false)
	default:
		err = r.migration.Journal().Fail(ctx, key, token, copyErr.Error(), max(r.config.QuarantineAfter, 0))
	}
	switch {
	case errors.Is(err, journal.ErrTokenLost):
		r.busy.Add(1)
		b.count(&b.busy, 1)
		b.doubt(ctx, []journal.Key{key}, token.Primary)
	case err != nil:
		b.breakOff(fmt.Errorf("give up the claim on %v: %w", key, err))
	case copyErr == nil:
		r.copied.Add(1)
		b.count(&b.copied, 1)
	case errors.Is(copyErr, errOverlapped):
		r.busy.Add(1)
		b.count(&b.busy, 1)
	case !stopped:
		b.failedCopy(ctx, job, copyErr)
	}
}

// doubt marks keys whose tokens may have been taken away during the copy: what the copy wrote may have come after what others
// wrote. The store that it read is the one that is right, as long as both are written.
func (b *batch) doubt(ctx context.Context, keys []journal.Key, primary phase.Store) {
	r := b.reconciler
	if !r.migration.Phase().Mirrored() {
		return
	}
	if err := r.migration.Journal().MarkDirty(ctx, keys, primary); err != nil {
		b.breakOff(fmt.Errorf("mark %d keys, among them %v, whose claims may be lost: %w", len(keys), keys[0], err))
	}
}

func (b *batch) failedCopy(ctx context.Context, job job, err error) {
	r, attempts := b.reconciler, job.entry.Attempts+1
	r.failed.Add(1)
	b.count(&b.failed, 1)
	if r.config.QuarantineAfter > 0 && attempts >= r.config.QuarantineAfter {
		r.quarantined.Add(1)
		r.log.ErrorContext(ctx, "key quarantined: it is no longer retried and blocks advancing",
			"key", job.entry.Key.String(), "attempts", attempts, "error", err)
		return
	}
	r.log.WarnContext(ctx, "copy failed; it will be retried",
		"key", job.entry.Key.String(), "attempts", attempts, "retry_in", r.config.Settle+r.config.backoff(attempts), "error", err)
}

// copyThenClear is the order that loses a mark: a write that overlaps with the copy and fails leaves its mark, and the
// copy wipes it out. It is here for the test that shows it.
func (b *batch) copyThenClear(ctx context.Context, job job) {
	r := b.reconciler
	err := b.run(ctx, job, journal.Token{Primary: job.entry.Primary})
	if err != nil {
		return
	}
	token, ok, err := r.migration.Journal().BeginCopy(ctx, b.owner.ID(), job.entry.Key, 0)
	if err == nil && ok {
		b.settle(ctx, job, token, nil)
	}
}
