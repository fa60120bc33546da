package dualtest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
)

// node is a type that can be cyclic.
type node struct {
	Name string
	Next *node
	All  map[string]any
}

// TestShow demands that values are written as people read them.
func TestShow(t *testing.T) {
	loop := &node{Name: "a"}
	loop.Next = loop
	text := "x"
	for want, value := range map[string]any{
		"nil":                                  nil,
		`"x"`:                                  &text,
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf6": uuid.MustParse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
		"f81d4fae-7dec-11d0-a765-00a0c91e6bf7": [16]byte(uuid.MustParse("f81d4fae-7dec-11d0-a765-00a0c91e6bf7")),
		"2024-02-29T12:00:00.000001Z":          time.Date(2024, 2, 29, 12, 0, 0, 1000, time.UTC),
		"1m30s":                                90 * time.Second,
		`"{\"a\":1}"`:                          json.RawMessage(`{"a":1}`),
		`"text"`:                               []byte("text"),
		"0xfffe00":                             []byte{0xff, 0xfe, 0},
		"[1, 2]":                               []int{1, 2},
		`{"a": 1, "b": nil}`:                   map[string]any{"b": nil, "a": 1},
		`{"a", "b"}`:                           map[string]struct{}{"b": {}, "a": {}},
		"broken":                               errors.New("broken"),
		`node{Name: "a", Next: node{Name: "a", Next: node{Name: "a", Next: node{Name: …, Next: …}}}}`: loop,
		"node{}": node{},
	} {
		assert.Equal(t, want, Show(value))
	}
}

// TestShowNilAndEmpty demands that nil and empty are told apart.
func TestShowNilAndEmpty(t *testing.T) {
	empty := ""
	for want, value := range map[string]any{
		"[nil, []]": [][]int{nil, {}},
		`[nil, ""]`: [][]byte{nil, {}},
		"[nil, {}]": []map[string]int{nil, {}},
	} {
		assert.Equal(t, want, Show(value))
	}
	assert.Equal(t, `[nil, ""]`, Show([]*string{nil, &empty}))
	assert.Equal(t, "node{All: {}}", Show(node{All: map[string]any{}}))
}

// TestDeepSharesNothing demands that a copy is another value that is equal, cyclic ones included.
func TestDeepSharesNothing(t *testing.T) {
	list := []any{map[string]any{"a": []any{1.0}}}
	loop := &node{Name: "a", All: map[string]any{"list": list}}
	loop.Next = loop
	copied := deep(loop)
	assert.Equal(t, loop.All, copied.All)
	assert.Same(t, copied, copied.Next)
	list[0].(map[string]any)["a"].([]any)[0] = 2.0
	copied.Name = "b"
	assert.Equal(t, []any{map[string]any{"a": []any{1.0}}}, copied.All["list"])
	assert.Equal(t, "a", loop.Name)
}
