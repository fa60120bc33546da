package belowzero

import (
	"math"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestLowFloors: floors at and below zero get to the new store, or the gates stay shut.
func TestLowFloors(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &House{}, &House{}
		levels := []int32{math.MinInt32, -2, -1, 0, 1, math.MaxInt32}
		for _, level := range levels {
			if err := old.Save(t.Context(), Floor{Level: level}); err != nil {
				t.Fatal(err)
			}
		}
		floors := NewDualFloors(old, new, w.Migration)
		w.To(phase.NewOnly)
		for _, level := range levels {
			if _, err := floors.Get(t.Context(), level); err != nil {
				t.Errorf("floor %d: %v", level, err)
			}
		}
	})
}

// TestRoomWithoutCode: a room whose code is "" gets to the new store too.
func TestRoomWithoutCode(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Hotel{}, &Hotel{}
		for _, code := range []string{"", "\x00", "101"} {
			if err := old.Save(t.Context(), Room{code, 2}); err != nil {
				t.Fatal(err)
			}
		}
		rooms := NewDualRooms(old, new, w.Migration)
		w.To(phase.NewOnly)
		for _, code := range []string{"", "\x00", "101"} {
			if _, err := rooms.Get(t.Context(), code); err != nil {
				t.Errorf("room %q: %v", code, err)
			}
		}
	})
}
