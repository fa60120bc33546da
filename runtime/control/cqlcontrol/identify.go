package cqlcontrol

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control"
)

// Identify is for dual.Config.Identify: which tables these are, by the ids that the cluster gave them when they were made,
// and what columns they have. Name the tables that one of the two stores keeps its entities in. A table that is not there is
// an error.
func Identify(ctx context.Context, session *gocql.Session, keyspace string, tables ...string) (control.Identity, error) {
	return IdentifySession(ctx, Gocql(session), keyspace, tables...)
}

// IdentifySession is Identify over another driver's session.
func IdentifySession(ctx context.Context, session Session, keyspace string, tables ...string) (control.Identity, error) {
	if len(tables) == 0 {
		return control.Identity{}, errors.New("cqlcontrol: identify a store: name its tables")
	}
	var ids []string
	schema := sha256.New()
	for _, table := range slices.Sorted(slices.Values(tables)) {
		var id gocql.UUID
		err := session.Query(ctx, `SELECT id FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?`, keyspace, table).Scan(&id)
		if err != nil {
			return control.Identity{}, fmt.Errorf("cqlcontrol: look for the table %s.%s: %w", keyspace, table, err)
		}
		ids = append(ids, table+" "+id.String())
		rows := session.Query(ctx, `SELECT column_name, kind, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?`, keyspace, table).Rows()
		var name, kind, typ string
		for rows.Scan(&name, &kind, &typ) { // by name, which is how the table is ordered
			fmt.Fprintf(schema, "%s %s %s %s\n", table, name, kind, typ)
		}
		if err := rows.Close(); err != nil {
			return control.Identity{}, fmt.Errorf("cqlcontrol: look at the columns of %s.%s: %w", keyspace, table, err)
		}
	}
	return control.Identity{
		Store:   "cassandra " + keyspace + ": " + strings.Join(ids, ", "),
		Schema:  hex.EncodeToString(schema.Sum(nil)[:8]),
		Timeout: timeoutOf(ctx, session),
	}, nil
}

// timeoutOf returns how long the node that answers lets a write take: 0 where it is not known (before Cassandra 4.1).
func timeoutOf(ctx context.Context, session Session) time.Duration {
	var text string
	err := session.Query(ctx, `SELECT value FROM system_views.settings WHERE name = 'write_request_timeout'`).Scan(&text)
	if err != nil {
		return 0
	}
	timeout, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	return timeout
}
