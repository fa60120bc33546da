package dualtest_test

import (
	"fmt"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/stretchr/testify/assert"
)

// part is handed out; wrapped is its wrapper, and raw a store's own.
type part interface{ Name() string }

type wrapped struct{ name string }

func (w *wrapped) Name() string { return w.name }

type raw struct{ name string }

func (r *raw) Name() string { return r.name }

// whole hands out what it is made to.
type whole func() part

func (w whole) Part() part { return w() }

// listening is a test that keeps its errors to itself.
type listening struct {
	*testing.T
	errors []string
}

func (l *listening) Errorf(format string, args ...any) {
	l.errors = append(l.errors, fmt.Sprintf(format, args...))
}

// TestHandsOut: a store's own repository, a wrapper that is made at each call, and kinds that nobody told the migration of are found.
func TestHandsOut(t *testing.T) {
	once := &wrapped{"once"}
	for _, test := range []struct {
		name  string
		part  func() part
		kinds bool
		want  []string
	}{
		{"the wrapper", func() part { return once }, true, nil},
		{"the store's own", func() part { return &raw{} }, true, []string{
			"Part hands out a *dualtest_test.raw, and not a *dualtest_test.wrapped: what is written through it is not mirrored"}},
		{"nothing", func() part { return nil }, true, []string{
			"Part hands out a <nil>, and not a *dualtest_test.wrapped: what is written through it is not mirrored"}},
		{"another at each call", func() part { return &wrapped{"new"} }, true, []string{"Part hands out another wrapper at each call"}},
		{"without its kinds", func() part { return once }, false, []string{"Part writes Note, which the migration of the wrapper does not copy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			heard := &listening{T: t}
			dualtest.HandsOut(heard, func(migration *dual.Migration) whole {
				if test.kinds {
					dual.AddEntity(migration, &[2]int{1, 2}, dual.Entity[int, string]{Kind: "Note"})
				}
				return test.part
			}, dualtest.Handed("Part", whole.Part, (*wrapped)(nil), "Note"))
			assert.Equal(t, test.want, heard.errors)
		})
	}
}
