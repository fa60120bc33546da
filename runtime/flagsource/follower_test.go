package flagsource_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/flagsource"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.DiscardHandler)

// flag is a source whose answer tests set.
type flag struct {
	mu      sync.Mutex
	answer  flagsource.Answer
	err     error
	changes chan struct{}
}

func newFlag() *flag { return &flag{changes: make(chan struct{}, 1)} }

func (f *flag) Desired(context.Context) (flagsource.Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answer, f.err
}

func (f *flag) Changes() <-chan struct{} { return f.changes }

// say makes the flag name a phase with certainty.
func (f *flag) say(text string) { f.set(flagsource.Answer{Text: text, Certain: true}, nil) }

func (f *flag) set(answer flagsource.Answer, err error) {
	f.mu.Lock()
	f.answer, f.err = answer, err
	f.mu.Unlock()
	select {
	case f.changes <- struct{}{}:
	default:
	}
}

func follow(t *testing.T, c control.Control, j journal.Journal, source flagsource.Source) *flagsource.Follower {
	t.Helper()
	f, err := flagsource.New(flagsource.Config{
		Source: source, Control: c, Journal: j, Stages: flagsource.LaunchDarkly, Logger: quiet,
	})
	require.NoError(t, err)
	return f
}

func phaseOf(t *testing.T, c control.Control) phase.Phase {
	t.Helper()
	record, err := c.Load(t.Context())
	require.NoError(t, err)
	return record.Phase
}

// TestFlagWalksTheFleet follows a flag over the whole chain: gates hold, the refusal is shown, and each step takes less than two
// seconds once its gates are met.
func TestFlagWalksTheFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		r.Fill(phase.Old, 20)
		source := newFlag()
		follower := follow(t, r.Control, r.Journal, source)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- follower.Run(ctx) }()

		source.say("rampdown") // NewPrimary, at the far side of two gates
		time.Sleep(2 * time.Second)
		require.Equal(t, phase.OldPrimary, phaseOf(t, r.Control))
		refusal := new(control.Refusal)
		require.ErrorAs(t, follower.Status().Stay, &refusal)
		require.Equal(t, phase.NewPrimary, follower.Status().Desired)

		_, err := backfill.Run(ctx, r.Migration, rig.Kind, backfill.Config{})
		require.NoError(t, err)
		_, err = verify.Run(ctx, r.Migration, rig.Kind, verify.Config{})
		require.NoError(t, err)
		source.say("rampdown")
		time.Sleep(3 * 2 * time.Second) // three steps
		require.Equal(t, phase.NewPrimary, phaseOf(t, r.Control))
		require.NoError(t, follower.Status().Stay)

		source.say("complete")
		time.Sleep(time.Minute)
		require.ErrorIs(t, follower.Status().Stay, flagsource.ErrUnconfirmed)
		require.Equal(t, phase.NewPrimary, phaseOf(t, r.Control))

		source.say("off")
		time.Sleep(4 * 2 * time.Second) // four steps
		require.Equal(t, phase.OldOnly, phaseOf(t, r.Control))

		cancel()
		require.ErrorIs(t, <-ended, context.Canceled)
	})
}

func TestConfirmedStepToNewOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.NewPrimary})
		_, err := control.Update(t.Context(), r.Control, func(record *control.Record) error {
			record.MirroredFrom = phase.Old // as after a walk
			return nil
		})
		require.NoError(t, err)
		source := newFlag()
		follower := follow(t, r.Control, r.Journal, source)
		source.say("NewOnly")
		require.False(t, follower.Step(t.Context()))
		require.ErrorIs(t, follower.Status().Stay, flagsource.ErrUnconfirmed)
		source.set(flagsource.Answer{Text: "NewOnly", Certain: true, Confirmed: true}, nil)
		follower.Step(t.Context())
		require.NotErrorIs(t, follower.Status().Stay, flagsource.ErrUnconfirmed)
	})
}

// TestDoubtsMoveNothing tries every kind of answer that is no decision, in every phase, for every phase that it may name.
func TestDoubtsMoveNothing(t *testing.T) {
	cases := 0
	for at := phase.OldOnly; at.Valid(); at++ {
		c, j := control.NewMemory(), journal.NewMemory()
		_, err := control.Update(t.Context(), c, func(record *control.Record) error {
			record.Phase = at
			record.Epoch++
			return nil
		})
		require.NoError(t, err)
		source := newFlag()
		follower := follow(t, c, j, source)
		for named := phase.OldOnly; named.Valid(); named++ {
			for _, confirmed := range []bool{false, true} {
				for i, doubt := range []struct {
					answer flagsource.Answer
					err    error
				}{
					{answer: flagsource.Answer{Text: named.String()}},
					{answer: flagsource.Answer{Text: named.String(), Why: "STALE"}},
					{answer: flagsource.Answer{Text: "", Certain: true}},
					{answer: flagsource.Answer{Text: named.String() + " ", Certain: true}},
					{answer: flagsource.Answer{Text: "shadowed", Certain: true}},
					{answer: flagsource.Answer{Text: named.String(), Certain: true}, err: errors.New("the provider is not ready")},
					{answer: flagsource.Answer{Text: fmt.Sprint(int(named)), Certain: true}},
				} {
					cases++
					doubt.answer.Confirmed = confirmed
					source.set(doubt.answer, doubt.err)
					require.False(t, follower.Step(t.Context()), "%v: %d", at, i)
					require.Error(t, follower.Status().Stay, "%v: %d", at, i)
					require.Zero(t, follower.Status().Desired)
					require.Equal(t, at, phaseOf(t, c))
				}
			}
		}
	}
	t.Logf("| doubtful answers that moved nothing | %d |", cases)
}

// TestTwoFollowersStepOnce: whichever process asks first makes the step, and the other finds it made.
func TestTwoFollowersStepOnce(t *testing.T) {
	for range 200 {
		c, j, source := control.NewMemory(), journal.NewMemory(), newFlag()
		require.NoError(t, control.Init(t.Context(), c, "test"))
		before, err := c.Load(t.Context())
		require.NoError(t, err)
		source.say("dualwrite")
		var all sync.WaitGroup
		for range 2 {
			follower := follow(t, c, j, source)
			all.Go(func() { follower.Step(t.Context()) })
		}
		all.Wait()
		after, err := c.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, phase.OldPrimary, after.Phase)
		require.Equal(t, before.Epoch+1, after.Epoch)
	}
}

// TestCutoffIsNotPassedOver: with a cutoff, the step forward from OldOnly leads to NewOnly, which the flag did not name.
func TestCutoffIsNotPassedOver(t *testing.T) {
	c, j, source := control.NewMemory(), journal.NewMemory(), newFlag()
	_, err := control.Update(t.Context(), c, func(record *control.Record) error {
		record.Phase, record.Settings.Cutoff = phase.OldOnly, time.Now().Add(-48*time.Hour)
		record.Epoch++
		return nil
	})
	require.NoError(t, err)
	follower := follow(t, c, j, source)
	source.say("OldPrimary")
	require.False(t, follower.Step(t.Context()))
	require.ErrorContains(t, follower.Status().Stay, "cutoff")
	source.say("NewOnly")
	require.False(t, follower.Step(t.Context()))
	require.ErrorIs(t, follower.Status().Stay, flagsource.ErrUnconfirmed)
	require.Equal(t, phase.OldOnly, phaseOf(t, c))
}

func TestConfigIsChecked(t *testing.T) {
	whole := flagsource.Config{Source: newFlag(), Control: control.NewMemory(), Journal: journal.NewMemory()}
	for name, change := range map[string]func(*flagsource.Config){
		"no source":   func(c *flagsource.Config) { c.Source = nil },
		"no control":  func(c *flagsource.Config) { c.Control = nil },
		"no journal":  func(c *flagsource.Config) { c.Journal = nil },
		"negative":    func(c *flagsource.Config) { c.Retry = -1 },
		"no phase":    func(c *flagsource.Config) { c.Stages = flagsource.Stages{"on": 0} },
		"less than 0": func(c *flagsource.Config) { c.Expect = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			config := whole
			change(&config)
			_, err := flagsource.New(config)
			require.Error(t, err)
		})
	}
	_, err := flagsource.New(whole)
	require.NoError(t, err)
}

func TestStagesKnowEveryName(t *testing.T) {
	for name, stages := range map[string]flagsource.Stages{
		"LaunchDarkly": flagsource.LaunchDarkly, "Eriksen": flagsource.Eriksen, "Scientist": flagsource.Scientist, "BirdNETGo": flagsource.BirdNETGo,
	} {
		for stage, want := range stages {
			got, err := stages.Parse(stage)
			require.NoError(t, err, name)
			require.Equal(t, want, got)
		}
		got, err := stages.Parse("NewGuarded")
		require.NoError(t, err)
		require.Equal(t, phase.NewGuarded, got)
		_, err = stages.Parse("Off")
		require.ErrorContains(t, err, `"Off" is not the name of a phase (OldOnly,`)
	}
}
