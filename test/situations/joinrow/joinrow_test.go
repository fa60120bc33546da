package joinrow

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestRowsAreCopied: who takes a course is there after the switch, whether it was stored before the migration, or while the mirror
// was up or down.
func TestRowsAreCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		new := &School{}
		courses := NewDualCourses(&School{}, new, w.Migration)
		if err := errors.Join(courses.SaveCourse(t.Context(), Course{"go", "Go"}), courses.AddStudent(t.Context(), "go", "ann")); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := courses.AddStudent(t.Context(), "go", "bob"); err != nil {
			t.Fatal(err)
		}
		new.students.Down()
		if err := courses.AddStudent(t.Context(), "go", "cyd"); err != nil {
			t.Fatal(err)
		}
		new.students.Up()
		w.Clean()
		w.To(phase.NewOnly)
		for _, student := range []string{"ann", "bob", "cyd"} {
			if there, err := courses.HasStudent(t.Context(), "go", student); err != nil || !there {
				t.Errorf("%s no longer takes the course (%v)", student, err)
			}
		}
	})
}
