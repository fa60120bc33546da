package ctl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// postponed returns once the file is gone that keeps a step forward from being made, and makes it first where it is not there: a name that
// was mistyped postpones too. Meanwhile it asks the gates, and says what is in the way. A step that somebody else makes is this one. Where
// nobody can tell whether the file is there, it is.
func (s *session) postponed(ctx context.Context, file string, step *control.Step) error {
	if file == "" || s.dry {
		return nil
	}
	made, err := os.OpenFile(file, os.O_CREATE|os.O_RDONLY, 0o644)
	if err != nil {
		return fmt.Errorf("%w: --postpone: %w", errUsage, err)
	}
	if err := made.Close(); err != nil {
		return fmt.Errorf("--postpone: %w", err)
	}
	for told := ""; ; {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		now, err := s.inTheWay(ctx, step)
		switch {
		case errors.As(err, new(*control.Refusal)):
			return err
		case err != nil && ctx.Err() == nil:
			now = outlook.Line(err.Error()) // it may pass
		}
		if now != told {
			fmt.Fprintf(s.err, "postponed until %s is removed; %s\n", outlook.Line(file), now)
			told = now
		}
		select {
		case <-time.After(askGates):
		case <-ctx.Done():
			return fmt.Errorf("the step was postponed, and was not made: %w", ctx.Err())
		}
	}
}

// inTheWay says what is in the way of the step forward, and pins the phase that it leads to. What no waiting brings about is an error.
func (s *session) inTheWay(ctx context.Context, step *control.Step) (string, error) {
	trial := control.NewCoordinator(&dryControl{Control: s.control}, s.migration.Journal())
	record, err := trial.Advance(ctx, *step)
	var refusal *control.Refusal
	switch {
	case err == nil:
		step.To = record.Phase
		return fmt.Sprintf("nothing is in the way of %v", step.To), nil
	case !errors.As(err, &refusal) || slices.ContainsFunc(refusal.Unmet, forPeople):
		return "", err
	}
	step.To = refusal.To
	return fmt.Sprintf("in the way of %v: %s", step.To, waitsFor(refusal)), nil
}
