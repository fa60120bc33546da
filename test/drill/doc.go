// Package drill makes the mistakes that operators make, with processes of a small service against real servers: each is
// refused or named with its remedy, and no acknowledged write is lost.
package drill
