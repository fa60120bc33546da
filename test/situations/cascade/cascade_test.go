package cascade

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// pair is a store whose foreign key cascades, and one without.
func pair() (old, new *Store) { return &Store{Cascades: true}, &Store{} }

// TestUnsaid: where nobody says that a delete of a team removes memberships, they are served again after the switch, and no key says so. The
// conformance test of the whole store fails before that, and shows what to write.
func TestUnsaid(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := pair()
		club := NewDualClub(old, new, w.Migration)
		if err := errors.Join(club.Teams().Save(t.Context(), Team{"t", ""}), club.Members().Save(t.Context(), Membership{"m", "t", ""})); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := club.Teams().Delete(t.Context(), "t"); err != nil {
			t.Fatal(err)
		}
		if unclean := w.Unclean(); len(unclean) > 0 || !new.members.Has("m") {
			t.Errorf("the mirror has a membership that is gone: %v, and unclean are %v", new.members.Has("m"), unclean)
		}
	})
	said := walk.Faulty(t, func(t rapid.TB) {
		dualtest.Tree(t, func() func(*dual.Migration) Club {
			old, new := pair()
			return func(m *dual.Migration) Club { return NewDualClub(old, new, m) }
		}, dualtest.PartOf("Teams", Club.Teams, teamsSuite()), dualtest.PartOf("Members", Club.Members, membersSuite()))
	})
	for _, want := range []string{"law write-within-kinds is broken by the old store", "Teams.Delete(", "//dualgen:entity Membership key=… shared writeonly",
		"//dualgen:entity Team,Membership and //dualgen:key Team=… Membership=none"} {
		if !strings.Contains(said, want) {
			t.Errorf("%s is not said:\n%s", want, said)
		}
	}
}

// TestSaid: what is said is unclean until a verify pass, follows the old store, and is gone after the switch.
func TestSaid(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := pair()
		league := NewDualLeague(old, new, w.Migration)
		if err := errors.Join(league.Sides().Save(t.Context(), Team{"t", ""}), league.Members().Save(t.Context(), Membership{"m", "t", ""})); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := league.Sides().Delete(t.Context(), "t"); err != nil {
			t.Fatal(err)
		}
		if unclean := w.Unclean(); len(unclean) != 1 || unclean[0].Key != (dual.Key{Kind: "Membership", Whole: true}) {
			t.Errorf("unclean are %v", unclean)
		}
		w.To(phase.NewPrimary)
		if _, err := league.Members().Get(t.Context(), "m"); !errors.Is(err, ErrNotFound) {
			t.Errorf("what was removed is served: %v", err)
		}
		w.To(phase.NewOnly)
		if new.members.Has("m") || new.teams.Has("t") {
			t.Error("the new store has what was removed")
		}
	})
}

// TestConform: the stores keep every law of what is said.
func TestConform(t *testing.T) {
	walk.Sequences(t, 60)
	RunLeagueConformance(t, func(*testing.T) (League, League) { return pair() })
}
