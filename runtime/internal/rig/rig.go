// Package rig builds small migrations for the tests of reconcile, backfill, verify and ctl: two in-memory stores that
// can be made to fail, a journal, a control store, and a client that writes by the protocol, a step at a time.
package rig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Kind is the entity kind of a rig.
const Kind = "Item"

// Item is the entity that a rig's stores hold.
type Item struct {
	ID    string
	Name  string
	Count int
	Tags  []string
	At    time.Time
	Note  *string
}

// Clone copies an item deeply.
func (i Item) Clone() Item {
	i.Tags = slices.Clone(i.Tags)
	if i.Note != nil {
		note := *i.Note
		i.Note = &note
	}
	return i
}

// Diff compares two items field by field.
func Diff(a, b Item) []dual.Difference {
	var differences []dual.Difference
	field := func(path string, equal bool, x, y any) {
		if !equal {
			differences = append(differences, dual.Difference{Path: path, Old: x, New: y})
		}
	}
	field("ID", a.ID == b.ID, a.ID, b.ID)
	field("Name", a.Name == b.Name, a.Name, b.Name)
	field("Count", a.Count == b.Count, a.Count, b.Count)
	field("Tags", (a.Tags == nil) == (b.Tags == nil) && slices.Equal(a.Tags, b.Tags), a.Tags, b.Tags)
	field("At", a.At.Equal(b.At), a.At, b.At)
	field("Note", (a.Note == nil) == (b.Note == nil) && (a.Note == nil || *a.Note == *b.Note), a.Note, b.Note)
	return differences
}

// Options of a rig.
type Options struct {
	Phase   phase.Phase                           // defaults to OldPrimary
	Journal journal.Journal                       // defaults to a memory journal
	Control control.Control                       // defaults to a memory control
	Orders  [2]func(a, b string) int              // of the stores' scans
	Wrap    func(control.Control) control.Control // around the control that the migration sees
	Hooks   *hooks.Hooks                          // of the migration
}

// Rig is one migration of one process.
type Rig struct {
	T         testing.TB
	Control   control.Control
	Journal   journal.Journal
	Faults    *dualtest.Faults
	Stores    [2]*dualtest.Store[Item]
	Migration *dual.Migration

	hooks *hooks.Hooks
}

// Settle is the rigs' settle window.
const Settle = 10 * time.Second

// New builds a rig and waits until its instance follows the phase.
func New(t testing.TB, o Options) *Rig {
	r := &Rig{T: t, Control: o.Control, Journal: o.Journal, Faults: new(dualtest.Faults), hooks: o.Hooks}
	if r.Journal == nil {
		r.Journal = journal.NewMemory()
	}
	if r.Control == nil {
		r.Control = control.NewMemory()
	}
	if o.Phase == 0 {
		o.Phase = phase.OldPrimary
	}
	for _, position := range []phase.Store{phase.Old, phase.New} {
		r.Stores[position] = dualtest.NewStore(dualtest.StoreConfig[Item]{
			Name: position.String(), ID: func(i Item) string { return i.ID }, Clone: Item.Clone,
			Order: o.Orders[position], Faults: r.Faults,
		})
	}
	r.SetPhase(o.Phase)
	r.Migration = r.Open(o.Wrap)
	return r
}

// SetPhase stores a flag record of that phase, without gates.
func (r *Rig) SetPhase(p phase.Phase) {
	_, err := control.Update(context.Background(), r.Control, func(record *control.Record) error {
		record.Epoch++
		if p.Mirrored() && !record.Phase.Mirrored() {
			record.MirroredSince, record.MirroredFrom = record.Epoch, p.Primary()
		}
		record.Phase, record.Kinds = p, []string{Kind}
		return nil
	})
	require.NoError(r.T, err)
}

// Open makes another migration over the same stores, as a second process would, and waits until it follows the phase.
func (r *Rig) Open(wrap func(control.Control) control.Control) *dual.Migration {
	seen := r.Control
	if wrap != nil {
		seen = wrap(seen)
	}
	m, err := dual.NewMigration(dual.Config{
		Control: seen, Journal: r.Journal, Settle: Settle, Hooks: r.hooks,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(r.T, err)
	dual.AddEntity(m, &r.Stores, Entity())
	r.T.Cleanup(func() { require.NoError(r.T, m.Close(context.Background())) })
	r.Follow()
	r.await(func(i control.Instance) bool { return i.ID == m.Instance() && len(i.Kinds) > 0 })
	return m
}

// await waits until an instance has reported what is wanted: its first renewal may be from before it had its kind.
func (r *Rig) await(wanted func(control.Instance) bool) {
	for range 1000 {
		instances, err := r.Control.Instances(context.Background())
		require.NoError(r.T, err)
		if slices.ContainsFunc(instances, wanted) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.FailNow(r.T, "no instance reports what is wanted")
}

// Follow waits until every instance has acknowledged the flag record.
func (r *Rig) Follow() {
	for range 1000 {
		if _, err := control.Settled(context.Background(), r.Control); err == nil {
			instances, err := r.Control.Instances(context.Background())
			require.NoError(r.T, err)
			if len(instances) > 0 {
				return
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.FailNow(r.T, "the instances do not follow the flag record")
}

// Entity says how items are copied.
func Entity() dual.Entity[*dualtest.Store[Item], Item] {
	type store = *dualtest.Store[Item]
	return dual.Entity[store, Item]{
		Kind: Kind,
		Key:  func(i Item) dual.Key { return Key(i.ID) },
		Get: func(ctx context.Context, s store, key dual.Key) (Item, bool, error) {
			i, err := s.Get(ctx, key.ID)
			if errors.Is(err, dualtest.ErrNotFound) {
				return Item{}, false, nil
			}
			return i, err == nil, err
		},
		Put: func(ctx context.Context, s store, i Item) error { return s.Put(ctx, i) },
		Delete: func(ctx context.Context, s store, key dual.Key) error {
			if err := s.Delete(ctx, key.ID); !errors.Is(err, dualtest.ErrNotFound) {
				return err
			}
			return nil
		},
		Scan: func(ctx context.Context, s store, cursor string, limit int) ([]Item, string, error) {
			return s.Scan(ctx, cursor, limit)
		},
		Diff:  Diff,
		Shape: "At,Count,ID,Name,Note,Tags 1",
	}
}

// Key names an item.
func Key(id string) dual.Key { return dual.Key{Kind: Kind, ID: id} }

// NewItem makes an item whose fields follow from id and version.
func NewItem(id string, version int) Item {
	note := fmt.Sprintf("note %d", version)
	return Item{
		ID: id, Name: fmt.Sprintf("name of %s v%d", id, version), Count: version, Tags: []string{"a", id},
		At: time.Unix(1_700_000_000+int64(version), 123_456_000).UTC(), Note: &note,
	}
}

// ID is the encoded key of the n-th item.
func ID(n int) string { return fmt.Sprintf("item-%07d", n) }

// Fill puts n items at version 1 into one store, behind the wrapper's back.
func (r *Rig) Fill(position phase.Store, n int) {
	for i := range n {
		item := NewItem(ID(i), 1)
		r.Stores[position].Corrupt(item.ID, &item)
	}
}

// Put writes an item as a wrapped client does: token, primary, mirror, token.
func (r *Rig) Put(item Item) {
	r.write(item.ID, func(s *dualtest.Store[Item]) error { return s.Put(context.Background(), item) })
}

// Delete removes an item as a wrapped client does.
func (r *Rig) Delete(id string) {
	r.write(id, func(s *dualtest.Store[Item]) error {
		if err := s.Delete(context.Background(), id); !errors.Is(err, dualtest.ErrNotFound) {
			return err
		}
		return nil
	})
}

func (r *Rig) write(id string, do func(*dualtest.Store[Item]) error) {
	ctx := context.Background()
	record, err := r.Control.Load(ctx)
	require.NoError(r.T, err)
	token, err := r.Journal.Begin(ctx, "client", Key(id), record.Phase.Primary())
	require.NoError(r.T, err)
	primary := do(r.Stores[token.Primary])
	mirror := errors.New("not tried")
	if primary == nil {
		mirror = do(r.Stores[token.Primary.Other()])
	}
	if err := r.Journal.End(ctx, Key(id), token, primary == nil && mirror == nil); !errors.Is(err, journal.ErrTokenLost) {
		require.NoError(r.T, err)
	}
}

// Make writes an item as a wrapped client does whose primary makes the key: token of the kind, primary, token of the key, mirror. It
// calls during between the primary and the key's token, if that is set.
func (r *Rig) Make(item Item, during func()) {
	ctx, whole := context.Background(), Key("")
	whole.Whole = true
	record, err := r.Control.Load(ctx)
	require.NoError(r.T, err)
	kind, err := r.Journal.Begin(ctx, "client", whole, record.Phase.Primary())
	require.NoError(r.T, err)
	require.NoError(r.T, r.Stores[kind.Primary].Put(ctx, item))
	if during != nil {
		during()
	}
	token, err := r.Journal.(journal.Handover).Handover(ctx, "client", kind, Key(item.ID))
	require.NoError(r.T, err)
	require.NoError(r.T, r.Stores[kind.Primary.Other()].Put(ctx, item))
	require.NoError(r.T, r.Journal.End(ctx, Key(item.ID), token, true))
}

// Equal reports whether the stores hold the same items.
func (r *Rig) Equal() bool { return reflect.DeepEqual(r.Stores[0].Snapshot(), r.Stores[1].Snapshot()) }

// Unclean counts the keys that the journal knows.
func (r *Rig) Unclean() int {
	counts, err := r.Journal.Counts(context.Background(), "")
	require.NoError(r.T, err)
	return counts.Unclean()
}
