// Package generator turns a repository interface and two stores into a wrapper that writes both stores and reads one,
// the shims that make each store look like the interface, and tests for them.
//
// [Generate] tells the whole story: find the //go:generate lines, load their packages, read the //dualgen: directives,
// classify every method, plan the conversions, print, and type-check what was printed. It returns bytes; [Write] puts
// them in place, [Check] compares them with what is there.
//
// What a method does is never guessed. A directive decides, else an ordered table of verbs, else a diagnostic names the
// directives that would settle it. A wrong guess would lose a write.
package generator
