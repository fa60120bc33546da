// Package convert writes values through generated shims into real servers and reads them back: each pair of a type of the repository's
// and a type of a store's, in a column of a server. What comes back must be what was written, unless it is declared what becomes of it.
//
// A folder here is a migration from one server to another, with a field for each pair; its shims and comparators are those that
// dualgen generates. docs/conversions.md shows what was seen: go test -update writes it anew.
package convert
