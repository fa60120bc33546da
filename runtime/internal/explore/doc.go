// Package explore runs real code under a cooperative scheduler and explores the orders in which it can run.
//
// A world is a function that starts tasks: ordinary functions that call ordinary code, whose shared objects (stores, a
// journal, a control record) are wrapped so that each call is a point. At a point the task stops and the scheduler
// decides which task goes on, and whether the call succeeds, fails before its effect, fails after it, or fails and takes
// effect later. Everything else that can happen to a fleet is an actor too: an instance vanishes, time passes, a write
// that timed out lands.
//
// # What is counted
//
// A schedule is one complete run of a world: every task ran to its end or its instance crashed. Search counts schedules
// that differ in the order of dependent steps. Two steps are dependent if they belong to one task, or touch the same
// object and one of them changes it, or if one ends a client's operation on a key and the other starts one on that key
// (their order is what linearizability is about). Orders that differ only in independent steps give the same result;
// sleep sets (Godefroid 1996) keep them from being run twice, so that no two schedules counted in one world are the same.
// Runs that were cut off because all their continuations had been seen are reported apart, as Pruned.
//
// # Replaying
//
// A failure carries its path: one number for each step. Replay runs exactly that path again and records a trace.
package explore
