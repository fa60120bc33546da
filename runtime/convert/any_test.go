package convert_test

import (
	"encoding/json"
	"math"
	"math/big"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/runtime/convert"
)

// shape is an interface behind which values are made anew.
type shape interface{ Area() int }

type square struct{ side int }

func (s *square) Area() int { return s.side * s.side }

// amount has no field in reach, and says itself when two are equal.
type amount struct{ digits, scale int }

func (a amount) Equal(o amount) bool { return a.digits*o.scale == o.digits*a.scale }

func TestAnyIsComparedByContent(t *testing.T) {
	at := time.Unix(5, 0)
	zone := at.In(time.FixedZone("east", 3600))
	one, other := new(big.Int).SetBits(make([]big.Word, 0, 8)), new(big.Int)
	for name, pair := range map[string][2]any{
		"nil":                 {nil, nil},
		"pointers":            {&square{2}, &square{2}},
		"maps":                {map[string]any{"a": []any{1, []byte("x")}}, map[string]any{"a": []any{1, []byte("x")}}},
		"slices":              {[]int{1}, []int{1}},
		"nil and empty":       {[]int(nil), []int{}},
		"one instant":         {at, zone},
		"instants in fields":  {struct{ At *time.Time }{&at}, struct{ At *time.Time }{&zone}},
		"NaN":                 {[]float64{math.NaN()}, []float64{math.NaN()}},
		"spelling of numbers": {json.Number("1.50"), json.Number("15e-1")},
		"spelling of JSON":    {json.RawMessage(`{"a":1, "b":2}`), json.RawMessage(`{"b":2,"a":1.0}`)},
		"Equal":               {amount{10, 2}, amount{5, 1}},
		"Cmp":                 {one, other},
		"structs":             {url.URL{Host: "h"}, url.URL{Host: "h"}},
	} {
		assert.True(t, convert.SameAny(pair[0], pair[1]), name)
		assert.Empty(t, convert.DiffAny(pair[0], pair[1]), name)
	}
	for name, pair := range map[string][2]any{
		"nil":                 {nil, 0},
		"types":               {int64(1), 1},
		"pointers":            {&square{2}, &square{3}},
		"nil pointer":         {(*square)(nil), &square{}},
		"a member":            {map[string]any{"a": 1}, map[string]any{"b": 1}},
		"a nil member":        {map[string]any{"a": nil}, map[string]any{"b": nil}},
		"a length":            {[]int{1}, []int{1, 1}},
		"an instant":          {at, at.Add(1)},
		"functions":           {at.Unix, at.Unix},
		"JSON":                {json.RawMessage(`{"a":1}`), json.RawMessage(`{"a":1.0000000000000000000001}`)},
		"Equal":               {amount{10, 2}, amount{6, 1}},
		"fields out of reach": {struct{ s square }{square{1}}, struct{ s square }{square{2}}},
	} {
		assert.False(t, convert.SameAny(pair[0], pair[1]), name)
		assert.Len(t, convert.DiffAny(pair[0], pair[1]), 1, name)
	}
	assert.Empty(t, convert.DiffAny[shape](&square{1}, &square{1}))
	assert.Len(t, convert.DiffAny[shape](&square{1}, nil), 1)
}

// TestAnyThatHoldsItself: a walk through a value that holds itself ends, and what differs inside is found.
func TestAnyThatHoldsItself(t *testing.T) {
	knot := func(leaf int) any {
		m := map[string]any{"leaf": leaf}
		list := []any{m, m, m}
		m["list"], m["again"] = list, m
		return m
	}
	assert.True(t, convert.SameAny(knot(1), knot(1)))
	assert.False(t, convert.SameAny(knot(1), knot(2)))
	found := convert.DiffAny(knot(1), knot(2))
	assert.Equal(t, "a large map[string]interface {}", found[0].Old, "a difference can be printed")
}

type comparesByCode interface{ Equal(comparesByCode) bool }

type code int

func (c code) Equal(o comparesByCode) bool { return o == c }

func TestSameEqualKnowsNil(t *testing.T) {
	assert.True(t, convert.SameEqual[comparesByCode](nil, nil))
	assert.False(t, convert.SameEqual[comparesByCode](code(1), nil))
	assert.False(t, convert.SameEqual[comparesByCode](nil, code(1)))
	assert.True(t, convert.SameEqual[comparesByCode](code(1), code(1)))
}
