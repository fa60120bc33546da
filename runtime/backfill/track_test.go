package backfill

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestRestartedWhileTheLastOneTidiesUp: one begins the kind anew when another has completed it, and before that one has told the
// journal. What is written while the new one copies is remembered all the same.
func TestRestartedWhileTheLastOneTidiesUp(t *testing.T) {
	for name, run := range map[string]func(context.Context, Migration, Config) error{
		"whole": func(ctx context.Context, m Migration, c Config) error {
			_, err := Run(ctx, m, rig.Kind, c)
			return err
		},
		"shared": func(ctx context.Context, m Migration, c Config) error {
			_, err := Share(ctx, m, []string{rig.Kind}, c)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				r.Fill(phase.Old, 3)
				second := r.Open(nil)
				reads, done := make(chan struct{}), make(chan error)
				again := small()
				again.Restart = true
				again.at = func(s step, _ dual.Key) error {
					if s == afterRead && reads != nil {
						close(reads)
						reads = nil
						time.Sleep(time.Second)          // the last one tells the journal
						r.Put(rig.NewItem(rig.ID(0), 2)) // and the run writes what it has read over it
					}
					return nil
				}
				config, begun := small(), reads
				config.at = func(s step, _ dual.Key) error {
					if s == afterComplete {
						go func() { done <- run(t.Context(), second, again) }()
						<-begun
					}
					return nil
				}
				require.NoError(t, run(t.Context(), r.Migration, config))
				require.NoError(t, <-done)
				drain(t, r)
				require.True(t, r.Equal())
			})
		})
	}
}

// tracking notes what the journal remembers for whom.
type tracking struct {
	*journal.Memory
	names map[string]bool
}

func (j *tracking) Track(ctx context.Context, name string) (journal.Seq, error) {
	j.names[name] = true
	return j.Memory.Track(ctx, name)
}

func (j *tracking) Untrack(ctx context.Context, name string) error {
	delete(j.names, name)
	return j.Memory.Untrack(ctx, name)
}

// TestNothingIsRememberedForGood: however runs are killed and begun anew, the journal remembers nothing in the end.
func TestNothingIsRememberedForGood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &tracking{Memory: journal.NewMemory(), names: make(map[string]bool)}
		r := rig.New(t, rig.Options{Journal: j})
		r.Fill(phase.Old, 7)
		for _, restart := range []bool{false, true, true, false} {
			for _, at := range []step{beforeCheckpoint, afterMarks} {
				config := kill(at, 1, nil)
				config.Restart = restart
				_, err := Run(t.Context(), r.Migration, rig.Kind, config)
				require.ErrorIs(t, err, errKilled)
			}
		}
		require.NotEmpty(t, j.names)
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Empty(t, j.names)
	})
}
