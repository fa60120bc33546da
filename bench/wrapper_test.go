package bench

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// user is the entity of the benchmarks.
type user struct{ ID, Name string }

// users is the repository of the benchmarks.
type users interface {
	Get(ctx context.Context, id string) (user, error)
	Save(ctx context.Context, u user) error
}

// still is a store that does nothing, so that what is measured is the call.
type still struct{ answer user }

//go:noinline
func (s *still) Get(context.Context, string) (user, error) { return s.answer, nil }

//go:noinline
func (s *still) Save(context.Context, user) error { return nil }

// dualUsers is a wrapper as the generator writes it.
type dualUsers struct {
	stores    [2]users
	migration *dual.Migration
	get       *dual.Method
	save      *dual.Method
}

func newDualUsers(old, new users, migration *dual.Migration) *dualUsers {
	return &dualUsers{
		stores:    [2]users{old, new},
		migration: migration,
		get:       migration.Method(dual.MethodInfo{Name: "Users.Get", Kind: dual.KindRead}),
		save:      migration.Method(dual.MethodInfo{Name: "Users.Save", Kind: dual.KindWrite, Mirror: dual.Replay}),
	}
}

func userKey(id string) dual.Key { return dual.Key{Kind: "User", ID: id} }

var usersGetReading = dual.Reading[string, user]{
	Diff: func(a, b user) []dual.Difference {
		if a != b {
			return []dual.Difference{{Path: ""}}
		}
		return nil
	},
}

func (d *dualUsers) Get(ctx context.Context, id string) (user, error) {
	call, err := d.migration.Begin(d.get)
	if err != nil {
		return user{}, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Get(ctx, id)
	}
	return dual.Read(ctx, call, &d.stores, userKey(id), id, &usersGetReading,
		func(ctx context.Context, store users, id string) (user, error) {
			return store.Get(ctx, id)
		})
}

func (d *dualUsers) Save(ctx context.Context, u user) error {
	call, err := d.migration.Begin(d.save)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Save(ctx, u)
	}
	return dual.Write(ctx, call, &d.stores, userKey(u.ID), u, nil,
		func(ctx context.Context, store users, u user) error {
			return store.Save(ctx, u)
		})
}

// subject is a way to make the calls.
type subject struct {
	name string
	open func(b *testing.B) users
}

func subjects() []subject {
	all := []subject{{"direct", func(*testing.B) users { return &still{} }}}
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		for _, settings := range []dual.Settings{
			{Mirror: dual.Inline}, {Mirror: dual.Parallel}, {Mirror: dual.Async}, {Compare: 0.01},
		} {
			if settings.Validate(p) != nil || !p.Mirrored() && settings != (dual.Settings{}) {
				continue
			}
			name := fmt.Sprintf("dualgen/%v/%v", p, settings.Mirror)
			if settings.Compare > 0 {
				name = fmt.Sprintf("dualgen/%v/compare=1%%", p)
			}
			all = append(all, subject{name, func(b *testing.B) users { return openDual(b, p, settings) }})
		}
	}
	return append(all, peers()...)
}

// openDual starts a migration of one process in a phase.
func openDual(b *testing.B, p dual.Phase, settings dual.Settings) users {
	b.Helper()
	ctx := context.Background()
	store := control.NewMemory()
	if err := store.Swap(ctx, 0, control.Record{Epoch: 1, Phase: p, Settings: settings}); err != nil {
		b.Fatal(err)
	}
	migration, err := dual.NewMigration(dual.Config{Control: store, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := migration.Close(ctx); err != nil {
			b.Error(err)
		}
	})
	return newDualUsers(&still{}, &still{}, migration)
}

// keys are what the calls are spread over.
var keys = func() (keys [1024]string) {
	for i := range keys {
		keys[i] = fmt.Sprint("user-", i)
	}
	return keys
}()

func read(u users, i int) error {
	_, err := u.Get(context.Background(), keys[i&1023])
	return err
}

func write(u users, i int) error {
	return u.Save(context.Background(), user{ID: keys[i&1023], Name: "name"})
}

func BenchmarkRead(b *testing.B)  { all(b, read) }
func BenchmarkWrite(b *testing.B) { all(b, write) }

func all(b *testing.B, call func(u users, i int) error) {
	for _, s := range subjects() {
		b.Run(s.name+"/serial", func(b *testing.B) {
			u := s.open(b)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if err := call(u, i); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(s.name+"/cores", func(b *testing.B) {
			u := s.open(b)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for i := 0; pb.Next(); i++ {
					if err := call(u, i); err != nil {
						b.Error(err)
						return
					}
				}
			})
		})
	}
}
