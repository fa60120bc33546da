package convert_test

import (
	"context"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/convert/cqllite"
	cqllitecql "github.com/dualgen/dualgen/test/convert/cqllite/cqlstore"
	cqllitelite "github.com/dualgen/dualgen/test/convert/cqllite/litestore"
	"github.com/dualgen/dualgen/test/convert/internal/table"
	"github.com/dualgen/dualgen/test/convert/litemy"
	litemylite "github.com/dualgen/dualgen/test/convert/litemy/litestore"
	litemymy "github.com/dualgen/dualgen/test/convert/litemy/mystore"
	"github.com/dualgen/dualgen/test/convert/mypg"
	mypgmy "github.com/dualgen/dualgen/test/convert/mypg/mystore"
	mypgpg "github.com/dualgen/dualgen/test/convert/mypg/pgstore"
	"github.com/dualgen/dualgen/test/convert/pgcql"
	pgcqlcql "github.com/dualgen/dualgen/test/convert/pgcql/cqlstore"
	pgcqlpg "github.com/dualgen/dualgen/test/convert/pgcql/pgstore"
)

// The servers, as facts and the matrix call them.
const (
	postgres  = "Postgres"
	cassandra = "Cassandra"
	mariadb   = "MariaDB"
	sqlite    = "SQLite"
)

// migration is a wrapper from one server to another, whatever its types are.
type migration struct {
	name    string
	value   reflect.Type
	servers [2]string
	rows    [2]reflect.Type
	shims   [2]values
	only    [2]values // the wrapper while it uses one store: in OldOnly, and in NewOnly
	direct  [2]values // the stores themselves
	text    [2]func(ctx context.Context, id, column string) (string, error)
	diff    func(a, b any) []dual.Difference
}

// values is a repository whose entity's type is not known.
type values interface {
	put(ctx context.Context, value any) error
	get(ctx context.Context, id string) (any, error)
}

// repository has the methods of the wrappers, the shims and the stores.
type repository[V any] interface {
	Get(ctx context.Context, id string) (V, error)
	Put(ctx context.Context, value V) error
}

type erased[V any] struct{ repository[V] }

func (e erased[V]) put(ctx context.Context, value any) error        { return e.Put(ctx, value.(V)) }
func (e erased[V]) get(ctx context.Context, id string) (any, error) { return e.Get(ctx, id) }

// store is a table of a server.
type store[R any] interface {
	repository[R]
	Text(ctx context.Context, id, column string) (string, error)
}

// described is a migration without its wrapper.
func described[V, O, N any](name string, servers [2]string, old store[O], new store[N], diff func(a, b V) []dual.Difference) *migration {
	return &migration{
		name: name, value: reflect.TypeFor[V](), servers: servers,
		rows:   [2]reflect.Type{reflect.TypeFor[O](), reflect.TypeFor[N]()},
		direct: [2]values{erased[O]{old}, erased[N]{new}},
		text:   [2]func(ctx context.Context, id, column string) (string, error){old.Text, new.Text},
		diff:   func(a, b any) []dual.Difference { return diff(a.(V), b.(V)) },
	}
}

// wrapping adds the shims, and the wrapper in the phases of one store.
func wrapping[V any](t *testing.T, m *migration, shims [2]repository[V], wrap func(*dual.Migration) repository[V]) *migration {
	for i, shim := range shims {
		m.shims[i] = erased[V]{shim}
	}
	for i, at := range []phase.Phase{phase.OldOnly, phase.NewOnly} {
		memory := control.NewMemory()
		require.NoError(t, memory.Swap(t.Context(), 0, control.Record{Revision: 1, Epoch: 1, Phase: at}))
		migration, err := dual.NewMigration(dual.Config{Name: m.name, Control: memory})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, migration.Close(context.Background())) })
		m.only[i] = erased[V]{wrap(migration)}
	}
	return m
}

// migrations are all there are, by their folders.
var migrations = map[string]func(t *testing.T) *migration{"pgcql": openPgcql, "mypg": openMypg, "litemy": openLitemy, "cqllite": openCqllite}

func openPgcql(t *testing.T) *migration {
	old, err := pgcqlpg.Open(t.Context(), servertest.Postgres(t))
	closed(t, old, err)
	hosts, keyspace := servertest.Cassandra(t)
	new, err := pgcqlcql.Open(t.Context(), hosts, keyspace)
	closed(t, new, err)
	shims := pgcql.Shims(*old, *new)
	return wrapping(t, described("pgcql", [2]string{postgres, cassandra}, old, new, pgcql.Diff),
		[2]repository[pgcql.Value]{shims[0], shims[1]},
		func(m *dual.Migration) repository[pgcql.Value] { return pgcql.NewDualValues(*old, *new, m) })
}

func openMypg(t *testing.T) *migration {
	old, err := mypgmy.Open(t.Context(), servertest.MariaDB(t))
	closed(t, old, err)
	new, err := mypgpg.Open(t.Context(), servertest.Postgres(t))
	closed(t, new, err)
	shims := mypg.Shims(*old, *new)
	return wrapping(t, described("mypg", [2]string{mariadb, postgres}, old, new, mypg.Diff),
		[2]repository[mypg.Value]{shims[0], shims[1]},
		func(m *dual.Migration) repository[mypg.Value] { return mypg.NewDualValues(*old, *new, m) })
}

func openLitemy(t *testing.T) *migration {
	old, err := litemylite.Open(t.Context(), liteFile(t))
	closed(t, old, err)
	new, err := litemymy.Open(t.Context(), servertest.MariaDB(t))
	closed(t, new, err)
	shims := litemy.Shims(*old, *new)
	return wrapping(t, described("litemy", [2]string{sqlite, mariadb}, old, new, litemy.Diff),
		[2]repository[litemy.Value]{shims[0], shims[1]},
		func(m *dual.Migration) repository[litemy.Value] { return litemy.NewDualValues(*old, *new, m) })
}

func openCqllite(t *testing.T) *migration {
	hosts, keyspace := servertest.Cassandra(t)
	old, err := cqllitecql.Open(t.Context(), hosts, keyspace)
	closed(t, old, err)
	new, err := cqllitelite.Open(t.Context(), liteFile(t))
	closed(t, new, err)
	shims := cqllite.Shims(*old, *new)
	return wrapping(t, described("cqllite", [2]string{cassandra, sqlite}, old, new, cqllite.Diff),
		[2]repository[cqllite.Value]{shims[0], shims[1]},
		func(m *dual.Migration) repository[cqllite.Value] { return cqllite.NewDualValues(*old, *new, m) })
}

// liteFile is the data source name of a database of SQLite in a file of the test's own.
func liteFile(t *testing.T) string {
	return "file:" + filepath.Join(t.TempDir(), "values.db") + "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)"
}

// closed closes a store at the end.
func closed(t *testing.T, store interface{ Close() error }, err error) {
	require.NoError(t, err)
	t.Cleanup(func() { _ = store.Close() })
}

// pair is a field of a migration's value, and its columns in both stores.
type pair struct {
	m       *migration
	field   reflect.StructField
	columns [2]table.Column
}

// pairs are a migration's fields but its key.
func (m *migration) pairs() []pair {
	var all []pair
	for i := 1; i < m.value.NumField(); i++ {
		p := pair{m: m, field: m.value.Field(i)}
		for side, row := range m.rows {
			found := false
			for _, c := range table.Columns(row) {
				if c.Field == p.field.Name {
					p.columns[side], found = c, true
				}
			}
			if !found {
				panic(fmt.Sprintf("%s has no column %s", row, p.field.Name))
			}
		}
		all = append(all, p)
	}
	return all
}

// with is a value with one field of the pair's.
func (p pair) with(base any, id string, field any) any {
	v := reflect.New(p.m.value).Elem()
	v.Set(reflect.ValueOf(base))
	v.Field(0).SetString(id)
	p.set(v, field)
	return v.Interface()
}

func (p pair) set(v reflect.Value, field any) {
	if field == nil {
		v.FieldByName(p.field.Name).SetZero()
		return
	}
	v.FieldByName(p.field.Name).Set(reflect.ValueOf(field))
}

// of is a value's field.
func (p pair) of(value any) any { return reflect.ValueOf(value).FieldByName(p.field.Name).Interface() }

// name is what a failure calls the pair.
func (p pair) name() string { return p.m.name + "." + p.field.Name }
