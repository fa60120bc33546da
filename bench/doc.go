// Package bench measures what a wrapped call costs over the same call made directly, in every phase and by every way of
// mirroring, next to the same work through another migration library. It is a module of its own, so that nobody inherits
// that library.
//
//	go test -bench . -benchmem -count 6 ./...
package bench
