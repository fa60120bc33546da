package launchdarkly_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/launchdarkly/go-sdk-common/v3/ldlog"
	"github.com/launchdarkly/go-sdk-common/v3/ldvalue"
	ld "github.com/launchdarkly/go-server-sdk/v7"
	"github.com/launchdarkly/go-server-sdk/v7/interfaces"
	"github.com/launchdarkly/go-server-sdk/v7/ldcomponents"
	"github.com/launchdarkly/go-server-sdk/v7/testhelpers/ldtestdata"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/flagsource"
	"github.com/dualgen/dualgen/runtime/flagsource/launchdarkly"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

const flag = "migration"

// stages are the variations of a migration flag.
var stages = []ldvalue.Value{
	ldvalue.String("off"), ldvalue.String("dualwrite"), ldvalue.String("shadow"), ldvalue.String("live"), ldvalue.String("rampdown"), ldvalue.String("complete"),
	ldvalue.String("sideways"), ldvalue.Int(3),
}

func open(t *testing.T) (*ldtestdata.TestDataSource, *ld.LDClient, *launchdarkly.Source) {
	t.Helper()
	data := ldtestdata.DataSource()
	client, err := ld.MakeCustomClient("sdk-key", ld.Config{
		DataSource: data, Events: ldcomponents.NoEvents(), Logging: ldcomponents.Logging().MinLevel(ldlog.None),
	}, 5*time.Second)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	source, err := launchdarkly.New(launchdarkly.Config{Client: client, Flag: flag, Confirm: "confirm"})
	require.NoError(t, err)
	t.Cleanup(source.Close)
	return data, client, source
}

func stage(data *ldtestdata.TestDataSource, variation int) *ldtestdata.FlagBuilder {
	return data.Flag(flag).Variations(stages...).OffVariationIndex(0).FallthroughVariationIndex(variation)
}

func fleet(t *testing.T, source flagsource.Source) (*flagsource.Follower, control.Control) {
	t.Helper()
	c := control.NewMemory()
	require.NoError(t, control.Init(t.Context(), c, "test"))
	follower, err := flagsource.New(flagsource.Config{Source: source, Control: c, Journal: journal.NewMemory(), Stages: flagsource.LaunchDarkly, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return follower, c
}

func phaseOf(t *testing.T, c control.Control) phase.Phase {
	record, err := c.Load(t.Context())
	require.NoError(t, err)
	return record.Phase
}

func TestFlagMovesTheFleet(t *testing.T) {
	data, _, source := open(t)
	data.Update(stage(data, 0))
	follower, c := fleet(t, source)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- follower.Run(ctx) }()
	data.Update(stage(data, 1))
	require.Eventually(t, func() bool { return phaseOf(t, c) == phase.OldPrimary }, time.Minute, 5*time.Millisecond)
	data.Update(stage(data, 1).On(false)) // serves "off"
	require.Eventually(t, func() bool { return phaseOf(t, c) == phase.OldOnly }, time.Minute, 5*time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
}

// TestOnlyADecisionMoves tries the states of the client and the answers that are no decision, with a flag that names another phase.
func TestOnlyADecisionMoves(t *testing.T) {
	data, _, source := open(t)
	follower, c := fleet(t, source)
	cases := 0
	stays := func(what string) {
		t.Helper()
		cases++
		require.False(t, follower.Step(t.Context()), what)
		require.Error(t, follower.Status().Stay, what)
		require.Equal(t, phase.OldOnly, phaseOf(t, c), what)
	}
	stays("no flag")
	for range 200 {
		data.Update(stage(data, 6))
		stays("a variation that is no stage")
		data.Update(stage(data, 7))
		stays("a variation that is no text")
		data.Update(stage(data, 99))
		stays("a variation that is not there")
		data.Update(stage(data, 1))
		for _, state := range []interfaces.DataSourceState{
			interfaces.DataSourceStateInterrupted, interfaces.DataSourceStateOff,
		} {
			data.UpdateStatus(state, interfaces.DataSourceErrorInfo{Kind: interfaces.DataSourceErrorKindNetworkError})
			stays(string(state))
		}
		data.UpdateStatus(interfaces.DataSourceStateValid, interfaces.DataSourceErrorInfo{})
	}
	t.Logf("| LaunchDarkly answers that moved nothing | %d |", cases)
	data.Update(stage(data, 1))
	require.True(t, follower.Step(t.Context()), "%v", follower.Status().Stay)
}

func TestConfirmation(t *testing.T) {
	data, _, source := open(t)
	data.Update(stage(data, 5))
	answer, err := source.Desired(t.Context())
	require.NoError(t, err)
	require.True(t, answer.Certain)
	require.False(t, answer.Confirmed, "there is no such flag")
	for _, want := range []bool{true, false} {
		data.Update(data.Flag("confirm").BooleanFlag().VariationForAll(want))
		answer, err := source.Desired(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, answer.Confirmed)
	}
}

func TestConfigIsChecked(t *testing.T) {
	_, client, _ := open(t)
	_, err := launchdarkly.New(launchdarkly.Config{Flag: flag})
	require.Error(t, err)
	_, err = launchdarkly.New(launchdarkly.Config{Client: client})
	require.Error(t, err)
}
