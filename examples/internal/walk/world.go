package walk

import (
	"context"
	"errors"
	"log/slog"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// World is an opened example.
type World[K, P any] struct {
	Dual      Packages[K, P]    // the generated wrapper under test
	Single    [2]Packages[K, P] // each store alone, for the audit
	Migration *dual.Migration

	// What follows is for the route Unlisted.
	Bring func(ctx context.Context, name string) error                            // brings one package to the store that reads move to
	List  func(ctx context.Context, store dual.Store) (names []string, err error) // of what a store has; names may come twice. nil, nil: it cannot tell
	Empty func(ctx context.Context) error                                         // empties the old store, which nobody uses

	closers []func(context.Context) error
}

// NewWorld returns the world of a wrapper. wrap wraps the same stores in another migration: in one that stays where it
// is, through which the audit sees one store alone. The stores are closed last.
func NewWorld[K, P any](ctx context.Context, migration *dual.Migration, packages Packages[K, P],
	wrap func(*dual.Migration) Packages[K, P], closeStores ...func() error) (*World[K, P], error) {
	w := &World[K, P]{Dual: packages, Migration: migration, closers: []func(context.Context) error{migration.Close}}
	for position, phase := range []dual.Phase{dual.OldOnly, dual.NewOnly} {
		fixed, err := stayIn(ctx, phase)
		if err != nil {
			return nil, err
		}
		w.Single[position] = wrap(fixed)
		w.closers = append(w.closers, fixed.Close)
	}
	for _, closeStore := range closeStores {
		w.closers = append(w.closers, func(context.Context) error { return closeStore() })
	}
	return w, nil
}

// Close closes the migrations, then the stores.
func (w *World[K, P]) Close(ctx context.Context) error {
	var all []error
	for _, closer := range w.closers {
		all = append(all, closer(ctx))
	}
	return errors.Join(all...)
}

// stayIn returns a migration that stays in a phase for good.
func stayIn(ctx context.Context, phase dual.Phase) (*dual.Migration, error) {
	flags := control.NewMemory()
	if err := flags.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase}); err != nil {
		return nil, err
	}
	return dual.NewMigration(dual.Config{Name: "audit", Control: flags, Logger: slog.New(slog.DiscardHandler)})
}

// Interceptor lets the faults strike the calls of a store.
func Interceptor(faults *dualtest.Faults, store string) func(ctx context.Context, method, key string, next func(context.Context) error) error {
	return func(ctx context.Context, method, key string, next func(context.Context) error) error {
		return faults.Do(ctx, dualtest.Operation{Store: store, Method: method, Key: key}, next)
	}
}

// SameValue reports whether two pointers are both nil or point to equal values.
func SameValue[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
