// Package crash holds the crash tests: processes that write through generated wrappers over real servers are killed,
// paused and cut off, and so are the servers, while the fleet walks through the phases; then everything that was
// acknowledged must be there, and the stores must be equal.
//
// DUALGEN_CRASH chooses how much is done: nothing for less than a minute, "ci" for the figures of every CI run, "long"
// for those before a release.
package crash
