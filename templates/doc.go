// Package templates prints a plan.Repository as Go source. It decides nothing: every name, every conversion and every
// key was decided before, and what stands here is only how it is written down.
//
// Each emitter has the Go it emits in a comment above it, and returns fresh statements.
package templates
