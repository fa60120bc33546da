// Package cqlcontrol keeps the flag record, the fleet and the journal of a migration in Cassandra, over gocql. Use it
// where neither store is SQL; a SQL journal is cheaper and simpler.
//
//	backend, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: "app", Migration: "shop-users"})
//	...
//	err = backend.Migrate(ctx) // or run what DDL prints
//	migration, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal()})
//
// A session of apache/cassandra-gocql-driver v2 serves as well, by a module of its own:
//
//	backend, err := cqlcontrol.OpenSession(v2driver.Session(session), options)
//
// # How the journal is laid out
//
// One partition a key. Its static columns hold the key's entry, and are written by lightweight transactions only: each
// compares the version that was read, so that every method of journal.Journal decides as if it were alone. Its rows are
// the tokens of the fast path (BeginAgreed), written by plain quorum writes: insert the own row, then read the partition;
// of two calls that overlap, at least one sees the other, and makes the entry dirty by a lightweight transaction. A row
// belongs to one process, which stamps its writes with a clock of its own that never runs back; no two clients write one
// row, so that the skew of their clocks cannot hide a token. End deletes nothing: each process tells, in one row for all
// its calls, which of them have ended.
//
// A key is found again by two indexes: each process logs the keys of its calls in partitions of its own, and a key stands in a
// row of the listing before it turns dirty.
//
// # The listing
//
// A row of the listing says what is counted of its key: its primary, and whether it is quarantined. So the keys of calls that have
// not ended are looked up, and the others are counted by what their rows say. The body of a dirty key names its row; whoever turns
// the key clean removes it. Three rules keep the rows true; they stand above type listing, and the explorer has a red control for
// each. A row that no body names, which a process left that died on the way, is found by whoever lists unclean keys, and removed
// a minute later.
//
// Each process fills partitions of its own, 512 rows in each, and drops them as a whole once they are empty; those of a process
// that has been silent for five minutes, others drop. So a read meets as many tombstones as a partition has rows, at most, however
// many keys have turned dirty and clean. Rows are stamped by counting what they said, and no clock decides between two writes of
// one.
//
// # What a process tells
//
// A process has one row, which it alone writes: how far it is in its log, which partitions it lists keys in, and from where on its
// listed writes need the logs of the others. It tells this each second, together with what else is to be done now and then, in the
// background of Renew. A lease is of an owner in one process: an instance that is started again under its name has another lease
// than its predecessor. Leases that ran out are looked into once, and their tokens are found by the log of their process alone.
// A process that has been silent for a day, and holds nothing, is forgotten.
//
// # Unknown outcomes
//
// A lightweight transaction that timed out may have been applied. The entry is read again, SERIAL, and the version tells;
// if it was not applied, the next attempt changes the version, and the one that timed out can no longer be applied.
//
// # Clocks
//
// Leases and idle times run by the clocks of the Cassandra nodes: Options.Skew is how far these may be apart. The clocks of the
// processes decide nothing between them.
package cqlcontrol
