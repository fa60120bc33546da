package fallback_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/fallback"
	"github.com/dualgen/dualgen/runtime/phase"
)

// names is a store in memory.
type names struct{ sync.Map }

func (n *names) Get(_ context.Context, id string) (row, error) {
	if text, ok := n.Load(id); ok {
		return row{id, text.(string)}, nil
	}
	return row{}, errNoRow
}

func (n *names) has(id string) bool { _, ok := n.Load(id); return ok }

// rowEntity says how rows are copied; a generated wrapper says it of its entities.
func rowEntity() dual.Entity[*names, row] {
	return dual.Entity[*names, row]{
		Kind: "Row",
		Key:  func(r row) dual.Key { return rowKey(r.ID) },
		Get: func(ctx context.Context, store *names, key dual.Key) (row, bool, error) {
			r, err := store.Get(ctx, key.ID)
			if errors.Is(err, errNoRow) {
				return r, false, nil
			}
			return r, err == nil, err
		},
		Put: func(_ context.Context, store *names, r row) error { store.Store(r.ID, r.Text); return nil },
		Scan: func(ctx context.Context, store *names, _ string, _ int) (rows []row, next string, err error) {
			store.Range(func(id, text any) bool { rows = append(rows, row{id.(string), text.(string)}); return true })
			return rows, "", nil
		},
	}
}

// Reads move to the new store while it is empty. What a call touches is copied, and Copy brings the rest.
func ExampleCopy() {
	ctx := context.Background()
	old, new := &names{}, &names{}
	for _, id := range []string{"a", "b", "c"} {
		old.Store(id, "text of "+id)
	}
	m, err := dual.NewMigration(dual.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close(ctx)
	stores := &[2]*names{old, new}
	get := m.Method(dual.MethodInfo{Name: "Names.Get", Kind: dual.KindRead})
	dual.AddEntity(m, stores, rowEntity())

	// As the commands do: advance; set --fallback lookup; advance --confirm; advance.
	coordinator := control.NewCoordinator(m.Control(), m.Journal())
	settled := func() {
		for {
			if record, err := control.Settled(ctx, m.Control()); err == nil && m.Phase() == record.Phase {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
	step := func(do func() (control.Record, error)) {
		settled()
		if _, err := do(); err != nil {
			fmt.Println(err)
		}
		settled()
	}
	advance := func() (control.Record, error) { return coordinator.Advance(ctx, control.Step{Confirm: true}) }
	step(advance)
	step(func() (control.Record, error) {
		return coordinator.Set(ctx, phase.Settings{Fallback: phase.FallbackLookup}, control.Step{})
	})
	step(advance)
	step(advance)

	call, err := m.Begin(get) // what a generated wrapper does
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := dual.Read(ctx, call, stores, rowKey("a"), "a", &dual.Reading[string, row]{Absent: func(_ row, err error) bool { return errors.Is(err, errNoRow) }},
		func(ctx context.Context, store *names, id string) (row, error) { return store.Get(ctx, id) })
	call.End()
	fmt.Println(m.Phase(), r.Text, err, "copied:", new.has("a"))

	report, err := fallback.Copy(ctx, m, "Row", fallback.Config{})
	fmt.Println(report.Listed, report.Brought, report.Complete, err, "copied:", new.has("a"))
	// Output:
	// NewGuarded text of a <nil> copied: false
	// 3 3 true <nil> copied: true
}
