package ctl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// askGates is how often the gates are asked again.
const askGates = time.Second

// moveWhenReady makes a step once its gates are met, and gives up after patience with what is still in the way. What no waiting brings about
// is refused at once.
func (s *session) moveWhenReady(ctx context.Context, move func(context.Context, control.Step) (control.Record, error), step control.Step, patience time.Duration) error {
	deadline, told := time.Now().Add(patience), ""
	for {
		_, err := move(ctx, step)
		if errors.Is(err, control.ErrConflict) && step.To != 0 && ctx.Err() == nil {
			continue // somebody else has changed the record, and may have made this very step
		}
		var refusal *control.Refusal
		if !errors.As(err, &refusal) || !time.Now().Before(deadline) || slices.ContainsFunc(refusal.Unmet, forPeople) {
			return err
		}
		step.To = refusal.To // another operator who makes the step meanwhile makes this one too, and not the first of two
		if now := waitsFor(refusal); now != told && !s.dry {
			fmt.Fprintf(s.err, "waiting for %v: %s\n", refusal.To, now)
			told = now
		}
		if s.dry {
			return err
		}
		select {
		case <-time.After(askGates):
		case <-ctx.Done():
			return fmt.Errorf("the step to %v was not made: %w", refusal.To, ctx.Err())
		}
	}
}

// forPeople reports whether an obstacle stays until the operator says or does something else.
func forPeople(o control.Obstacle) bool {
	return o.Gate == control.GateConfirm || o.Gate == control.GateEnd || o.Gate == control.GateRecord
}

// waitsFor names the gates that are not met: their problems' figures change all the time.
func waitsFor(refusal *control.Refusal) string {
	var names []string
	for _, o := range refusal.Unmet {
		name := fmt.Sprint(o.Gate)
		for _, of := range []string{o.Kind, o.Instance} {
			if of != "" {
				name += " " + outlook.Line(of)
			}
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
