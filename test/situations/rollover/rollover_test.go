package rollover

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/rollover/mariareadings"
	"github.com/dualgen/dualgen/test/situations/rollover/pgreadings"
	"github.com/dualgen/dualgen/test/situations/walk"
	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

func openStore(t *testing.T, driver, dsn, schema string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	return db
}

func openStores(t *testing.T) (pgreadings.Readings, mariareadings.Readings) {
	return pgreadings.Readings{DB: openStore(t, "pgx", servertest.Postgres(t), pgreadings.Schema)},
		mariareadings.Readings{DB: openStore(t, "mysql", servertest.MariaDB(t), mariareadings.Schema)}
}

func TestConformance(t *testing.T) {
	old, new := openStores(t)
	walk.Sequences(t, 20)
	RunReadingsConformance(t, func(t *testing.T) (pgreadings.Readings, mariareadings.Readings) {
		for _, db := range []*sql.DB{old.DB, new.DB} {
			if _, err := db.Exec("DELETE FROM readings"); err != nil {
				t.Fatal(err)
			}
		}
		return old, new
	})
}

// fleet is some instances over two servers, whose record is in the first.
type fleet struct {
	t       *testing.T
	old     pgreadings.Readings
	new     mariareadings.Readings
	backend *sqlcontrol.Backend
}

func open(t *testing.T) *fleet {
	t.Helper()
	old, new := openStores(t)
	backend, err := sqlcontrol.Open(sqlx.NewDb(old.DB, "pgx"), sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "readings"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { backend.Close(context.Background()) })
	if err := backend.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := control.Init(t.Context(), backend.Control(), "test"); err != nil {
		t.Fatal(err)
	}
	return &fleet{t, old, new, backend}
}

// instance starts one, as a pod would.
func (f *fleet) instance(name string) (*DualReadings, *dual.Migration) {
	f.t.Helper()
	m, err := dual.NewMigration(dual.Config{Instance: name, Control: f.backend.Control(), Journal: f.backend.Journal(),
		Logger: slog.New(slog.DiscardHandler), Identify: func(_ context.Context, store dual.Store) (control.Identity, error) {
			return control.Identity{Store: store.String()}, nil
		}})
	if err != nil {
		f.t.Fatal(err)
	}
	readings := NewDualReadings(f.old, f.new, m)
	f.await(func() error { return m.Ready() })
	return readings, m
}

// await waits until there is no obstacle left.
func (f *fleet) await(obstacle func() error) {
	f.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		switch err := obstacle(); {
		case err == nil:
			return
		case time.Now().After(end):
			f.t.Fatal(err)
		}
	}
}

// count is how many readings a store has before a time, and from then on.
func (f *fleet) count(db *sql.DB, cutoff time.Time) (before, after int) {
	f.t.Helper()
	rows, err := db.Query("SELECT second FROM readings")
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var second int64
		if err := rows.Scan(&second); err != nil {
			f.t.Fatal(err)
		}
		if second < cutoff.Unix() {
			before++
		} else {
			after++
		}
	}
	if err := rows.Err(); err != nil {
		f.t.Fatal(err)
	}
	return before, after
}

// TestRollover walks past a cutoff on two real servers, by the clock: two instances write readings as far ahead as they may, one of
// them is replaced while the cutoff comes into reach, and each acknowledged reading is where its time belongs, and read there.
func TestRollover(t *testing.T) {
	t.Parallel() // it waits for its cutoff, a bit more than a minute
	f := open(t)
	first, a := f.instance("a")
	defer a.Close(context.Background())
	second, b := f.instance("b")
	var other atomic.Pointer[DualReadings]
	other.Store(second)

	coordinator := control.NewCoordinator(f.backend.Control(), f.backend.Journal())
	lead := phase.DefaultLead
	cutoff := time.Now().Add(lead + control.Skew + 3*time.Second).Truncate(time.Second).UTC()
	if _, err := coordinator.Cutoff(t.Context(), time.Now().Add(lead), control.Step{Confirm: true}); !errors.As(err, new(*control.Refusal)) {
		t.Fatalf("a cutoff within reach: %v", err)
	}
	if _, err := coordinator.Cutoff(t.Context(), cutoff, control.Step{Confirm: true}); err != nil {
		t.Fatal(err)
	}
	f.await(func() error { _, err := control.Settled(t.Context(), f.backend.Control()); return err })
	if err := first.Save(t.Context(), Reading{"s", cutoff.Unix(), 1}); !errors.Is(err, dual.ErrAhead) {
		t.Fatalf("the cutoff is not within reach yet: %v", err)
	}

	w := writers{until: cutoff.Add(3 * time.Second), lead: lead}
	w.run(t, "a", func() *DualReadings { return first })
	w.run(t, "b", other.Load)
	time.Sleep(time.Until(cutoff.Add(-lead - time.Second)))
	again, c := f.instance("b2") // a pod is replaced in the very second
	defer c.Close(context.Background())
	other.Store(again)
	b.Close(context.Background())
	w.Wait()

	if before, after := f.count(f.old.DB, cutoff); before == 0 || after != 0 {
		t.Errorf("old has %d readings of before the cutoff and %d of after it", before, after)
	}
	if before, after := f.count(f.new.DB, cutoff); before != 0 || after == 0 {
		t.Errorf("new has %d readings of before the cutoff and %d of after it", before, after)
	}
	for _, reading := range slices.Concat(w.acknowledged...) {
		got, err := first.Get(t.Context(), reading.Sensor, reading.Second)
		if err != nil || got != reading {
			t.Fatalf("%v was acknowledged, and is read as %v, %v", reading, got, err)
		}
	}
}

// writers write readings as far ahead as they may, until those of a time are written.
type writers struct {
	sync.WaitGroup
	until time.Time
	lead  time.Duration

	mu           sync.Mutex
	acknowledged [][]Reading
}

func (w *writers) run(t *testing.T, sensor string, readings func() *DualReadings) {
	w.Go(func() {
		var done []Reading
		for value := int64(1); ; value++ {
			at := time.Now().Add(w.lead - 2*time.Second) // the instance last read the record some time ago
			if at.After(w.until) {
				break
			}
			reading := Reading{fmt.Sprint(sensor, value), at.Unix(), value}
			switch err := readings().Save(t.Context(), reading); {
			case err == nil:
				done = append(done, reading)
			case !errors.Is(err, dual.ErrAhead) && !errors.Is(err, dual.ErrClosed):
				t.Errorf("%v: %v", reading, err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.acknowledged = append(w.acknowledged, done)
	})
}
