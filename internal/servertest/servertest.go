// Package servertest gives each test a place of its own on the real servers: a schema in Postgres, a keyspace in
// Cassandra, a database in MariaDB. The place is removed when the test ends.
//
// A test that needs a server fails without it, and says how to get it. It is never skipped.
package servertest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/gocql/gocql"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// cleanupTimeout bounds the removal of a test's place.
const cleanupTimeout = 5 * time.Minute

// CassandraTimeout is how long one statement may take. Creating or dropping tables takes half a minute on a small machine that is
// busy; whether a test hangs is for the limit of go test to say.
const CassandraTimeout = 5 * time.Minute

// Postgres returns the data source name of an empty schema, for the driver "pgx".
func Postgres(t testing.TB) string {
	t.Helper()
	base, err := url.Parse(server(t, "DUALGEN_POSTGRES"))
	if err != nil {
		t.Fatalf("DUALGEN_POSTGRES is not a URL: %v", err)
	}
	name := unique()
	provide(t, "pgx", base.String(), `CREATE SCHEMA "`+name+`"`, `DROP SCHEMA "`+name+`" CASCADE`)
	query := base.Query()
	query.Set("search_path", name)
	base.RawQuery = query.Encode()
	return base.String()
}

// MariaDB returns the data source name of an empty database, for the driver "mysql".
func MariaDB(t testing.TB) string {
	t.Helper()
	config, err := mysql.ParseDSN(server(t, "DUALGEN_MARIADB"))
	if err != nil {
		t.Fatalf("DUALGEN_MARIADB: %v", err)
	}
	name := unique()
	provide(t, "mysql", config.FormatDSN(), "CREATE DATABASE `"+name+"` CHARACTER SET utf8mb4", "DROP DATABASE `"+name+"`")
	config.DBName = name
	return config.FormatDSN()
}

// Cassandra returns the nodes, comma-separated, and the name of an empty keyspace.
func Cassandra(t testing.TB) (hosts, keyspace string) {
	t.Helper()
	hosts, keyspace = server(t, "DUALGEN_CASSANDRA"), unique()
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Timeout = CassandraTimeout
	session, err := cluster.CreateSession()
	if err != nil {
		t.Fatalf("connect to Cassandra at %s: %v", hosts, err)
	}
	create := `CREATE KEYSPACE ` + keyspace + ` WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`
	if err := session.Query(create).Exec(); err != nil {
		session.Close()
		t.Fatalf("create keyspace: %v", err)
	}
	t.Cleanup(func() {
		defer session.Close()
		if err := session.Query(`DROP KEYSPACE ` + keyspace).Exec(); err != nil {
			t.Errorf("drop keyspace: %v", err)
		}
	})
	return hosts, keyspace
}

// provide runs create now and drop when the test ends.
func provide(t testing.TB, driver, dsn, create, drop string) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatalf("open %s: %v", driver, err)
	}
	if _, err := db.ExecContext(t.Context(), create); err != nil {
		db.Close()
		t.Fatalf("%s: %v", create, err)
	}
	t.Cleanup(func() {
		defer db.Close()
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
		defer cancel()
		if _, err := db.ExecContext(ctx, drop); err != nil {
			t.Errorf("%s: %v", drop, err)
		}
	})
}

// server returns what the variable names, or fails the test with the remedy.
func server(t testing.TB, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Fatalf("%s is not set, so there is no server to test against.\n\t"+
			"Start one with: eval \"$(scripts/servers up)\"  (or run: make test)", variable)
	}
	return value
}

func unique() string { return "t_" + strings.ToLower(rand.Text()[:16]) }
