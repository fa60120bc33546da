package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

const (
	// maxShare is how many keys one worker claims at once, and ends at once.
	maxShare = 64
	// claimsHeld is how long a worker means to hold what it claims at once: a key under a claim is dirty again by each write.
	claimsHeld = 100 * time.Millisecond
	// claimsKept is how long it holds that while copies take longer than they did; it then gives back what it has not copied.
	claimsKept = 5 * claimsHeld
)

// share is how many keys the next worker claims: as many as can be copied while it may hold them, by how long copies took
// lately, and by the rate. It begins with one.
func (r *Reconciler) share() int {
	took := time.Duration(r.took.Load())
	if took == 0 {
		return 1
	}
	n := max(1, min(maxShare, int(claimsHeld/took)))
	if rate := r.pacer.Rate(); rate > 0 {
		n = max(1, min(n, int(rate*claimsHeld.Seconds())))
	}
	return n
}

// sample notes how long copies took, one by one.
func (r *Reconciler) sample(copies int, all time.Duration) {
	if copies > 0 {
		r.took.Store(int64(max(1, all/time.Duration(copies))))
	}
}

// copyAll copies keys of one worker. Where the journal can, it claims them in one call, and ends those that were copied in
// another. For each key the order is that of copy: the claim is there before the copy reads anything, and is given up after
// it wrote.
func (b *batch) copyAll(ctx context.Context, jobs []job) {
	r := b.reconciler
	claims, ok := r.migration.Journal().(journal.Claims)
	if !ok || len(jobs) == 1 || r.hooks.Off.CopyThenClear {
		for _, job := range jobs {
			if b.broken() != nil {
				return
			}
			began := time.Now()
			b.copy(ctx, job)
			r.sample(1, time.Since(began))
		}
		return
	}
	if ctx.Err() != nil {
		return
	}
	tokens, err := b.claim(ctx, claims, jobs)
	if err != nil {
		b.breakOff(fmt.Errorf("claim %d keys: %w", len(jobs), err))
		return
	}
	b.copyClaimed(ctx, jobs, tokens)
}

func (b *batch) claim(ctx context.Context, claims journal.Claims, jobs []job) ([]journal.Token, error) {
	ctx, cancel := b.claiming(ctx)
	defer cancel()
	keys := make([]journal.Key, len(jobs))
	for i, job := range jobs {
		keys[i] = job.entry.Key
	}
	return claims.BeginCopies(ctx, b.owner.ID(), keys, b.reconciler.config.Settle)
}

// claimed are keys and the tokens of their copies.
type claimed struct {
	keys   []journal.Key
	tokens []journal.Token
}

func (c *claimed) add(key journal.Key, token journal.Token) {
	c.keys, c.tokens = append(c.keys, key), append(c.tokens, token)
}

// copyClaimed copies the keys that were claimed, one after the other. A copy that failed is settled by itself.
func (b *batch) copyClaimed(ctx context.Context, jobs []job, tokens []journal.Token) {
	r := b.reconciler
	began, copies := time.Now(), 0
	var done, overlapped, rest claimed
	for i, job := range jobs {
		token, key := tokens[i], job.entry.Key
		if token == (journal.Token{}) {
			r.busy.Add(1)
			b.count(&b.busy, 1)
			continue
		}
		if !b.may(ctx) || copies > 0 && !r.hooks.Manual && time.Since(began) > claimsKept {
			rest.add(key, token)
			continue
		}
		err := b.copyUnderLease(ctx, job, token)
		copies++
		switch {
		case err == nil:
			done.add(key, token)
		case errors.Is(err, errOverlapped):
			overlapped.add(key, token)
		}
	}
	r.sample(copies, time.Since(began))
	b.endAll(ctx, done, true, &b.copied)
	b.endAll(ctx, overlapped, true, &b.busy)
	b.endAll(ctx, rest, false, nil)
}

// may reports whether the next copy may be made. An instance that is no longer admitted makes none, and breaks the pass off.
func (b *batch) may(ctx context.Context) bool {
	if ctx.Err() != nil || b.broken() != nil {
		return false
	}
	if err := b.reconciler.admitted(); err != nil { // since the pass began
		b.breakOff(err)
		return false
	}
	return true
}

// copyUnderLease makes one copy while the owner's lease lasts. What failed is settled here.
func (b *batch) copyUnderLease(ctx context.Context, job job, token journal.Token) error {
	ctx, cancel := b.owner.Context(ctx)
	defer cancel()
	err := b.outcome(ctx, job, token)
	if err != nil && !errors.Is(err, errOverlapped) {
		b.settle(ctx, job, token, err)
	}
	return err
}

// endAll gives tokens up in one call, and counts their keys. If one of the tokens was lost, all of the keys are in doubt: the
// journal does not tell which.
func (b *batch) endAll(ctx context.Context, c claimed, clean bool, counted *int) {
	if len(c.keys) == 0 {
		return
	}
	r := b.reconciler
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	err := r.migration.Journal().EndMany(ctx, c.keys, c.tokens, clean)
	switch {
	case errors.Is(err, journal.ErrTokenLost):
		r.busy.Add(int64(len(c.keys)))
		b.count(&b.busy, len(c.keys))
		if counted == nil { // nothing was copied
			return
		}
		for _, primary := range []phase.Store{phase.Old, phase.New} {
			if keys := c.of(primary); len(keys) > 0 {
				b.doubt(ctx, keys, primary)
			}
		}
	case err != nil:
		b.breakOff(fmt.Errorf("give up the claims on %d keys, among them %v: %w", len(c.keys), c.keys[0], err))
	case counted == &b.copied:
		r.copied.Add(int64(len(c.keys)))
		b.count(counted, len(c.keys))
	case counted == &b.busy:
		r.busy.Add(int64(len(c.keys)))
		b.count(counted, len(c.keys))
	}
}

// of are the keys with that primary.
func (c claimed) of(primary phase.Store) []journal.Key {
	var keys []journal.Key
	for i, token := range c.tokens {
		if token.Primary == primary {
			keys = append(keys, c.keys[i])
		}
	}
	return keys
}
