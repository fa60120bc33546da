package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// choresEvery is how often Renew has the chores done, and tidyEvery how often what dead processes have left is among them.
	choresEvery = time.Second
	tidyEvery   = 10 * time.Second
	// tidyAtOnce is how many rows of the listing one round of chores looks after.
	tidyAtOnce = 256
	// logAtOnce is how many partitions of a log one round drops: after days of a backfill that tracked there are many.
	logAtOnce = 256
)

// chores are what a process does now and then: nobody waits for them.
type chores struct {
	mu     sync.Mutex
	last   time.Time
	others time.Time // when what dead processes have left was tidied last
	doing  bool
	err    error
}

// due has the chores done behind the caller's back, if it is time, and returns what went wrong the last time.
func (c *chores) due(behind *sync.WaitGroup, do func(ctx context.Context, others bool) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.err
	c.err = nil
	if c.doing || time.Since(c.last) < choresEvery {
		return err
	}
	others := time.Since(c.others) >= tidyEvery
	c.doing, c.last = true, time.Now()
	if others {
		c.others = c.last
	}
	behind.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), behindTimeout)
		defer cancel()
		err := do(ctx, others)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.doing, c.err = false, err
	})
	return err
}

// doChores tells the others how far this process is, takes away what failed calls left, and forgets what nobody needs. Each chore
// is bounded, and what is left over is there the next time.
func (j *Journal) doChores(ctx context.Context, others bool) error {
	errs := []error{j.tellAll(ctx), j.payDebts(ctx), j.tidySome(ctx), j.dropBuckets(ctx), j.sweepLog(ctx), j.dropLeases(ctx)}
	if others {
		errs = append(errs, j.tidyOthers(ctx))
	}
	return errors.Join(errs...)
}

// tellAll saves the process' row, if it has one.
func (j *Journal) tellAll(ctx context.Context) error {
	p := j.process
	p.telling.Lock()
	defer p.telling.Unlock()
	p.mu.Lock()
	silent := p.ceiling == 0
	p.mu.Unlock()
	if silent {
		return nil
	}
	return cqlTable{j}.saveProcess(ctx, func(s *story) { s.keeps = p.needs() })
}

// payDebts takes away the tokens that calls with an unknown outcome may have left.
func (j *Journal) payDebts(ctx context.Context) error {
	p := j.process
	p.mu.Lock()
	debts := p.debts
	p.debts = nil
	p.mu.Unlock()
	var errs error
	for _, d := range debts {
		paid, err := j.pay(ctx, d)
		errs = errors.Join(errs, err)
		if paid {
			p.drop(d.token.ID)
			continue
		}
		p.mu.Lock()
		p.debts = append(p.debts, d)
		p.mu.Unlock()
	}
	return errs
}

// pay reports whether a debt's token is gone for good.
func (j *Journal) pay(ctx context.Context, d debt) (bool, error) {
	found := false
	_, err := j.change(ctx, "take a stray token away", d.key, func(e *entry) error {
		if _, found = e.body.remove(d.token.ID); !found {
			return errKeep
		}
		e.body.Dirty = true
		e.touch(j.process.sequence())
		return nil
	})
	return err == nil && (found || time.Now().After(d.until)), err
}

// tidySome looks after rows of the listing that may be nobody's.
func (j *Journal) tidySome(ctx context.Context) error {
	strays := j.process.takeStrays(tidyAtOnce)
	return j.turns.together(len(strays), func(i int) error {
		err := j.tidy(ctx, strays[i])
		if err != nil {
			j.process.stray(strays[i].key, strays[i].at)
		}
		return err
	})
}

// sweepLog forgets the log of calls that have ended, but what somebody needs. The position is taken before that is looked at; see
// Track.
func (j *Journal) sweepLog(ctx context.Context) error {
	low := j.process.position().low()
	j.process.mu.Lock()
	swept := j.process.swept
	j.process.mu.Unlock()
	if swept >= low/bucketSize {
		return nil
	}
	low, err := j.needed(ctx, low)
	if err != nil {
		return err
	}
	if swept >= low/bucketSize {
		return nil
	}
	if swept, err = j.dropLog(ctx, j.process.id, swept, low/bucketSize); err != nil {
		return err
	}
	j.process.mu.Lock()
	j.process.swept = swept
	j.process.mu.Unlock()
	return nil
}

// dropLog deletes partitions of a process' log, from one on and below another, so many at once, and returns how far it came.
func (j *Journal) dropLog(ctx context.Context, process, from, to int64) (int64, error) {
	to = min(to, from+logAtOnce)
	err := j.turns.together(int(max(0, to-from)), func(i int) error {
		return j.query(ctx, `DELETE FROM {log} WHERE migration = ? AND process = ? AND bucket = ?`, j.options.Migration, process, from+int64(i)).Exec()
	})
	if err != nil {
		return from, fmt.Errorf("cqlcontrol: sweep the log: %w", err)
	}
	return max(from, to), nil
}
