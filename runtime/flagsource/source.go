package flagsource

import "context"

// Source is a flag system.
type Source interface {
	// Desired evaluates the flag. An error means that the flag could not be evaluated; the fleet stays where it is.
	Desired(ctx context.Context) (Answer, error)
	// Changes is sent a value when the flag may have changed. Values may be dropped, since the Follower asks at an interval too. A
	// source that cannot tell returns nil.
	Changes() <-chan struct{}
}

// Answer is what an evaluation of the flag gave.
type Answer struct {
	// Text is the value of the flag: a phase's name, or a name in the Follower's Stages.
	Text string
	// Certain says that the flag system decided on Text. It is false for a default value, for one that may be out of date, and for
	// one that stands in for an error.
	Certain bool
	// Why says how the flag system came to the answer, for people: "TARGETING_MATCH", "STALE: the provider lost its connection".
	Why string
	// Confirmed says that a second flag confirms the step to NewOnly, with certainty. No other step needs it.
	Confirmed bool
}
