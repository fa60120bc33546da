package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gocql/gocql"
)

// pairLevels fills in the levels that are not given, and refuses those under which a read may miss a write. A transaction at
// LOCAL_SERIAL is decided by one data centre, and another one's would be decided without it; one at SERIAL beside reads at
// LOCAL_QUORUM is decided by replicas that those reads do not ask.
func (o *Options) pairLevels() error {
	if o.Consistency == gocql.Any {
		o.Consistency = gocql.Quorum
	}
	serial := gocql.Serial
	switch o.Consistency {
	case gocql.Quorum, gocql.All:
	case gocql.LocalQuorum:
		serial = gocql.LocalSerial
	default:
		return fmt.Errorf("cqlcontrol: Options.Consistency is %v: a read might miss a write that was acknowledged; "+
			"leave it unset for QUORUM, or use LOCAL_QUORUM where all instances use one data centre", o.Consistency)
	}
	if o.Serial == 0 {
		o.Serial = serial
	}
	if o.Serial != serial {
		return fmt.Errorf("cqlcontrol: Options.Serial is %v, and Options.Consistency %v goes with %v: leave Serial unset", o.Serial, o.Consistency, serial)
	}
	return nil
}

// checkReplication refuses a keyspace of which one node's loss loses rows.
func (b *Backend) checkReplication(ctx context.Context) error {
	var replication map[string]string
	keyspace := strings.ToLower(b.options.Keyspace) // as Cassandra calls one whose name is not quoted
	err := b.statement(ctx, `SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?`, keyspace).Scan(&replication)
	if errors.Is(err, gocql.ErrNotFound) {
		return fmt.Errorf("cqlcontrol: there is no keyspace %s: create it first", keyspace)
	}
	if err != nil {
		return fmt.Errorf("cqlcontrol: look at the replication of keyspace %s: %w", keyspace, err)
	}
	if b.options.OneReplica {
		return nil
	}
	for _, place := range slices.Sorted(maps.Keys(replication)) {
		if place != "class" && replicas(replication[place]) == 1 {
			return fmt.Errorf("cqlcontrol: keyspace %s keeps one replica (%s: %s): a node that is lost takes unclean keys with it; "+
				"use three, or set Options.OneReplica for development on a single node", keyspace, place, replication[place])
		}
	}
	return nil
}

// replicas is a replication factor, of which "3/1" has one that is transient.
func replicas(factor string) int {
	full, transient, _ := strings.Cut(factor, "/")
	n, err := strconv.Atoi(full)
	if err != nil {
		return 0
	}
	some, _ := strconv.Atoi(transient) // none
	return n - some
}
