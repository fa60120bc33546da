// Package cqlcontrol keeps the flag record, the fleet and the journal of a migration in Cassandra, over gocql. Use it
// where neither store is SQL; a SQL journal is cheaper and simpler.
//
//	backend, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: "app", Migration: "shop-users"})
//	...
//	err = backend.Migrate(ctx) // or run what DDL prints
//	migration, err := dual.NewMigration(dual.Config{Control: backend.Control(), Journal: backend.Journal()})
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
// A key is found again by two indexes: each process logs the keys of its calls in partitions of its own, and a key stands
// in a table of dirty keys before it turns dirty.
//
// # Unknown outcomes
//
// A lightweight transaction that timed out may have been applied. The entry is read again, SERIAL, and the version tells;
// if it was not applied, the next attempt changes the version, and the one that timed out can no longer be applied.
//
// # Clocks
//
// Leases and idle times run by the clocks of the Cassandra nodes: Options.Skew is how far these may be apart.
package cqlcontrol
