// Package peers measures how long dualgen takes over a module of 1, 10 and 100 repository interfaces, next to a bare load of
// the same packages and to moq, mockery and goverter over the same interfaces. It is a module of its own, so that nobody
// inherits those.
//
//	go test -bench . -benchtime 5x -count 6
//
// Every generator runs as its users run it: a process that finds the interfaces, loads them and writes files. moq knows no
// batch: its line is in every package once, with all the interfaces of the package. cold has no output yet and, of dualgen,
// no cache; the go command's own cache is warm everywhere. unchanged has both. x-floor is the time in units of the bare
// load of the same iteration, MB the most memory that a process of the run held, the go command among them.
//
// CONVERSIONS.md shows what dualgen, goverter and copygen make of the same pairs of structs: it is written by
//
//	go test -run TestConversions -update
package peers
