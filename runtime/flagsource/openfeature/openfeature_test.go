package openfeature_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	of "github.com/open-feature/go-sdk/openfeature"
	"github.com/open-feature/go-sdk/openfeature/memprovider"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/flagsource"
	"github.com/dualgen/dualgen/runtime/flagsource/openfeature"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// provider is the SDK's provider in memory, made to answer with any reason and error, and to be in any state.
type provider struct {
	*memprovider.InMemoryProvider
	reason of.Reason
	err    *of.ResolutionError
	events chan of.Event
}

func (p *provider) EventChannel() <-chan of.Event { return p.events }

func (p *provider) StringEvaluation(ctx context.Context, flag, fallback string, at of.FlattenedContext) of.StringResolutionDetail {
	detail := p.InMemoryProvider.StringEvaluation(ctx, flag, fallback, at)
	if p.reason != "" {
		detail.Reason = p.reason
	}
	if p.err != nil {
		detail.Value, detail.ResolutionError = fallback, *p.err
	}
	return detail
}

const flag = "migration-phase"

func flags(variant string) map[string]memprovider.InMemoryFlag {
	variants := map[string]any{"off": "OldOnly", "both": "OldPrimary", "odd": "Sideways"}
	return map[string]memprovider.InMemoryFlag{
		flag: {Key: flag, State: memprovider.Enabled, DefaultVariant: variant, Variants: variants},
	}
}

func open(t *testing.T, variant string) (*provider, *openfeature.Source) {
	t.Helper()
	p := &provider{InMemoryProvider: memprovider.NewInMemoryProvider(flags(variant)), events: make(chan of.Event)}
	require.NoError(t, of.SetNamedProviderAndWait(t.Name(), p))
	source, err := openfeature.New(openfeature.Config{Client: of.NewClient(t.Name()), Flag: flag})
	require.NoError(t, err)
	t.Cleanup(source.Close)
	return p, source
}

func fleet(t *testing.T, source flagsource.Source) (*flagsource.Follower, control.Control) {
	t.Helper()
	c := control.NewMemory()
	require.NoError(t, control.Init(t.Context(), c, "test"))
	follower, err := flagsource.New(flagsource.Config{Source: source, Control: c, Journal: journal.NewMemory(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return follower, c
}

func TestFlagMovesTheFleet(t *testing.T) {
	p, source := open(t, "off")
	follower, c := fleet(t, source)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- follower.Run(ctx) }()
	p.UpdateFlags(flags("both"))
	p.events <- of.Event{ProviderName: p.Metadata().Name, EventType: of.ProviderConfigChange}
	require.Eventually(t, func() bool {
		record, err := c.Load(t.Context())
		return err == nil && record.Phase == phase.OldPrimary
	}, time.Minute, 5*time.Millisecond) // far below the interval of 30 s, but for a machine that is very busy
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

// TestOnlyADecisionMoves tries every reason, error and state of the SDK with a flag that names another phase.
func TestOnlyADecisionMoves(t *testing.T) {
	p, source := open(t, "both")
	follower, c := fleet(t, source)
	stays := func(what string) {
		t.Helper()
		require.False(t, follower.Step(t.Context()), what)
		require.Error(t, follower.Status().Stay, what)
		record, err := c.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, phase.OldOnly, record.Phase, what)
	}
	cases := 0
	for range 40 {
		for _, reason := range []of.Reason{of.DefaultReason, of.SplitReason, of.DisabledReason, of.CachedReason, of.UnknownReason, of.ErrorReason, "STALE", "OTHER"} {
			p.reason = reason
			stays(string(reason))
			cases++
		}
		p.reason = ""
		for _, wrong := range []of.ResolutionError{
			of.NewProviderNotReadyResolutionError("x"), of.NewFlagNotFoundResolutionError("x"), of.NewParseErrorResolutionError("x"),
			of.NewTypeMismatchResolutionError("x"), of.NewTargetingKeyMissingResolutionError("x"), of.NewInvalidContextResolutionError("x"),
			of.NewGeneralResolutionError("x"),
		} {
			p.err = &wrong
			stays(wrong.Error())
			cases++
		}
		p.err = nil
		enter := func(event of.EventType, state of.State) {
			p.events <- of.Event{ProviderName: p.Metadata().Name, EventType: event}
			client := of.NewClient(t.Name())
			require.Eventually(t, func() bool { return client.State() == state }, time.Minute, time.Millisecond)
		}
		enter(of.ProviderStale, of.StaleState)
		stays("stale")
		enter(of.ProviderError, of.ErrorState)
		stays("error")
		cases += 2
		enter(of.ProviderReady, of.ReadyState)
		p.UpdateFlags(flags("odd"))
		stays("a variant that is no phase")
		p.UpdateFlags(map[string]memprovider.InMemoryFlag{})
		stays("no flag")
		p.UpdateFlags(flags("both"))
		cases += 2
	}
	t.Logf("| OpenFeature answers that moved nothing | %d |", cases)
	require.True(t, follower.Step(t.Context()), "%v", follower.Status().Stay)
}

func TestConfirmation(t *testing.T) {
	p := &provider{InMemoryProvider: memprovider.NewInMemoryProvider(flags("both")), events: make(chan of.Event)}
	require.NoError(t, of.SetNamedProviderAndWait(t.Name(), p))
	source, err := openfeature.New(openfeature.Config{Client: of.NewClient(t.Name()), Flag: flag, Confirm: "confirm"})
	require.NoError(t, err)
	t.Cleanup(source.Close)
	answer, err := source.Desired(t.Context())
	require.NoError(t, err)
	require.True(t, answer.Certain)
	require.False(t, answer.Confirmed, "there is no such flag")
	for variant, want := range map[string]bool{"yes": true, "no": false} {
		all := flags("both")
		all["confirm"] = memprovider.InMemoryFlag{Key: "confirm", State: memprovider.Enabled, DefaultVariant: variant, Variants: map[string]any{"yes": true, "no": false}}
		p.UpdateFlags(all)
		answer, err := source.Desired(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, answer.Confirmed)
	}
}

func TestConfigIsChecked(t *testing.T) {
	_, err := openfeature.New(openfeature.Config{Flag: flag})
	require.Error(t, err)
	_, err = openfeature.New(openfeature.Config{Client: of.NewClient(t.Name())})
	require.Error(t, err)
}
