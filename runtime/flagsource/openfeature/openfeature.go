// Package openfeature reads the desired phase of a migration from a flag of any OpenFeature provider. See package flagsource.
package openfeature

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/dualgen/dualgen/runtime/flagsource"
)

// Config is what a Source needs to know.
type Config struct {
	// Client evaluates the flags. It must be set.
	Client *openfeature.Client
	// Flag is the key of a string flag whose variants are phases. It must be set.
	Flag string
	// Confirm is the key of a boolean flag that confirms the step to NewOnly. Defaults to none: the step is never made.
	Confirm string
	// Context is the evaluation context. All instances must give the same. Defaults to the targeting key "dualgen" alone.
	Context openfeature.EvaluationContext
}

// Source is a flag of an OpenFeature provider.
type Source struct {
	config  Config
	changes chan struct{}
	wake    func(openfeature.EventDetails)
}

// events are what may change an answer.
var events = []openfeature.EventType{
	openfeature.ProviderReady, openfeature.ProviderConfigChange, openfeature.ProviderStale, openfeature.ProviderError,
}

// New returns the flag as a source. It listens to the provider's events until Close.
func New(config Config) (*Source, error) {
	if config.Client == nil || config.Flag == "" {
		return nil, errors.New("dualgen: openfeature.Config needs Client and Flag")
	}
	if config.Context.TargetingKey() == "" && len(config.Context.Attributes()) == 0 {
		config.Context = openfeature.NewEvaluationContext("dualgen", nil)
	}
	s := &Source{config: config, changes: make(chan struct{}, 1)}
	s.wake = func(openfeature.EventDetails) {
		select {
		case s.changes <- struct{}{}:
		default: // a wake is waiting already
		}
	}
	for _, event := range events {
		config.Client.AddHandler(event, &s.wake)
	}
	return s, nil
}

// Close stops listening to the provider's events.
func (s *Source) Close() {
	for _, event := range events {
		s.config.Client.RemoveHandler(event, &s.wake)
	}
}

// Changes is sent a value after each event of the provider.
func (s *Source) Changes() <-chan struct{} { return s.changes }

// Desired evaluates the flag. Its answer is certain if the provider is ready and gave a static value or one that targeting chose.
// Any other reason (DEFAULT, SPLIT, DISABLED, CACHED, UNKNOWN, STALE, ERROR) is not a decision that a database should follow.
func (s *Source) Desired(ctx context.Context) (flagsource.Answer, error) {
	state := s.config.Client.State()
	details, err := s.config.Client.StringValueDetails(ctx, s.config.Flag, "", s.config.Context)
	if err != nil {
		return flagsource.Answer{}, fmt.Errorf("flag %s, provider %s: %w", s.config.Flag, state, err)
	}
	answer := flagsource.Answer{
		Text:    details.Value,
		Certain: certain(state, details.ResolutionDetail),
		Why:     why(s.config.Flag, state, details.ResolutionDetail),
	}
	if s.config.Confirm == "" {
		return answer, nil
	}
	confirm, err := s.config.Client.BooleanValueDetails(ctx, s.config.Confirm, false, s.config.Context)
	if err != nil {
		answer.Why += fmt.Sprintf("; flag %s: %v", s.config.Confirm, err)
		return answer, nil // the first flag is certain without the second
	}
	answer.Confirmed = confirm.Value && certain(state, confirm.ResolutionDetail)
	if confirm.Value && !answer.Confirmed {
		answer.Why += "; " + why(s.config.Confirm, state, confirm.ResolutionDetail)
	}
	return answer, nil
}

func certain(state openfeature.State, details openfeature.ResolutionDetail) bool {
	if state != openfeature.ReadyState || details.ErrorCode != "" {
		return false
	}
	return details.Reason == openfeature.StaticReason || details.Reason == openfeature.TargetingMatchReason
}

func why(flag string, state openfeature.State, details openfeature.ResolutionDetail) string {
	text := fmt.Sprintf("flag %s: variant %q, reason %s, provider %s", flag, details.Variant, details.Reason, state)
	if details.ErrorCode != "" {
		text += fmt.Sprintf(", error %s: %s", details.ErrorCode, details.ErrorMessage)
	}
	return text
}
