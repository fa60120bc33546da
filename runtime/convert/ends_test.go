package convert_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/convert"
)

type branch struct {
	Name   string
	Up     *branch
	Down   []*branch
	Named  map[string]*branch
	Twigs  twigs
	Any    any
	hidden *branch
}

type twigs []twigs

func TestEnds(t *testing.T) {
	shared := &branch{Name: "shared"}
	for name, value := range map[string]any{
		"empty":         branch{},
		"a tree":        branch{Down: []*branch{{Down: []*branch{{}}}, nil}, Twigs: twigs{{}, {{}}}},
		"shared twice":  &branch{Up: shared, Down: []*branch{shared, shared}, Named: map[string]*branch{"a": shared, "b": shared}},
		"nil":           (*branch)(nil),
		"an interface":  func() any { b := &branch{}; b.Any = b; return b }(),
		"a prefix":      func() any { s := make([]*branch, 2); s[0] = &branch{Down: s[1:]}; return s }(),
		"empty in self": func() any { s := make([]twigs, 1); s[0] = s[:0:0]; return s }(),
	} {
		_, err := convert.Ends(value)
		assert.NoError(t, err, name)
	}
	for name, value := range map[string]any{
		"a pointer": func() any { b := &branch{}; b.Up = b; return *b }(),
		"a slice":   func() any { s := make([]*branch, 1); s[0] = &branch{Down: s}; return s }(),
		"a map":     func() any { m := map[string]*branch{}; m["a"] = &branch{Named: m}; return m }(),
		"itself":    func() any { s := make(twigs, 1); s[0] = s; return s }(),
		"far away":  func() any { b := &branch{}; b.Down = []*branch{{Up: &branch{hidden: b}}}; return b }(),
	} {
		_, err := convert.Ends(value)
		assert.ErrorIs(t, err, convert.ErrHoldsItself, name)
		assert.Panics(t, func() { convert.MustEnd(value) }, name)
	}
}
