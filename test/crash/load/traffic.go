package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/gocql/gocql"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/test/crash/internal/ledger"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
	"github.com/dualgen/dualgen/test/crash/items"
)

// writer is one goroutine of the traffic: it makes calls at random, most of them on the hot keys.
type writer struct {
	items    items.Items
	book     *ledger.Writer
	settings setting.Settings
	pause    *atomic.Int64 // a time.Duration
	next     int64         // the next value: no two writes share one
}

// afterFailure is the pause after a call that failed, so that a server that is down is not asked too often.
const afterFailure = 50 * time.Millisecond

// valuesEach is how many values one goroutine may write.
const valuesEach = 1 << 24

func newWriter(items items.Items, book *ledger.Writer, s setting.Settings, n int, pause *atomic.Int64) *writer {
	return &writer{items: items, book: book, settings: s, pause: pause, next: (s.Number*64+int64(n))*valuesEach + 1}
}

// run makes calls until ctx ends. It fails if the ledger does, or if a call answered nonsense.
func (w *writer) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := w.once(); err != nil {
			return err
		}
		time.Sleep(time.Duration(rand.Int64N(w.pause.Load() + 1)))
	}
	return nil
}

// once makes one call. The call outlives the traffic, so that its answer is known.
func (w *writer) once() error {
	ctx, cancel := context.WithTimeout(context.Background(), setting.CallTimeout)
	defer cancel()
	if rand.IntN(1000) == 0 {
		return w.sweep(ctx)
	}
	key := w.key()
	switch dice := rand.IntN(100); {
	case dice < 35:
		state := w.state()
		return w.call(ledger.Put, state, []string{key}, func() (ledger.State, error) {
			return state, w.items.Put(ctx, item(key, state))
		})
	case dice < 40:
		return w.putMany(ctx)
	case dice < 55:
		note := ledger.State{Note: w.value()}
		return w.call(ledger.SetNote, note, []string{key}, func() (ledger.State, error) {
			return note, w.items.SetNote(ctx, key, strconv.FormatInt(note.Note, 10))
		})
	case dice < 67:
		return w.call(ledger.Delete, ledger.State{}, []string{key}, func() (ledger.State, error) {
			return ledger.State{}, w.items.Delete(ctx, key)
		})
	case dice < 98:
		return w.call(ledger.Get, ledger.State{}, []string{key}, func() (ledger.State, error) {
			found, err := w.items.Get(ctx, key)
			if errors.Is(err, items.ErrNotFound) {
				return ledger.State{}, nil
			}
			return stateOf(found), err
		})
	}
	return w.list(ctx)
}

func (w *writer) putMany(ctx context.Context) error {
	keys := []string{w.key()}
	for range 2 {
		if key := w.key(); key != keys[0] && key != keys[len(keys)-1] {
			keys = append(keys, key)
		}
	}
	state := w.state()
	many := make([]items.Item, len(keys))
	for i, key := range keys {
		many[i] = item(key, state)
	}
	return w.call(ledger.Put, state, keys, func() (ledger.State, error) { return state, w.items.PutMany(ctx, many) })
}

// sweeper is a repository with a write whose keys are listed.
type sweeper interface {
	Sweep(ctx context.Context, prefix string, remainder int64) error
}

// sweep deletes some of the hot keys, without knowing which.
func (w *writer) sweep(ctx context.Context) error {
	swept, ok := w.items.(sweeper)
	if !ok {
		return nil
	}
	keys := make([]string, w.settings.Hot)
	for i := range keys {
		keys[i] = setting.HotKey(i)
	}
	remainder := 1 + rand.Int64N(15)
	return w.call(ledger.Sweep, ledger.State{Value: remainder}, keys, func() (ledger.State, error) {
		return ledger.State{}, swept.Sweep(ctx, setting.HotPrefix, remainder)
	})
}

// list holds a listing against the little that is promised of it: each item once.
func (w *writer) list(ctx context.Context) error {
	page, err := w.items.List(ctx, 50)
	if err != nil {
		return nil // nothing is promised of a call that fails
	}
	seen := make(map[string]bool, len(page))
	for _, found := range page {
		if seen[found.ID] || found.ID == "" {
			return fmt.Errorf("a listing has %q twice", found.ID)
		}
		seen[found.ID] = true
	}
	return nil
}

// call makes one call on some keys and keeps the books.
func (w *writer) call(op ledger.Op, state ledger.State, keys []string, do func() (ledger.State, error)) error {
	numbers := make([]int64, len(keys))
	for i, key := range keys {
		var err error
		if numbers[i], err = w.book.Begin(op, key, state); err != nil {
			return err
		}
	}
	read, err := do()
	outcome := outcomeOf(err)
	if err != nil {
		defer time.Sleep(afterFailure)
	}
	if outcome == ledger.Unknown {
		return nil
	}
	for _, number := range numbers {
		if err := w.book.End(number, outcome, read); err != nil {
			return err
		}
	}
	return nil
}

// outcomeOf says what the error of a call promises: an error of the runtime that is not ErrUnknown promises that nothing
// was done; one of a store promises nothing.
func outcomeOf(err error) ledger.Outcome {
	var refused *dual.CallError
	var unconnected *pgconn.ConnectError
	switch {
	case err == nil:
		return ledger.Done
	case errors.As(err, &unconnected) || errors.Is(err, gocql.ErrNoConnections):
		return ledger.Refused // the primary was not asked, and so the mirror was not
	case errors.As(err, &refused) && !errors.Is(err, dual.ErrUnknown):
		return ledger.Refused
	}
	return ledger.Unknown
}

func (w *writer) key() string {
	if w.settings.Cold > 0 && rand.IntN(20) == 0 {
		return setting.ColdKey(rand.IntN(w.settings.Cold))
	}
	return setting.HotKey(rand.IntN(w.settings.Hot))
}

func (w *writer) value() int64 {
	w.next++
	return w.next
}

// state is a whole new entity; every other one has a note.
func (w *writer) state() ledger.State {
	s := ledger.State{Present: true, Value: w.value()}
	if s.Value%2 == 0 {
		s.Note = s.Value
	}
	return s
}

func item(key string, s ledger.State) items.Item {
	found := items.Item{ID: key, Value: s.Value}
	if s.Note != 0 {
		note := strconv.FormatInt(s.Note, 10)
		found.Note = &note
	}
	return found
}

func stateOf(found items.Item) ledger.State {
	s := ledger.State{Present: true, Value: found.Value}
	if found.Note != nil {
		s.Note, _ = strconv.ParseInt(*found.Note, 10, 64) // only numbers are written
	}
	return s
}
