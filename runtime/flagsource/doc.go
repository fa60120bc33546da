// Package flagsource lets a feature flag say which phase a migration should be in.
//
// The flag states the desired phase. The phase itself stays in the control store, and every gate stays in force: a Follower reads
// the flag and asks a control.Coordinator for one step at a time, forward or back, until the fleet is where the flag says. A step
// that a gate refuses is shown by Follower.Status, with the refusal, and asked for again. No call of the service ever evaluates
// the flag.
//
// A flag system that does not know must not move a database. An answer moves the fleet only if it is certain: a provider that is not
// ready, stale or in error, a default value, and a text that is no phase all mean "stay".
//
// NewOnly gives up the old store's copy of the data. The Follower goes there only while the source confirms it too: see
// Answer.Confirmed.
//
// The sources are modules of their own, so that nobody inherits a library that they did not choose: flagsource/openfeature and
// flagsource/launchdarkly. Other flag systems implement Source.
package flagsource
