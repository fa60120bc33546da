// Package soak holds a long run of a small fleet over a journal on a real server: keys that are written all the time, writes that list
// their keys, instances that restart or die, and a mirror that is down half of the time. Near the end nothing that the journal keeps or
// reads may be more than it was near the beginning.
//
//	go test ./runtime/internal/soak -run TestSoak -soak 2h -timeout 0 -v
//
// Without the flag it is a short one, bounded by numbers of calls instead of time.
package soak
