package queue_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/queue"
)

type address struct {
	Street string
	note   string
}

type user struct {
	ID      int64
	Name    string
	At      time.Time
	Tags    []string
	Scores  map[string]float64
	Address *address
	Secret  string   `json:"-"`
	Flags   []string `json:",omitempty"`
	Any     any
}

// What JSON would not keep is refused, with the field's name.
func TestEncodeRefusesWhatIsLost(t *testing.T) {
	full := user{ID: 1 << 60, Name: "ä", At: time.Now(), Tags: []string{}, Scores: map[string]float64{"a": 0.1}, Address: &address{Street: "s"}}
	data, err := queue.Encode(full)
	require.NoError(t, err)
	back, err := queue.Decode[user](data)
	require.NoError(t, err)
	assert.True(t, full.At.Equal(back.At))
	full.At, back.At = time.Time{}, time.Time{}
	assert.Equal(t, full, back)
	for want, broken := range map[string]user{
		"Secret":       {Secret: "s"},
		"Address.note": {Address: &address{note: "n"}},
		"Name":         {Name: "\xff"},
		"Flags":        {Flags: []string{}},
		"Any":          {Any: 1},
	} {
		_, err := queue.Encode(broken)
		require.ErrorIs(t, err, queue.ErrLost, want)
		assert.ErrorContains(t, err, "does not keep "+want)
	}
	_, err = queue.Encode(func() {})
	require.ErrorIs(t, err, queue.ErrLost)
	_, err = queue.Decode[struct{ A int }]([]byte(`{"A":1,"B":2}`))
	require.Error(t, err, "another build's")
}

// A call that was refused before a store was touched counts for nothing; an unknown outcome waits the settle window out.
func TestJudge(t *testing.T) {
	c := queue.Config{}.Complete()
	for _, refused := range []error{dual.ErrReadOnly, dual.ErrLeaseLost, fmt.Errorf("x: %w", dual.ErrBusy)} {
		v := c.Judge(queue.Entry{Attempts: 100}, refused)
		assert.False(t, v.Park || v.Count)
		assert.Less(t, v.After, 2*time.Second)
	}
	v := c.Judge(queue.Entry{}, errors.Join(dual.ErrUnknown, dual.ErrLeaseLost))
	assert.True(t, v.Count)
	assert.GreaterOrEqual(t, v.After, c.Settle)
	assert.True(t, c.Judge(queue.Entry{Attempts: 9}, context.DeadlineExceeded).Park)
	assert.True(t, c.Judge(queue.Entry{}, queue.Permanent(errors.New("x"))).Park)
}
