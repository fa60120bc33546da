// Package walk takes a catalogue of packages through a whole migration while it is in use, and keeps account of it: it is
// what examples/quickstart and examples/catalog have in common.
//
// Traffic reads and writes through the generated wrapper and keeps a ledger, on disk, of every write that was
// acknowledged. The walk backfills, moves through every phase, takes a step back, injects failures into both stores,
// and has its own process killed. In between and at the end an audit holds the stores against the ledger, and against
// each other, without the help of the migration that is under test.
package walk
