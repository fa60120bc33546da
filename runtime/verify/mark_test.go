package verify

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// trackless is a migration whose journal does not answer Track.
type trackless struct{ *dual.Migration }

func (m trackless) Journal() journal.Journal { return tracklessJournal{m.Migration.Journal()} }

type tracklessJournal struct{ journal.Journal }

func (tracklessJournal) Track(context.Context, string) (journal.Seq, error) {
	return 0, errors.New("the journal is down")
}

// TestPassThatCouldNotBegin: a pass that failed after it had stored its mark does not stand in the way of other instances'.
func TestPassThatCouldNotBegin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 5)
		_, err := Run(t.Context(), trackless{r.Migration}, rig.Kind, small())
		require.ErrorContains(t, err, "the journal is down")
		last, err := activity.LoadPass(t.Context(), r.Migration.Control(), rig.Kind)
		require.NoError(t, err)
		require.NotEmpty(t, last.Track)
		require.True(t, last.Ended)
	})
}

// Others see how far a long pass is, and one that was taken over tells nobody about the next.
func TestProgressIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 1000)
		r.Fill(phase.New, 1000)
		none, err := Status(t.Context(), r.Control, rig.Kind)
		require.NoError(t, err)
		require.Equal(t, Latest{Kind: rig.Kind}, none)
		seen := false
		_, err = Run(t.Context(), r.Migration, rig.Kind, Config{Rate: 100, Page: 50, OnProgress: func(p Progress) {
			latest, err := Status(t.Context(), r.Control, rig.Kind)
			require.NoError(t, err)
			require.False(t, latest.Ended)
			if latest.Read[0] > 0 {
				seen = true
				require.LessOrEqual(t, latest.Read[0], p.Read[0])
				require.Less(t, p.Read[0]-latest.Read[0], int64(500), "told every two seconds")
			}
		}})
		require.NoError(t, err)
		require.True(t, seen)
		ended, err := Status(t.Context(), r.Control, rig.Kind)
		require.NoError(t, err)
		require.True(t, ended.Ended)
		require.NoError(t, activity.Pass{Track: "another", Instance: "b"}.Save(t.Context(), r.Control, rig.Kind))
		next, err := Status(t.Context(), r.Control, rig.Kind)
		require.NoError(t, err)
		require.Zero(t, next.Read)
	})
}
