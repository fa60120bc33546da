package place

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gocql/gocql"
)

// schemaTimeout bounds the making of a keyspace.
const schemaTimeout = 20 * time.Second

// Cassandra makes a keyspace, unless it is there.
func Cassandra(ctx context.Context, nodes, keyspace string) error {
	err := onCassandra(ctx, nodes, "CREATE KEYSPACE IF NOT EXISTS "+keyspace+" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
	if err != nil {
		return fmt.Errorf("make a keyspace: %w", err)
	}
	return nil
}

// DropCassandra removes a keyspace.
func DropCassandra(ctx context.Context, nodes, keyspace string) error {
	return onCassandra(ctx, nodes, "DROP KEYSPACE IF EXISTS "+keyspace)
}

func onCassandra(ctx context.Context, nodes, statement string) error {
	cluster := gocql.NewCluster(strings.Split(nodes, ",")...)
	cluster.Timeout = schemaTimeout
	session, err := cluster.CreateSession()
	if err != nil {
		return err
	}
	defer session.Close()
	return session.Query(statement).WithContext(ctx).Exec()
}
