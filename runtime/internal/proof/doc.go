// Package proof explores the shipped code of packages dual, journal, control, reconcile and backfill: several instances
// of a service over two stores, a journal and a control record in memory, in every order of their steps, with faults and
// crashes. See docs/testing.md for what is counted and how a failing schedule is replayed.
package proof
