package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// guest is a row with every kind of restriction that a client can run into.
type guest struct {
	ID    string `db:"id"`
	Name  string `db:"name"`
	Seats int    `db:"seats"`
}

const guestTable = `CREATE TABLE %s (id uuid PRIMARY KEY, name varchar(20) NOT NULL UNIQUE, seats int NOT NULL CHECK (seats > 0))`

// guestStore keeps guests in one table. In a transaction, q is that.
type guestStore struct {
	db    *sqlx.DB
	q     sqlx.ExtContext
	table string
}

func (s *guestStore) get(ctx context.Context, id string) (g guest, found bool, err error) {
	err = sqlx.GetContext(ctx, s.q, &g, `SELECT id, name, seats FROM `+s.table+` WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return g, false, nil
	}
	return g, err == nil, err
}

func (s *guestStore) put(ctx context.Context, g guest) error {
	_, err := s.q.ExecContext(ctx, `INSERT INTO `+s.table+` (id, name, seats) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, seats = excluded.seats`, g.ID, g.Name, g.Seats)
	return err
}

func (s *guestStore) all(t *testing.T) map[string]guest {
	t.Helper()
	var rows []guest
	require.NoError(t, s.db.Select(&rows, `SELECT id, name, seats FROM `+s.table))
	all := make(map[string]guest)
	for _, g := range rows {
		all[g.ID] = g
	}
	return all
}

// drill is a service whose old store, control store and journal share one pool.
type drill struct {
	backend   *Backend
	migration *dual.Migration
	stores    [2]*guestStore
	putting   *dual.Method
	inTx      *dual.Method
}

func guestKey(id string) dual.Key { return dual.Key{Kind: "Guest", ID: id} }

func newDrill(t *testing.T, limit int) *drill {
	t.Helper()
	dsn := servertest.Postgres(t)
	d := &drill{}
	for position, table := range []string{"guests_old", "guests_new"} {
		db := pool(t, dsn, limit)
		t.Cleanup(func() { assert.NoError(t, db.Close()) })
		db.MustExec(fmt.Sprintf(guestTable, table))
		d.stores[position] = &guestStore{db: db, q: db, table: table}
	}
	ctx, shared := context.Background(), d.stores[dual.Old].db
	var err error
	d.backend, err = Open(shared, Options{Dialect: Postgres, Migration: "drill", Poll: 10 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, d.backend.Close(ctx)) })
	require.NoError(t, d.backend.Migrate(ctx))
	require.NoError(t, control.Init(ctx, d.backend.Control(), "test"))
	d.migration, err = dual.NewMigration(dual.Config{
		Name: "drill", Control: d.backend.Control(), Journal: d.backend.Journal(), Settle: 10 * time.Millisecond,
		Logger: slog.New(slog.DiscardHandler), Identify: dual.Fingerprints("old", "new"),
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, d.migration.Close(ctx)) })
	d.putting = d.migration.Method(dual.MethodInfo{Name: "Guests.Put", Kind: dual.KindWrite})
	d.inTx = d.migration.Method(dual.MethodInfo{Name: "Guests.InTx", Kind: dual.KindTransaction})
	dual.AddEntity(d.migration, &d.stores, dual.Entity[*guestStore, guest]{
		Kind: "Guest", Key: func(g guest) dual.Key { return guestKey(g.ID) },
		Get: func(ctx context.Context, s *guestStore, key dual.Key) (guest, bool, error) { return s.get(ctx, key.ID) },
		Put: func(ctx context.Context, s *guestStore, g guest) error { return s.put(ctx, g) },
		Delete: func(ctx context.Context, s *guestStore, key dual.Key) error {
			_, err := s.db.ExecContext(ctx, `DELETE FROM `+s.table+` WHERE id = $1`, key.ID)
			return err
		},
		Diff: dual.DiffWhole(func(a, b guest) bool { return a == b }),
	})
	return d
}

// enter puts the fleet in a phase, without gates.
func (d *drill) enter(t *testing.T, p phase.Phase) {
	t.Helper()
	record, err := control.Update(t.Context(), d.backend.Control(), func(r *control.Record) error {
		r.Phase = p
		r.Epoch++
		return nil
	})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return d.migration.Status().Acked == record.Epoch }, enough, time.Millisecond)
}

func (d *drill) put(ctx context.Context, g guest) error {
	call, err := d.migration.Begin(d.putting)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &d.stores, guestKey(g.ID), g, nil,
		func(ctx context.Context, s *guestStore, g guest) error { return s.put(ctx, g) })
}

// putInTx puts a guest in a transaction of the store, which holds a connection meanwhile. Inside runs in it.
func (d *drill) putInTx(ctx context.Context, g guest, inside func()) error {
	call, err := d.migration.Begin(d.inTx)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Transact(ctx, call, func(ctx context.Context, position dual.Store, tx *dual.Tx) error {
		s := d.stores[position]
		begun, err := s.db.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		defer begun.Rollback()
		err = tx.Run(func() error {
			inside()
			if err := tx.Write(ctx, d.putting, guestKey(g.ID)); err != nil {
				return err
			}
			return (&guestStore{q: begun, table: s.table}).put(ctx, g)
		})
		if err != nil {
			return err
		}
		return begun.Commit()
	})
}

// settled reconciles once the settle window is over, and demands that nothing is unclean and nothing differs.
func (d *drill) settled(t *testing.T, acknowledged map[string]guest) {
	t.Helper()
	r := reconcile.New(d.migration, reconcile.Config{Rate: -1, Logger: slog.New(slog.DiscardHandler)})
	servertest.Eventually(t, func(c *servertest.Try) {
		_, err := r.Once(t.Context())
		assert.NoError(c, err)
		counts, err := d.backend.Journal().Counts(t.Context(), "")
		assert.NoError(c, err)
		assert.Zero(c, counts.Unclean())
	}, enough, 20*time.Millisecond)
	require.Equal(t, acknowledged, d.stores[dual.Old].all(t))
	require.Equal(t, acknowledged, d.stores[dual.New].all(t))
}

// A mistake of the drill: one pool for the store, control and journal, and as many transactions at once as it has connections.
func TestDrillOnePool(t *testing.T) {
	d := newDrill(t, 8)
	acknowledged := make(map[string]guest)
	for p := phase.OldPrimary; p <= phase.NewPrimary; p++ {
		d.enter(t, p)
		var mu sync.Mutex
		var calls, holding sync.WaitGroup
		left := 8 - 1 - d.backend.db.Stats().MaxOpenConnections // to the store
		holding.Add(left)
		for i := range 24 {
			calls.Go(func() {
				g := guest{ID: uuid.NewString(), Name: fmt.Sprint(p, " ", i), Seats: 1}
				var once sync.Once
				err := d.putInTx(t.Context(), g, func() {
					if i < left {
						once.Do(func() { holding.Done(); holding.Wait() })
					}
				})
				assert.NoError(t, err)
				mu.Lock()
				defer mu.Unlock()
				acknowledged[g.ID] = g
			})
		}
		calls.Wait()
		require.NoError(t, d.migration.Ready())
	}
	d.settled(t, acknowledged)
}

// A mistake of the drill: a client that sends garbage. It hurts nobody else, leaves nothing unclean, and stays in nobody's way.
func TestDrillGarbage(t *testing.T) {
	d := newDrill(t, 8)
	acknowledged := make(map[string]guest)
	for p := phase.OldPrimary; p <= phase.NewPrimary; p++ {
		d.enter(t, p)
		good := guest{ID: uuid.NewString(), Name: p.String(), Seats: 1}
		require.NoError(t, d.put(t.Context(), good))
		acknowledged[good.ID] = good
		for what, g := range map[string]guest{
			"malformed key":      {ID: "no uuid", Name: "a", Seats: 1},
			"NUL in the key":     {ID: "a\x00b", Name: "a", Seats: 1},
			"a key of bytes":     {ID: "a\xff\xfeb", Name: "a", Seats: 1},
			"an empty key":       {ID: "", Name: "a", Seats: 1},
			"NUL":                {ID: uuid.NewString(), Name: "a\x00b", Seats: 1},
			"no UTF-8":           {ID: uuid.NewString(), Name: "a\xffb", Seats: 1},
			"too long":           {ID: uuid.NewString(), Name: strings.Repeat("a", 21), Seats: 1},
			"a violated check":   {ID: good.ID, Name: "a", Seats: 0},
			"out of range":       {ID: good.ID, Name: "a", Seats: 1 << 40},
			"a name that is had": {ID: uuid.NewString(), Name: good.Name, Seats: 1},
		} {
			require.Error(t, d.put(t.Context(), g), what)
			counts, err := d.backend.Journal().Counts(t.Context(), "")
			require.NoError(t, err)
			require.Zero(t, counts.Unclean(), "%s in %v", what, p)
			require.Error(t, d.putInTx(t.Context(), g, func() {}), what)
			counts, err = d.backend.Journal().Counts(t.Context(), "")
			require.NoError(t, err)
			require.Zero(t, counts.Unclean(), "%s in %v, in a transaction", what, p)
		}
	}
	// As left by an instance that died in the middle of such a call.
	require.NoError(t, d.backend.Journal().MarkDirty(t.Context(), []dual.Key{guestKey("no uuid"), guestKey("a\x00b")}, dual.New))
	d.settled(t, acknowledged)
}
