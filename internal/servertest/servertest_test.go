package servertest_test

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
)

// Two places on one server do not see each other.
func TestSQLPlacesAreApart(t *testing.T) {
	for driver, place := range map[string]func(testing.TB) string{"pgx": servertest.Postgres, "mysql": servertest.MariaDB} {
		t.Run(driver, func(t *testing.T) {
			for range 2 {
				db, err := sql.Open(driver, place(t))
				require.NoError(t, err)
				t.Cleanup(func() { assert.NoError(t, db.Close()) })
				_, err = db.ExecContext(t.Context(), "CREATE TABLE only_here (id int PRIMARY KEY)")
				require.NoError(t, err)
			}
		})
	}
}

func TestCassandraPlace(t *testing.T) {
	hosts, keyspace := servertest.Cassandra(t)
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Keyspace, cluster.Timeout = keyspace, servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	defer session.Close()
	require.NoError(t, session.Query("CREATE TABLE only_here (id int PRIMARY KEY)").Exec())
}

// A try that fails is made again, and its FailNow ends no test.
func TestEventually(t *testing.T) {
	tries := 0
	servertest.Eventually(t, func(c *servertest.Try) {
		tries++
		require.Equal(c, 3, tries)
	}, time.Hour, 0)
	require.Equal(t, 3, tries)
}
