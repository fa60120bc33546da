package inplace

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/inplace/jsonstore"
	"github.com/dualgen/dualgen/test/situations/inplace/linestore"
	"github.com/dualgen/dualgen/test/situations/walk"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// table is one table with both formats.
func table(t *testing.T) (*sql.DB, linestore.Profiles, jsonstore.Profiles) {
	t.Helper()
	db, err := sql.Open("pgx", servertest.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(8)
	for _, statement := range []string{linestore.Schema, jsonstore.Expand} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	return db, linestore.Profiles{DB: db}, jsonstore.Profiles{DB: db}
}

// TestConformance over one table: the suite's old and new store are the two formats of the same rows.
func TestConformance(t *testing.T) {
	db, old, new := table(t)
	walk.Sequences(t, 20)
	RunProfilesConformance(t, func(t *testing.T) (linestore.Profiles, jsonstore.Profiles) {
		if _, err := db.Exec("DELETE FROM profiles"); err != nil {
			t.Fatal(err)
		}
		return old, new
	})
}

// TestDeletesLeaveTheOtherFormat: what a store removes is its own.
func TestDeletesLeaveTheOtherFormat(t *testing.T) {
	_, old, new := table(t)
	ctx := t.Context()
	for _, first := range []bool{true, false} {
		if err := errors.Join(old.Save(ctx, linestore.Profile{ID: "a"}), new.Save(ctx, jsonstore.Document{ID: "a"})); err != nil {
			t.Fatal(err)
		}
		if first {
			if err := old.Delete(ctx, "a"); err != nil {
				t.Fatal(err)
			}
			if _, err := new.Get(ctx, "a"); err != nil {
				t.Errorf("the old store's delete took the document: %v", err)
			}
			continue
		}
		if err := new.Delete(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		if _, err := old.Get(ctx, "a"); err != nil {
			t.Errorf("the new store's delete took the lines: %v", err)
		}
	}
}

// TestWalk converts the rows in place while clients write and delete, there and back, and drops the old column in the end.
func TestWalk(t *testing.T) {
	db, old, new := table(t)
	ctx := context.Background()
	for n := range 200 {
		if err := old.Save(ctx, linestore.Profile{ID: fmt.Sprintf("p%03d", n), Name: "of before", Theme: "a\nb", Beta: n%2 == 0}); err != nil {
			t.Fatal(err)
		}
	}
	w := walk.Start(t)
	profiles := NewDualProfiles(old, new, w.Migration)
	clients := newClients(profiles)
	stop := clients.run(t)
	w.To(phase.NewPrimary)
	for w.Phase() > phase.OldPrimary { // the way back, under the same traffic
		if err := w.Back(); err != nil {
			t.Fatal(err)
		}
	}
	w.To(phase.NewPrimary)
	stop()
	w.To(phase.NewOnly)
	if _, err := db.Exec(jsonstore.Contract); err != nil {
		t.Fatal(err)
	}
	got := map[string]Profile{}
	all, err := profiles.List(ctx, "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		got[p.ID] = p
	}
	for n := range 200 {
		id := fmt.Sprintf("p%03d", n)
		if want := (Profile{ID: id, Name: "of before", Theme: "a\nb", Beta: n%2 == 0}); got[id] != want {
			t.Errorf("%v is %v after the conversion", want, got[id])
		}
		delete(got, id)
	}
	if !maps.Equal(got, clients.held) {
		t.Errorf("clients have %d profiles, the table %d\n%v\n%v", len(clients.held), len(got), clients.held, got)
	}
}

// clients each have keys of their own, so that what was acknowledged last is known.
type clients struct {
	profiles Profiles
	mu       sync.Mutex
	held     map[string]Profile
	writes   int
}

func newClients(profiles Profiles) *clients {
	return &clients{profiles: profiles, held: map[string]Profile{}}
}

func (c *clients) run(t *testing.T) (stop func()) {
	done, wait := make(chan struct{}), sync.WaitGroup{}
	for client := range 4 {
		wait.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				p := Profile{ID: fmt.Sprintf("c%d-%d", client, n%7), Name: fmt.Sprint(n), Beta: n%3 == 0}
				var err error
				if n%5 == 4 {
					err = c.profiles.Delete(context.Background(), p.ID)
				} else {
					err = c.profiles.Save(context.Background(), p)
				}
				if err != nil {
					t.Errorf("%v: %v", p, err)
					return
				}
				c.mu.Lock()
				c.writes++
				if n%5 == 4 {
					delete(c.held, p.ID)
				} else {
					c.held[p.ID] = p
				}
				c.mu.Unlock()
			}
		})
	}
	return func() {
		close(done)
		wait.Wait()
		t.Logf("%d writes were acknowledged", c.writes)
	}
}
