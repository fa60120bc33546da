package dual

import (
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// The vocabulary of package phase and package journal, so that generated code and most users import this package alone.
type (
	Store    = phase.Store    // position: Old or New
	Phase    = phase.Phase    // which store answers reads and which stores are written
	Settings = phase.Settings // what can change beside the phase
	Key      = journal.Key    // names one entity, or a whole kind
)

// Positions.
const (
	Old = phase.Old
	New = phase.New
)

// Phases.
const (
	OldOnly    = phase.OldOnly
	OldPrimary = phase.OldPrimary
	OldGuarded = phase.OldGuarded
	NewGuarded = phase.NewGuarded
	NewPrimary = phase.NewPrimary
	NewOnly    = phase.NewOnly
)

// Generated1 is the handshake with generated code: output that needs another runtime does not compile.
const Generated1 = true

// How mirror writes run, what becomes of misses, and what can be frozen.
const (
	Inline       = phase.Inline
	Parallel     = phase.Parallel
	Async        = phase.Async
	AsyncGuarded = phase.AsyncGuarded
	Queued       = phase.Queued

	FallbackOff    = phase.FallbackOff
	FallbackLookup = phase.FallbackLookup
	FallbackSave   = phase.FallbackSave

	FreezeNone   = phase.FreezeNone
	FreezeWrites = phase.FreezeWrites
	FreezeAll    = phase.FreezeAll
)
