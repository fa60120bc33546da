package activity_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var (
	whole = journal.Key{Kind: "Item", Whole: true}
	one   = journal.Key{Kind: "Item", ID: "1"}
)

// TestUnnamed tells which ends of a write on the whole kind leave nothing unnamed.
func TestUnnamed(t *testing.T) {
	ends := map[string]struct {
		end  func(t *testing.T, j *journal.Memory, token journal.Token)
		want activity.Written
	}{
		"handed over": {func(t *testing.T, j *journal.Memory, token journal.Token) {
			made, err := j.Handover(t.Context(), "a", token, one)
			require.NoError(t, err)
			require.NoError(t, j.End(t.Context(), one, made, true))
		}, activity.Written{Keys: []journal.Key{one}, Whole: true}},
		"listed": {func(t *testing.T, j *journal.Memory, token journal.Token) {
			require.NoError(t, j.MarkDirty(t.Context(), []journal.Key{one}, phase.Old))
			require.NoError(t, j.End(t.Context(), whole, token, true))
		}, activity.Written{Keys: []journal.Key{one}, Whole: true}},
		"of unknown outcome": {func(t *testing.T, j *journal.Memory, token journal.Token) {
			require.NoError(t, j.End(t.Context(), whole, token, false))
		}, activity.Written{Unnamed: true, Whole: true}},
		"not yet": {func(*testing.T, *journal.Memory, journal.Token) {}, activity.Written{Unnamed: true, Whole: true}},
	}
	for name, test := range ends {
		t.Run(name, func(t *testing.T) {
			j := journal.NewMemory()
			since, err := j.Track(t.Context(), "test")
			require.NoError(t, err)
			token, err := j.Begin(t.Context(), "a", whole, phase.Old)
			require.NoError(t, err)
			test.end(t, j, token)
			got, err := question(j, since, 0, nil).Ask(t.Context())
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

// TestWriteInFlightIsWaitedFor: a write that is being made when the question is asked is named once it has handed over.
func TestWriteInFlightIsWaitedFor(t *testing.T) {
	j := journal.NewMemory()
	since, err := j.Track(t.Context(), "test")
	require.NoError(t, err)
	token, err := j.Begin(t.Context(), "a", whole, phase.Old)
	require.NoError(t, err)
	got, err := question(j, since, 0, func() {
		made, err := j.Handover(t.Context(), "a", token, one)
		require.NoError(t, err)
		require.NoError(t, j.End(t.Context(), one, made, true))
	}).Ask(t.Context())
	require.NoError(t, err)
	require.Equal(t, activity.Written{Keys: []journal.Key{one}, Whole: true}, got)
}

// TestOwnClaim: a pass that holds the kind's token itself tells others' from it.
func TestOwnClaim(t *testing.T) {
	j := journal.NewMemory()
	require.NoError(t, j.MarkDirty(t.Context(), []journal.Key{whole}, phase.Old))
	since, err := j.Track(t.Context(), "test")
	require.NoError(t, err)
	_, claimed, err := j.BeginCopy(t.Context(), "verify", whole, 0)
	require.NoError(t, err)
	require.True(t, claimed)
	got, err := question(j, since, 1, nil).Ask(t.Context())
	require.NoError(t, err)
	require.Equal(t, activity.Written{Whole: true}, got)
	other, err := j.Begin(t.Context(), "a", whole, phase.Old)
	require.NoError(t, err)
	got, err = question(j, since, 1, nil).Ask(t.Context())
	require.NoError(t, err)
	require.True(t, got.Unnamed)
	require.NoError(t, j.End(t.Context(), whole, other, false))
	got, err = question(j, since, 1, nil).Ask(t.Context())
	require.NoError(t, err)
	require.True(t, got.Unnamed)
}

func question(j journal.Journal, since journal.Seq, own int, asleep func()) activity.Question {
	slept := false
	return activity.Question{Journal: j, Kind: "Item", Since: since, Own: own, Sleep: func(context.Context, time.Duration) error {
		if !slept && asleep != nil {
			slept = true
			asleep()
		}
		return nil
	}}
}

func TestPasses(t *testing.T) {
	c := control.NewMemory()
	none, err := activity.LoadPass(t.Context(), c, "Item")
	require.NoError(t, err)
	require.True(t, activity.NoneSince(none, none))
	runs := activity.Pass{Track: "1", Started: time.Now()}
	require.NoError(t, runs.Save(t.Context(), c, "Item"))
	loaded, err := activity.LoadPass(t.Context(), c, "Item")
	require.NoError(t, err)
	require.False(t, activity.NoneSince(none, loaded), "one began")
	require.False(t, activity.NoneSince(loaded, loaded), "one runs")
	ended := loaded
	ended.Ended = true
	require.False(t, activity.NoneSince(loaded, ended), "one ended")
	require.True(t, activity.NoneSince(ended, ended))
	require.False(t, activity.NoneSince(ended, activity.Pass{Track: "2", Ended: true}), "another ran")
}
