package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Options say where the tables are and how they are used.
type Options struct {
	// Keyspace is where the tables are; it exists. Required.
	Keyspace string
	// Migration names the migration; several share the tables, and two services under one name would be one fleet. Required.
	Migration string
	// Prefix begins the tables' names. Defaults to "dualgen_".
	Prefix string
	// Consistency is that of reads and writes; a read must see every write: QUORUM, or LOCAL_QUORUM where all instances
	// use one data centre, or ALL. Open refuses others. Defaults to gocql.Quorum.
	Consistency gocql.Consistency
	// Serial is that of lightweight transactions, and goes with Consistency: LOCAL_SERIAL with LOCAL_QUORUM, else SERIAL. Open
	// refuses other pairs. Defaults to the one that goes with Consistency.
	Serial gocql.SerialConsistency
	// OneReplica allows a keyspace that keeps one replica of each row, as a single node for development does. What that node
	// loses, nobody else knows. Defaults to false: Open refuses such a keyspace.
	OneReplica bool
	// Skew is how far the clocks of the Cassandra nodes may be apart: a lease runs out so much later. Defaults to 500 ms;
	// negative for none.
	Skew time.Duration
	// Poll is how long Watch waits before it looks at the record again, and so the latency of a phase change. Defaults to
	// 500 ms.
	Poll time.Duration
}

// Backend is the control and the journal of one migration in one keyspace.
type Backend struct {
	session Session
	options Options
	names   *strings.Replacer
	gate    *gate // of the journal's statements
	control *Control
	journal *Journal
	closing sync.Once
}

var name = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Open returns the backend. It looks at how the keyspace is replicated, and refuses settings under which the journal could lose
// what it was told, and tables of another layout. Run Migrate, or the DDL, before the backend's first use.
func Open(session *gocql.Session, options Options) (*Backend, error) {
	if session == nil {
		return nil, errors.New("cqlcontrol: no session given")
	}
	return OpenSession(Gocql(session), options)
}

// OpenSession is Open over another driver's session.
func OpenSession(session Session, options Options) (*Backend, error) {
	if options.Migration == "" {
		return nil, errors.New("cqlcontrol: the migration has no name: set Options.Migration, to one that no other service uses in this keyspace, such as \"shop-users\"")
	}
	if options.Prefix == "" {
		options.Prefix = "dualgen_"
	}
	if !name.MatchString(options.Keyspace) || !name.MatchString(options.Prefix) {
		return nil, fmt.Errorf("cqlcontrol: keyspace %q and prefix %q: want letters, digits and _", options.Keyspace, options.Prefix)
	}
	if err := options.pairLevels(); err != nil {
		return nil, err
	}
	if options.Skew == 0 {
		options.Skew = 500 * time.Millisecond
	}
	if options.Poll <= 0 {
		options.Poll = 500 * time.Millisecond
	}
	b := &Backend{session: session, options: options, names: tableNames(options.Keyspace, options.Prefix), gate: newGate(inFlight)}
	ctx := context.Background() // how long the driver waits is the session's to say
	if err := errors.Join(b.checkReplication(ctx), b.checkLayout(ctx)); err != nil {
		return nil, err
	}
	b.control = &Control{b}
	b.journal = newJournal(b)
	return b, nil
}

// Control returns the flag record and the fleet.
func (b *Backend) Control() control.Control { return b.control }

// Journal returns the journal.
func (b *Backend) Journal() journal.Journal { return b.journal }

// Close takes away what calls left that were broken off, tells the other processes which calls have ended, and waits for what runs in
// the background, some thirty seconds at most. The session stays open: it is the caller's.
func (b *Backend) Close() {
	b.closing.Do(b.leave)
	b.journal.behind.Wait()
}

// leave is the last that a process does. Whoever waits for a token that may be left waits for a lease otherwise.
func (b *Backend) leave() {
	j := b.journal
	if j.process.owes() {
		ctx, cancel := context.WithTimeout(context.Background(), behindTimeout)
		_ = j.payDebts(ctx) // what is left runs out with its lease
		cancel()
		j.ended()
	}
	j.teller.close()
}
