// Package dualtest helps to test repositories that dualgen wrapped: in-memory stores with real semantics, and faults to
// inject into them or into any other store.
package dualtest
