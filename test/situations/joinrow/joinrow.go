// Package joinrow has courses and, in a table of their own, who takes which of them. A Course has no field for that.
package joinrow

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such course")

type Course struct{ ID, Title string }

//go:generate go tool dualgen
//dualgen:entity CourseRow key=CourseID,Student get=getStudent put=putStudent delete=none scan=allStudents methods=AddStudent,HasStudent
type Courses interface {
	GetCourse(ctx context.Context, id string) (Course, error)
	SaveCourse(ctx context.Context, course Course) error
	DeleteCourse(ctx context.Context, id string) error
	ListCourses(ctx context.Context) ([]Course, error)

	// AddStudent adds a row to the table of students.
	AddStudent(ctx context.Context, courseID, student string) error
	HasStudent(ctx context.Context, courseID, student string) (bool, error)
}

// School is a store.
type School struct {
	courses  rows.Table[string, Course]
	students rows.Table[string, CourseRow]
}

func (s *School) GetCourse(_ context.Context, id string) (Course, error) {
	course, err := s.courses.Find(id)
	if err != nil {
		return course, ErrNotFound
	}
	return course, nil
}

func (s *School) SaveCourse(_ context.Context, c Course) error    { return s.courses.Upsert(c.ID, c) }
func (s *School) DeleteCourse(_ context.Context, id string) error { return s.courses.Remove(id) }
func (s *School) ListCourses(context.Context) ([]Course, error)   { return s.courses.All(), nil }

func (s *School) AddStudent(_ context.Context, courseID, student string) error {
	return s.students.Upsert(courseID+" "+student, CourseRow{courseID, student})
}

func (s *School) HasStudent(_ context.Context, courseID, student string) (bool, error) {
	return s.students.Has(courseID + " " + student), nil
}

// CourseRow is a row of the table of students.
type CourseRow struct{ CourseID, Student string }

func getStudent(ctx context.Context, store Courses, courseID, student string) (CourseRow, bool, error) {
	there, err := store.HasStudent(ctx, courseID, student)
	return CourseRow{courseID, student}, there, err
}

func putStudent(ctx context.Context, store Courses, row CourseRow) error {
	return store.AddStudent(ctx, row.CourseID, row.Student)
}

func allStudents(_ context.Context, store Courses) (all []CourseRow, err error) {
	for _, row := range store.(*School).students.All() {
		all = append(all, row)
	}
	return all, nil
}
