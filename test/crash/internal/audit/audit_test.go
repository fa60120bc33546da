package audit

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/dualgen/dualgen/test/crash/internal/ledger"
)

const key = "k"

func state(value, note int64) ledger.State {
	return ledger.State{Present: true, Value: value, Note: note}
}

// call makes a call; one that ends at 0 has no answer.
func call(op ledger.Op, wrote, read ledger.State, began, ended time.Duration) ledger.Call {
	c := ledger.Call{Op: op, Key: key, Wrote: wrote, Read: read, Began: began, Ended: ended, Outcome: ledger.Done}
	if ended == 0 {
		c.Outcome = ledger.Unknown
	}
	return c
}

func put(value int64, began, ended time.Duration) ledger.Call {
	return call(ledger.Put, state(value, 0), ledger.State{}, began, ended)
}

func get(read ledger.State, began, ended time.Duration) ledger.Call {
	return call(ledger.Get, ledger.State{}, read, began, ended)
}

func note(value int64, began, ended time.Duration) ledger.Call {
	return call(ledger.SetNote, ledger.State{Present: true, Note: value}, ledger.State{}, began, ended)
}

func remove(began, ended time.Duration) ledger.Call {
	return call(ledger.Delete, ledger.State{}, ledger.State{}, began, ended)
}

func sweep(began, ended time.Duration) ledger.Call {
	return call(ledger.Sweep, ledger.State{Value: 1}, ledger.State{}, began, ended)
}

func TestCheck(t *testing.T) {
	none := ledger.State{}
	refused := put(9, 30, 31)
	refused.Outcome = ledger.Refused
	for name, test := range map[string]struct {
		before, after ledger.State
		calls         []ledger.Call
		lost, illegal bool
	}{
		"nothing happened":                   {before: state(1, 0), after: state(1, 0)},
		"nothing happened, and it is gone":   {before: state(1, 0), after: none, lost: true, illegal: true},
		"a write is there":                   {after: state(2, 0), calls: []ledger.Call{put(2, 10, 20)}},
		"a write is lost":                    {after: none, calls: []ledger.Call{put(2, 10, 20)}, lost: true, illegal: true},
		"a write is undone":                  {before: state(1, 0), after: state(1, 0), calls: []ledger.Call{put(2, 10, 20)}, lost: true, illegal: true},
		"an older write won":                 {after: state(2, 0), calls: []ledger.Call{put(2, 10, 20), put(3, 30, 40)}, lost: true, illegal: true},
		"either of two that overlap":         {after: state(2, 0), calls: []ledger.Call{put(2, 10, 35), put(3, 30, 40)}},
		"without answer, made":               {after: state(2, 0), calls: []ledger.Call{put(2, 10, 0)}},
		"without answer, not made":           {after: none, calls: []ledger.Call{put(2, 10, 0)}},
		"without answer, late":               {after: state(2, 0), calls: []ledger.Call{put(2, 10, 0), put(3, 30, 40)}},
		"without answer, seen and gone":      {after: none, calls: []ledger.Call{put(2, 10, 0), get(state(2, 0), 20, 25), get(none, 30, 35)}, illegal: true},
		"refused, and not made":              {before: state(1, 0), after: state(1, 0), calls: []ledger.Call{refused}},
		"refused, and made all the same":     {before: state(1, 0), after: state(9, 0), calls: []ledger.Call{refused}, lost: true, illegal: true},
		"nobody wrote it":                    {after: state(7, 0), lost: true, illegal: true},
		"a note beside a value":              {after: state(2, 5), calls: []ledger.Call{put(2, 10, 20), note(5, 30, 40)}},
		"a note is lost":                     {after: state(2, 0), calls: []ledger.Call{put(2, 10, 20), note(5, 30, 40)}, lost: true, illegal: true},
		"a note that took the value along":   {after: state(0, 5), calls: []ledger.Call{put(2, 10, 20), note(5, 30, 40)}, lost: true, illegal: true},
		"deleted":                            {before: state(1, 0), after: none, calls: []ledger.Call{remove(10, 20)}},
		"a delete is lost":                   {before: state(1, 0), after: state(1, 0), calls: []ledger.Call{remove(10, 20)}, lost: true, illegal: true},
		"swept":                              {before: state(17, 0), after: none, calls: []ledger.Call{sweep(10, 20)}},
		"not swept, as its value is another": {before: state(18, 0), after: state(18, 0), calls: []ledger.Call{sweep(10, 20)}},
		"a sweep is lost":                    {before: state(17, 0), after: state(17, 0), calls: []ledger.Call{sweep(10, 20)}, illegal: true},
		"swept, though it must not be":       {before: state(18, 0), after: none, calls: []ledger.Call{sweep(10, 20)}, illegal: true},
		"written, and lost before a sweep":   {before: state(18, 0), after: state(18, 0), calls: []ledger.Call{put(19, 10, 20), sweep(30, 40)}, lost: true, illegal: true},
		"a stale read":                       {after: state(2, 0), calls: []ledger.Call{put(2, 10, 20), get(none, 30, 40)}, illegal: true},
		"a read of both while it is written": {after: state(2, 0), calls: []ledger.Call{put(2, 10, 40), get(state(2, 0), 12, 15), get(state(2, 0), 20, 30)}},
		"new, then old again":                {after: state(2, 0), calls: []ledger.Call{put(2, 10, 40), get(state(2, 0), 12, 15), get(none, 20, 30)}, illegal: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := Round{Before: map[string]ledger.State{}, After: map[string]ledger.State{}, Calls: test.calls}
			if test.before.Present {
				r.Before[key] = test.before
			}
			if test.after.Present {
				r.After[key] = test.after
			}
			report := Check(r)
			assert.Equal(t, test.lost, len(report.Lost) > 0, "lost: %v", report.Lost)
			assert.Equal(t, test.illegal, len(report.Illegal) > 0, "illegal: %v", report.Illegal)
		})
	}
}

// Of each field alone, an order may be found where there is none for both together.
func TestByField(t *testing.T) {
	r := Round{
		ByField: true,
		After:   map[string]ledger.State{key: state(2, 5)},
		Calls: []ledger.Call{
			put(2, 10, 40), note(5, 11, 41),
			get(state(0, 5), 12, 13), get(state(2, 5), 20, 21),
		},
	}
	assert.Empty(t, Check(r).Illegal)
	r.ByField = false
	assert.NotEmpty(t, Check(r).Illegal)
}

func TestCompare(t *testing.T) {
	a := map[string]ledger.State{"same": state(1, 1), "other": state(1, 0), "old": state(1, 0)}
	b := map[string]ledger.State{"same": state(1, 1), "other": state(2, 0), "new": state(1, 0)}
	assert.Len(t, Compare(a, b), 3)
	assert.Empty(t, Compare(a, a))
}
