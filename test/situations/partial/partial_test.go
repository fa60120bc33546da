package partial

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestWholeMembersAreCopied: what was changed, removed and stored while the mirror was down is served as told after the switch.
func TestWholeMembersAreCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Club{}, &Club{}
		members := NewDualMembers(old, new, w.Migration)
		ann, bob, cyd := Member{ID: 1, Name: "ann", Photo: "a"}, Member{ID: 2, Name: "bob", Photo: "b"}, Member{ID: 3, Name: "cyd"}
		if err := errors.Join(members.CreateMember(t.Context(), &ann), members.CreateMember(t.Context(), &bob)); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		new.members.Down()
		bob.Name, bob.Seen, bob.Photo = "robert", 7, ""
		for _, err := range []error{
			members.DeleteMember(t.Context(), 1),
			members.UpdateMember(t.Context(), &Member{ID: 2, Name: "robert", Photo: "b"}),
			members.UpdateMemberSeen(t.Context(), &Member{ID: 2, Seen: 7}),
			members.ClearMemberPhoto(t.Context(), 2),
			members.CreateMember(t.Context(), &cyd),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		new.members.Up()
		w.Clean()
		w.To(phase.NewGuarded)
		if got, err := members.GetMember(t.Context(), 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("a member who left is served: %+v %v", got, err)
		}
		for _, want := range []Member{bob, cyd} {
			if got, err := members.GetMember(t.Context(), want.ID); err != nil || *got != want {
				t.Errorf("stored %+v, served %+v %v", want, got, err)
			}
		}
	})
}

func TestConformance(t *testing.T) {
	walk.Sequences(t, 20)
	RunMembersConformance(t, func(*testing.T) (Members, Members) { return &Club{}, &Club{} })
}
