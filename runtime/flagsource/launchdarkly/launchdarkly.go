// Package launchdarkly reads the desired phase of a migration from a LaunchDarkly flag: a string flag whose variations are phases, or
// a migration flag, whose stages flagsource.LaunchDarkly maps. See package flagsource.
package launchdarkly

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/launchdarkly/go-sdk-common/v3/ldcontext"
	"github.com/launchdarkly/go-sdk-common/v3/ldreason"
	ld "github.com/launchdarkly/go-server-sdk/v7"
	"github.com/launchdarkly/go-server-sdk/v7/interfaces"

	"github.com/dualgen/dualgen/runtime/flagsource"
)

// Config is what a Source needs to know.
type Config struct {
	// Client evaluates the flags. It must be set.
	Client *ld.LDClient
	// Flag is the key of a string flag or a migration flag. It must be set.
	Flag string
	// Confirm is the key of a boolean flag that confirms the step to NewOnly. Defaults to none: the step is never made.
	Confirm string
	// Context is the evaluation context. All instances must give the same. Defaults to the anonymous context "dualgen".
	Context ldcontext.Context
}

// Source is a flag of LaunchDarkly.
type Source struct {
	config  Config
	flags   <-chan interfaces.FlagChangeEvent
	states  <-chan interfaces.DataSourceStatus
	changes chan struct{}
	done    chan struct{}
	ended   sync.WaitGroup
}

// New returns the flag as a source. It listens for changes until Close.
func New(config Config) (*Source, error) {
	if config.Client == nil || config.Flag == "" {
		return nil, errors.New("dualgen: launchdarkly.Config needs Client and Flag")
	}
	if !config.Context.IsDefined() {
		config.Context = ldcontext.NewBuilder("dualgen").Anonymous(true).Build()
	}
	if err := config.Context.Err(); err != nil {
		return nil, fmt.Errorf("dualgen: the context of launchdarkly.Config: %w", err)
	}
	s := &Source{
		config:  config,
		flags:   config.Client.GetFlagTracker().AddFlagChangeListener(),
		states:  config.Client.GetDataSourceStatusProvider().AddStatusListener(),
		changes: make(chan struct{}, 1),
		done:    make(chan struct{}),
	}
	s.ended.Go(s.listen)
	return s, nil
}

// listen takes every event, since events that pile up block the client, and keeps one wake waiting.
func (s *Source) listen() {
	flags, states := s.flags, s.states
	for {
		var open bool
		select {
		case <-s.done:
			return
		case _, open = <-flags:
			if !open {
				flags = nil
			}
		case _, open = <-states:
			if !open {
				states = nil
			}
		}
		if !open {
			continue
		}
		select {
		case s.changes <- struct{}{}:
		default:
		}
	}
}

// Close stops listening. It does not close the client.
func (s *Source) Close() {
	s.config.Client.GetFlagTracker().RemoveFlagChangeListener(s.flags)
	s.config.Client.GetDataSourceStatusProvider().RemoveStatusListener(s.states)
	close(s.done)
	s.ended.Wait()
}

// Changes is sent a value after any flag, or the connection to LaunchDarkly, changed.
func (s *Source) Changes() <-chan struct{} { return s.changes }

// Desired evaluates the flag. Its answer is certain if the client's data is current, and a person's choice led to the value: the
// targeting is off, the default rule, a rule or a target. A prerequisite that failed is the choice of whoever set another flag.
func (s *Source) Desired(context.Context) (flagsource.Answer, error) {
	state := s.config.Client.GetDataSourceStatusProvider().GetStatus().State
	text, detail, err := s.config.Client.StringVariationDetail(s.config.Flag, s.config.Context, "")
	if err != nil {
		return flagsource.Answer{}, fmt.Errorf("flag %s, data source %s: %w", s.config.Flag, state, err)
	}
	answer := flagsource.Answer{Text: text, Certain: certain(state, detail), Why: why(s.config.Flag, state, detail)}
	if s.config.Confirm == "" {
		return answer, nil
	}
	confirmed, detail, err := s.config.Client.BoolVariationDetail(s.config.Confirm, s.config.Context, false)
	if err != nil {
		answer.Why += fmt.Sprintf("; flag %s: %v", s.config.Confirm, err)
		return answer, nil // the first flag is certain without the second
	}
	answer.Confirmed = confirmed && certain(state, detail)
	if confirmed && !answer.Confirmed {
		answer.Why += "; " + why(s.config.Confirm, state, detail)
	}
	return answer, nil
}

func certain(state interfaces.DataSourceState, detail ldreason.EvaluationDetail) bool {
	if state != interfaces.DataSourceStateValid || detail.IsDefaultValue() {
		return false
	}
	switch detail.Reason.GetKind() {
	case ldreason.EvalReasonOff, ldreason.EvalReasonFallthrough, ldreason.EvalReasonRuleMatch, ldreason.EvalReasonTargetMatch:
		return !detail.Reason.IsInExperiment()
	}
	return false
}

func why(flag string, state interfaces.DataSourceState, detail ldreason.EvaluationDetail) string {
	return fmt.Sprintf("flag %s: %s, data source %s", flag, detail.Reason, state)
}
