package verify

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/activity"
)

// here are the tracks of the passes that run in this process. A mark of this instance that names none of them is of a pass that
// could not say its end, since the control store did not answer then.
var here sync.Map

// running refuses to begin while another pass runs: one that has not ended, of an instance that is alive.
func (p *pass) running(ctx context.Context, last activity.Pass) error {
	if last.Track == "" || last.Ended || p.config.Takeover || p.config.off.running {
		return nil
	}
	if _, runs := here.Load(last.Track); last.Instance == p.migration.Instance() && !runs {
		return nil
	}
	instances, err := p.migration.Control().Instances(ctx)
	if err != nil {
		return fmt.Errorf("list the instances: %w", err)
	}
	for _, i := range instances {
		if i.Live && i.ID == last.Instance {
			return fmt.Errorf("%w: instance %s began it at %s; wait for it, or take over, and it issues no certificate",
				ErrRunning, i.ID, last.Started.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

// mayRun returns the latest pass, and refuses to begin while that runs.
func mayRun(ctx context.Context, p *pass) (last activity.Pass, err error) {
	if last, err = activity.LoadPass(ctx, p.migration.Control(), p.kind); err != nil {
		return last, err
	}
	return last, p.running(ctx, last)
}

// track makes the journal remember which keys are written, and ends the memory of a pass that died. One that lives, and was
// taken over, finds out at its end.
func (p *pass) track(ctx context.Context, last activity.Pass) (err error) {
	j := p.migration.Journal()
	began := activity.Pass{Track: p.id, Instance: p.migration.Instance(), Started: time.Now().UTC()}
	if err := began.Save(ctx, p.migration.Control(), p.kind); err != nil {
		return err
	}
	if last.Track != "" {
		if err := j.Untrack(ctx, last.Track); err != nil {
			return fmt.Errorf("untrack the last pass: %w", err)
		}
	}
	if p.incarnation, err = j.Incarnation(ctx); err != nil {
		return fmt.Errorf("read the journal's incarnation: %w", err)
	}
	if p.since, err = j.Track(ctx, p.id); err != nil {
		return fmt.Errorf("track: %w", err)
	}
	return nil
}

// untrack ends the pass's memory in the journal, and says in its mark that it is over.
func (p *pass) untrack(ctx context.Context) {
	defer here.Delete(p.id)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// What stays behind is ended by the next pass.
	if err := p.migration.Journal().Untrack(ctx, p.id); err != nil {
		p.log.WarnContext(ctx, "untrack failed", "error", err)
	}
	last, err := activity.LoadPass(ctx, p.migration.Control(), p.kind)
	if err == nil && last.Track == p.id {
		last.Ended = true
		err = last.Save(ctx, p.migration.Control(), p.kind)
	}
	if err != nil {
		p.log.WarnContext(ctx, "the pass's end is not known to others, until this process ends", "error", err)
	}
}
