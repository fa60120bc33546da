package cyclic

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// ring is a topic whose child has it as its parent, that sees itself, and whose child sees the ring's children.
func ring(path, child string) *Topic {
	topic := &Topic{Path: path}
	topic.Children = map[string]*Topic{child: {Path: child, Parent: topic}}
	topic.See = []any{topic, topic.Children}
	return topic
}

// TestWritesEnd: a write of a topic that holds itself is made by the primary, and its copy is made or the key stays unclean.
func TestWritesEnd(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Wiki{}, &Wiki{}
		topics := NewDualTopics(old, new, w.Migration)
		w.To(phase.OldPrimary)
		saved := topics.Save(t.Context(), ring("a", "b"))
		if old.topics.Has("a") != (saved == nil) {
			t.Errorf("Save returned %v, and the old store has it: %v", saved, old.topics.Has("a"))
		}
		if left := w.Left(); saved == nil && !new.topics.Has("a") && len(left) == 0 {
			t.Error("nothing is unclean, and the new store does not have it")
		}
	})
}

// TestComparisonsEnd: reads that are compared, and a verify pass, end; topics that differ deep inside are not proved equal.
func TestComparisonsEnd(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Wiki{}, &Wiki{}
		if err := errors.Join(old.Save(t.Context(), ring("a", "b")), new.Save(t.Context(), ring("a", "c"))); err != nil {
			t.Fatal(err)
		}
		topics := NewDualTopics(old, new, w.Migration)
		if err := w.Step(control.Step{}); err != nil {
			t.Fatal(err)
		}
		w.Set(phase.Settings{Compare: 1})
		if got, err := topics.Get(t.Context(), "a"); err != nil || got.Path != "a" {
			t.Errorf("read %v %v", got, err)
		}
		if all, err := topics.List(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("listed %v %v", all, err)
		}
		if report, err := w.Verify("Topic", false); err == nil && report.Certified {
			t.Error("topics with other children are proved equal")
		}
	})
}

// TestBackfillEnds: a topic that holds itself is copied, or is said not to be.
func TestBackfillEnds(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Wiki{}, &Wiki{}
		if err := old.Save(t.Context(), ring("a", "b")); err != nil {
			t.Fatal(err)
		}
		NewDualTopics(old, new, w.Migration)
		if err := w.Step(control.Step{}); err != nil {
			t.Fatal(err)
		}
		report, err := w.Backfill("Topic")
		if !new.topics.Has("a") && err == nil && report.Failed == 0 && len(w.Unclean()) == 0 {
			t.Errorf("the report says %+v, and the new store does not have it", report)
		}
	})
}
