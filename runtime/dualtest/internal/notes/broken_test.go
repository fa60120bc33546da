package notes

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/verdict"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// TestMain keeps rapid from filing and shrinking failures that are wanted.
func TestMain(m *testing.M) {
	flag.Parse()
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "100ms"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestConformance holds two sound stores to the suite.
func TestConformance(t *testing.T) {
	RunNotesConformance(t, func(*testing.T) (Notes, Notes) { return NewMemory(), NewMemory() })
}

// TestConformanceFindsBugs demands that the suite fails when one store, whichever, has a bug.
func TestConformanceFindsBugs(t *testing.T) {
	for _, bug := range bugs {
		for _, position := range []dual.Store{dual.Old, dual.New} {
			t.Run(fmt.Sprintf("%s %s", position, bug), func(t *testing.T) {
				var v verdict.Verdict
				for try := 0; !v.Failed && try < 5; try++ { // the cases are drawn at random: some bugs may not show in a hundred
					v = verdict.Of(t, func(t rapid.TB) {
						notesSuite().Conform(t, func() (Notes, Notes) {
							stores := [2]Notes{NewMemory(), NewMemory()}
							stores[position] = broken(bug)
							return stores[dual.Old], stores[dual.New]
						})
					})
				}
				assert.True(t, v.Failed, "the suite did not see it")
				assert.Contains(t, v.Text, "-rapid.", "a failure says how to repeat it")
				assert.Contains(t, v.Text, "after:", "a failure says what led to it")
			})
		}
	}
}

// TestConformanceFindsIncompleteListing demands that the suite fails when both stores agree in what they list before a write,
// and both list too little: what is not listed is not copied.
func TestConformanceFindsIncompleteListing(t *testing.T) {
	var v verdict.Verdict
	for try := 0; !v.Failed && try < 5; try++ {
		v = verdict.Of(t, func(t rapid.TB) {
			notesSuite().Conform(t, func() (Notes, Notes) { return broken(listsNone), broken(listsNone) })
		})
	}
	assert.True(t, v.Failed, "the suite did not see it")
	assert.Contains(t, v.Text, "law write-within-keys")
}

// wrong is a wrapper with a fault of its own.
type wrong struct {
	Notes
	stores [2]Notes
	how    string
}

// wrapper faults that the phase test must see.
var wrongs = []string{"mirrors nothing", "reads the mirror", "asks the mirror first", "tells of the mirror", "hides the primary's error",
	"lists no keys", "lists the mirror's keys"}

func (w wrong) Save(ctx context.Context, note Note) error {
	switch w.how {
	case "mirrors nothing":
		return w.stores[dual.Old].Save(ctx, note)
	case "asks the mirror first":
		_ = w.stores[dual.New].Save(ctx, note)
		return w.stores[dual.Old].Save(ctx, note)
	case "tells of the mirror":
		if err := w.Notes.Save(ctx, note); err != nil {
			return err
		}
		return w.stores[dual.New].Save(ctx, note)
	case "hides the primary's error":
		_ = w.Notes.Save(ctx, note)
		return nil
	}
	return w.Notes.Save(ctx, note)
}

func (w wrong) DeleteEmpty(ctx context.Context) (int, error) {
	switch w.how {
	case "lists no keys":
		return w.stores[dual.Old].DeleteEmpty(ctx)
	case "lists the mirror's keys":
		if _, err := w.stores[dual.New].ListEmpty(ctx); err != nil {
			return 0, err
		}
		return w.stores[dual.Old].DeleteEmpty(ctx)
	}
	return w.Notes.DeleteEmpty(ctx)
}

func (w wrong) Get(ctx context.Context, id string) (Note, error) {
	if w.how == "reads the mirror" {
		return w.stores[dual.New].Get(ctx, id)
	}
	return w.Notes.Get(ctx, id)
}

// TestPhasesFindsWrongWrappers demands that the phase test fails for a wrapper that breaks a rule.
func TestPhasesFindsWrongWrappers(t *testing.T) {
	for _, how := range wrongs {
		t.Run(how, func(t *testing.T) {
			suite := notesSuite()
			wrap := suite.Wrap
			suite.Wrap = func(old, new Notes, migration *dual.Migration) Notes {
				return wrong{wrap(old, new, migration), [2]Notes{old, new}, how}
			}
			assert.True(t, verdict.Of(t, suite.Phases).Failed, "the suite did not see it")
		})
	}
}

// row is a note as a store keeps it.
type row struct {
	Note
	size int8
}

// TestRoundTripFindsLosses demands that a conversion that loses something in silence fails, and that one which refuses
// does not.
func TestRoundTripFindsLosses(t *testing.T) {
	sound := func(n Note) (row, error) { return row{Note: n}, nil }
	back := func(r row) (Note, error) { return r.Note, nil }
	losing := func(n Note) (row, error) { n.Text = strings.TrimSpace(n.Text); return row{Note: n}, nil }
	refusing := func(n Note) (row, error) {
		if len(n.Text) > 20 {
			return row{}, fmt.Errorf("text of %d bytes", len(n.Text))
		}
		return row{Note: n, size: int8(len(n.Text))}, nil
	}
	useless := func(Note) (row, error) { return row{}, fmt.Errorf("never") }
	for name, c := range map[string]struct {
		to    func(Note) (row, error)
		fails bool
	}{"sound": {sound, false}, "losing": {losing, true}, "refusing": {refusing, false}, "useless": {useless, true}} {
		t.Run(name, func(t *testing.T) {
			v := verdict.Of(t, func(t rapid.TB) { dualtest.RoundTrip(t, someNote(), c.to, back, diffNote) })
			assert.Equal(t, c.fails, v.Failed, v.Text)
		})
	}
}

// garbled is a stub whose answers the wrapper's copies cannot use.
type garbled struct{ Notes }

func (garbled) Get(context.Context, string) (Note, error) {
	return Note{}, errors.New("the stored note is garbled")
}

// TestPhasesSayWhatACopyFailedBy demands the cause of a key that was not mirrored, which no caller is told.
func TestPhasesSayWhatACopyFailedBy(t *testing.T) {
	suite := notesSuite()
	stub := suite.Stub
	suite.Stub = func(s *dualtest.Stub) Notes { return garbled{stub(s)} }
	v := verdict.Of(t, suite.Phases)
	assert.True(t, v.Failed)
	assert.Regexp(t, "Notes.Rewrite in OldPrimary, no fault: Note/.* was not mirrored, though no fault was injected: "+
		"read Note from the old store: the stored note is garbled", v.Text)
}
