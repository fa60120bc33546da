package dual

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	"github.com/gocql/gocql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/dualgen/dualgen/internal/servertest"
)

// garbage are rows that a client may send: id, name (20 characters at most), seats (above 0) and price.
var garbage = map[string][4]any{
	"malformed key":    {"no uuid", "a", 1, 1.5},
	"NUL in the key":   {"a\x00b", "a", 1, 1.5},
	"bytes in the key": {"a\xff\xfeb", "a", 1, 1.5},
	"empty key":        {"", "a", 1, 1.5},
	"long key":         {strings.Repeat("k", 70_000), "a", 1, 1.5},
	"NUL":              {goodID, "a\x00b", 1, 1.5},
	"no UTF-8":         {goodID, "a\xffb", 1, 1.5},
	"half a character": {goodID, "a\xed\xa0\x80", 1, 1.5},
	"too long":         {goodID, strings.Repeat("a", 21), 1, 1.5},
	"much too long":    {goodID, strings.Repeat("a", 5<<20), 1, 1.5},
	"nothing":          {goodID, nil, 1, 1.5},
	"a violated check": {goodID, "a", -1, 1.5},
	"out of range":     {goodID, "a", int64(1) << 40, 1.5},
	"another type":     {goodID, "a", "many", 1.5},
	"no number":        {goodID, "a", 1, math.NaN()},
	"infinite":         {goodID, "a", 1, math.Inf(1)},
	"huge":             {goodID, "a", 1, 1e300},
	"a list":           {goodID, "a", []string{"x"}, 1.5},
}

const goodID = "6f9b1f3e-59a1-4a43-9c0e-3d8d0c5a1a77"

// TestGarbageByDriver: what a real server, or its driver, says about garbage is known as a refusal, so that nothing of such a call is
// left unclean. What a server takes is another matter.
func TestGarbageByDriver(t *testing.T) {
	const columns = `name varchar(20) NOT NULL, seats int NOT NULL CHECK (seats > 0), price real`
	for name, open := range map[string]func(t *testing.T) func(row [4]any) error{
		"pgx": func(t *testing.T) func([4]any) error {
			return sqlGarbage(t, "pgx", servertest.Postgres(t), `CREATE TABLE guests (id uuid PRIMARY KEY, `+columns+`)`)
		},
		"mysql": func(t *testing.T) func([4]any) error {
			return sqlGarbage(t, "mysql", servertest.MariaDB(t), `CREATE TABLE guests (id uuid PRIMARY KEY, `+columns+`) CHARACTER SET utf8mb4`)
		},
		"mysql, interpolated": func(t *testing.T) func([4]any) error {
			return sqlGarbage(t, "mysql", servertest.MariaDB(t)+"&interpolateParams=true", `CREATE TABLE guests (id varchar(36) PRIMARY KEY, `+columns+`) CHARACTER SET utf8mb4`)
		},
		"sqlite": func(t *testing.T) func([4]any) error {
			return sqlGarbage(t, "sqlite", "file:"+filepath.Join(t.TempDir(), "guests.db"), `CREATE TABLE guests (id text PRIMARY KEY CHECK (length(id) = 36), `+
				strings.ReplaceAll(columns, "real", "real NOT NULL")+`) STRICT`)
		},
		"gocql": cqlGarbage,
	} {
		t.Run(name, func(t *testing.T) {
			if name != "sqlite" && os.Getenv("DUALGEN_POSTGRES") == "" {
				t.Skip("the tests of this package need no server: this one does, see scripts/servers")
			}
			put := open(t)
			for what, row := range garbage {
				if err := put(row); err != nil {
					assert.NotEqual(t, notRefused, refusalOf(err, nil), "%s: %.300v", what, err)
				}
			}
		})
	}
}

func sqlGarbage(t *testing.T, driver, dsn, table string) func(row [4]any) error {
	db, err := sqlx.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	db.MustExec(strings.ReplaceAll(strings.ReplaceAll(table, "varchar(20)", textOf(driver)), " int ", intOf(driver)))
	insert := db.Rebind(`INSERT INTO guests (id, name, seats, price) VALUES (?, ?, ?, ?)`)
	return func(row [4]any) error {
		if _, err := db.Exec(insert, row[:]...); err != nil {
			return err
		}
		_, err := db.Exec(`DELETE FROM guests`)
		return err
	}
}

// textOf and intOf are the types of a strict table in SQLite, which knows no lengths.
func textOf(driver string) string {
	if driver == "sqlite" {
		return "text CHECK (length(name) <= 20)"
	}
	return "varchar(20)"
}

func intOf(driver string) string {
	if driver == "sqlite" {
		return " int CHECK (seats < 1000000) "
	}
	return " int "
}

func cqlGarbage(t *testing.T) func(row [4]any) error {
	hosts, keyspace := servertest.Cassandra(t)
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Timeout = servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	require.NoError(t, session.Query(`CREATE TABLE `+keyspace+`.guests (id uuid PRIMARY KEY, name text, seats int, price float)`).Exec())
	require.NoError(t, session.Query(`CREATE TABLE `+keyspace+`.named (id text PRIMARY KEY, name ascii, seats int, price float)`).Exec())
	return func(row [4]any) error {
		for _, table := range []string{"guests", "named"} {
			err := session.Query(`INSERT INTO `+keyspace+`.`+table+` (id, name, seats, price) VALUES (?, ?, ?, ?)`, row[:]...).Exec()
			if err != nil && refusalOf(err, nil) == notRefused {
				return err
			}
		}
		return nil
	}
}
