package dual_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/require"
)

// note is the entity of these tests.
type note struct{ ID, Text string }

var errNotFound = errors.New("no such note")

// notes is the repository of these tests.
type notes interface {
	Get(ctx context.Context, id string) (note, error)
	Put(ctx context.Context, n note) error
	PutAll(ctx context.Context, all []note) (int, error)
	Append(ctx context.Context, id, text string) (note, error)
	Delete(ctx context.Context, id string) error
	Create(ctx context.Context, text string) (note, error)
	Clear(ctx context.Context) error
	Lock(ctx context.Context) error
	Close(ctx context.Context) error
}

// store is a notes in memory. hook sees every call before it has its effect, and an error that hook returns ends it;
// after sees it once it had its effect.
type store struct {
	name        string
	mu          sync.Mutex
	notes       map[string]note
	made        int
	calls       []string
	hook, after func(ctx context.Context, call string) error
}

func newStore(name string) *store { return &store{name: name, notes: make(map[string]note)} }

func (s *store) do(ctx context.Context, call string, effect func() error) error {
	s.mu.Lock()
	s.calls = append(s.calls, call)
	hook, after := s.hook, s.after
	s.mu.Unlock()
	if hook != nil {
		if err := hook(ctx, call); err != nil {
			return err
		}
	}
	s.mu.Lock()
	err := effect()
	s.mu.Unlock()
	if err == nil && after != nil {
		err = after(ctx, call)
	}
	return err
}

func (s *store) Get(ctx context.Context, id string) (n note, err error) {
	err = s.do(ctx, "Get", func() error {
		var ok bool
		if n, ok = s.notes[id]; !ok {
			return errNotFound
		}
		return nil
	})
	return n, err
}

func (s *store) Put(ctx context.Context, n note) error {
	return s.do(ctx, "Put", func() error { s.notes[n.ID] = n; return nil })
}

func (s *store) PutAll(ctx context.Context, all []note) (int, error) {
	return len(all), s.do(ctx, "PutAll", func() error {
		for _, n := range all {
			s.notes[n.ID] = n
		}
		return nil
	})
}

func (s *store) Append(ctx context.Context, id, text string) (n note, err error) {
	err = s.do(ctx, "Append", func() error {
		n = note{ID: id, Text: s.notes[id].Text + text}
		s.notes[id] = n
		return nil
	})
	return n, err
}

func (s *store) Delete(ctx context.Context, id string) error {
	return s.do(ctx, "Delete", func() error {
		if _, ok := s.notes[id]; !ok {
			return errNotFound
		}
		delete(s.notes, id)
		return nil
	})
}

func (s *store) Create(ctx context.Context, text string) (n note, err error) {
	err = s.do(ctx, "Create", func() error {
		s.made++
		n = note{ID: s.name + string(rune('0'+s.made)), Text: text}
		s.notes[n.ID] = n
		return nil
	})
	return n, err
}

func (s *store) Clear(ctx context.Context) error {
	return s.do(ctx, "Clear", func() error { clear(s.notes); return nil })
}

func (s *store) Lock(ctx context.Context) error {
	return s.do(ctx, "Lock", func() error { return nil })
}
func (s *store) Close(ctx context.Context) error {
	return s.do(ctx, "Close", func() error { return nil })
}

func (s *store) fail(hook func(ctx context.Context, call string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = hook
}

func (s *store) content() map[string]note {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.notes)
}

func (s *store) called() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.calls...)
}

func noteKey(id string) dual.Key { return dual.Key{Kind: "note", ID: id} }

// dualNotes is a wrapper as the generator writes it.
type dualNotes struct {
	stores                                                [2]notes
	migration                                             *dual.Migration
	get, put, putAll, append, delete, create, clear, lock *dual.Method
}

func newDualNotes(old, new notes, migration *dual.Migration) *dualNotes {
	absent := func(err error) bool { return errors.Is(err, errNotFound) }
	d := &dualNotes{
		stores:    [2]notes{old, new},
		migration: migration,
		get:       migration.Method(dual.MethodInfo{Name: "notes.Get", Kind: dual.KindRead}),
		put:       migration.Method(dual.MethodInfo{Name: "notes.Put", Kind: dual.KindWrite}),
		putAll:    migration.Method(dual.MethodInfo{Name: "notes.PutAll", Kind: dual.KindWrite}),
		append:    migration.Method(dual.MethodInfo{Name: "notes.Append", Kind: dual.KindWrite, Mirror: dual.Copy}),
		delete:    migration.Method(dual.MethodInfo{Name: "notes.Delete", Kind: dual.KindDelete, Absent: absent}),
		create:    migration.Method(dual.MethodInfo{Name: "notes.Create", Kind: dual.KindWrite, Mirror: dual.Copy}),
		clear:     migration.Method(dual.MethodInfo{Name: "notes.Clear", Kind: dual.KindWrite}),
		lock:      migration.Method(dual.MethodInfo{Name: "notes.Lock", Kind: dual.KindPrimary}),
	}
	dual.AddEntity(migration, &d.stores, dual.Entity[notes, note]{
		Kind: "note",
		Key:  func(n note) dual.Key { return noteKey(n.ID) },
		Get: func(ctx context.Context, store notes, key dual.Key) (note, bool, error) {
			n, err := store.Get(ctx, key.ID)
			if errors.Is(err, errNotFound) {
				return note{}, false, nil
			}
			return n, err == nil, err
		},
		Put: func(ctx context.Context, store notes, n note) error { return store.Put(ctx, n) },
		Delete: func(ctx context.Context, store notes, key dual.Key) error {
			if err := store.Delete(ctx, key.ID); err != nil && !errors.Is(err, errNotFound) {
				return err
			}
			return nil
		},
		Diff: diffNotes,
	})
	return d
}

func diffNotes(a, b note) []dual.Difference {
	var differences []dual.Difference
	if a.ID != b.ID {
		differences = append(differences, dual.Difference{Path: "ID", Old: a.ID, New: b.ID})
	}
	if a.Text != b.Text {
		differences = append(differences, dual.Difference{Path: "Text", Old: a.Text, New: b.Text})
	}
	return differences
}

var readingNote = dual.Reading[string, note]{
	Diff:   diffNotes,
	Absent: func(_ note, err error) bool { return errors.Is(err, errNotFound) },
}

func (d *dualNotes) Get(ctx context.Context, id string) (note, error) {
	call, err := d.migration.Begin(d.get)
	if err != nil {
		return note{}, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Get(ctx, id)
	}
	return dual.Read(ctx, call, &d.stores, noteKey(id), id, &readingNote,
		func(ctx context.Context, store notes, id string) (note, error) { return store.Get(ctx, id) })
}

func (d *dualNotes) Put(ctx context.Context, n note) error {
	call, err := d.migration.Begin(d.put)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Put(ctx, n)
	}
	return dual.Write(ctx, call, &d.stores, noteKey(n.ID), n, nil,
		func(ctx context.Context, store notes, n note) error { return store.Put(ctx, n) })
}

func cloneNotes(all []note) []note { return append([]note{}, all...) }

func (d *dualNotes) PutAll(ctx context.Context, all []note) (int, error) {
	call, err := d.migration.Begin(d.putAll)
	if err != nil {
		return 0, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].PutAll(ctx, all)
	}
	keys := make([]dual.Key, len(all))
	for i, n := range all {
		keys[i] = noteKey(n.ID)
	}
	return dual.WriteManyValue(ctx, call, &d.stores, keys, all, cloneNotes,
		func(ctx context.Context, store notes, all []note) (int, error) { return store.PutAll(ctx, all) })
}

type appendArgs struct{ id, text string }

func (d *dualNotes) Append(ctx context.Context, id, text string) (note, error) {
	call, err := d.migration.Begin(d.append)
	if err != nil {
		return note{}, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Append(ctx, id, text)
	}
	return dual.WriteValue(ctx, call, &d.stores, noteKey(id), appendArgs{id, text}, nil,
		func(ctx context.Context, store notes, args appendArgs) (note, error) {
			return store.Append(ctx, args.id, args.text)
		})
}

func (d *dualNotes) Delete(ctx context.Context, id string) error {
	call, err := d.migration.Begin(d.delete)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Delete(ctx, id)
	}
	return dual.Write(ctx, call, &d.stores, noteKey(id), id, nil,
		func(ctx context.Context, store notes, id string) error { return store.Delete(ctx, id) })
}

func (d *dualNotes) Create(ctx context.Context, text string) (note, error) {
	call, err := d.migration.Begin(d.create)
	if err != nil {
		return note{}, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Create(ctx, text)
	}
	return dual.WriteMade(ctx, call, &d.stores, "note", text,
		func(n note, _ string) dual.Key { return noteKey(n.ID) },
		func(ctx context.Context, store notes, text string) (note, error) { return store.Create(ctx, text) })
}

func (d *dualNotes) Clear(ctx context.Context) error {
	call, err := d.migration.Begin(d.clear)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Clear(ctx)
	}
	return dual.Write(ctx, call, &d.stores, dual.Key{Kind: "note", Whole: true}, struct{}{}, nil,
		func(ctx context.Context, store notes, _ struct{}) error { return store.Clear(ctx) })
}

func (d *dualNotes) Lock(ctx context.Context) error {
	call, err := d.migration.Begin(d.lock)
	if err != nil {
		return err
	}
	defer call.End()
	store, _ := call.Single()
	return d.stores[store].Lock(ctx)
}

func (d *dualNotes) Close(ctx context.Context) error {
	return dual.Both(ctx, &d.stores, func(ctx context.Context, store notes) error { return store.Close(ctx) })
}

// ground is a wrapper with all that stands around it.
type ground struct {
	t         *testing.T
	old, new  *store
	control   control.Control
	journal   journal.Journal
	migration *dual.Migration
	notes     *dualNotes
}

// quiet is a logger that says nothing.
// bubble runs a test on a clock of its own, which no busy machine delays.
func bubble(test func(t *testing.T)) func(*testing.T) {
	return func(t *testing.T) { synctest.Test(t, test) }
}

// enough is how long a test waits for what should come at once: longer than a busy machine keeps it waiting.
const enough = 3 * time.Minute

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// newGround starts a migration at OldOnly, for the changes that configure makes.
func newGround(t *testing.T, configure ...func(*dual.Config)) *ground {
	t.Helper()
	g := &ground{t: t, old: newStore("old"), new: newStore("new")}
	g.control, g.journal = control.NewMemory(), journal.NewMemory()
	require.NoError(t, control.Init(context.Background(), g.control, "test"))
	config := dual.Config{Instance: "a", Logger: quiet(), Settle: 20 * time.Millisecond}
	for _, change := range configure {
		change(&config)
	}
	if config.Control == nil {
		config.Control = g.control
	}
	if config.Journal == nil {
		config.Journal = g.journal
	}
	g.control, g.journal = config.Control, config.Journal
	migration, err := dual.NewMigration(config)
	require.NoError(t, err)
	g.migration = migration
	g.notes = newDualNotes(g.old, g.new, migration)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), enough)
		defer cancel()
		if err := migration.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return g
}

// set puts the record at a phase with settings, without asking any gate, and waits until the instance acknowledged it.
func (g *ground) set(p dual.Phase, settings dual.Settings) {
	g.t.Helper()
	record, err := control.Update(context.Background(), g.control, func(r *control.Record) error {
		r.Epoch++
		r.Phase, r.Settings = p, settings
		return nil
	})
	require.NoError(g.t, err)
	require.Eventually(g.t, func() bool { return g.migration.Status().Acked == record.Epoch }, enough, time.Millisecond)
}

// unclean returns the entries of the journal.
func (g *ground) unclean() []journal.Entry {
	g.t.Helper()
	entries, err := g.journal.Unclean(context.Background(), journal.Query{})
	require.NoError(g.t, err)
	return entries
}
