// Package convert holds the leaf conversions that generated code calls: checked numbers, UUIDs, missing values, time, text
// and JSON, collections, comparisons, and the encoding of keys.
//
// A conversion that can fail returns an error and never panics. None of them loses anything in silence: what a function
// may lose is said in its comment. None shares mutable memory between its argument and its result, as long as the element
// functions it is given do not.
package convert
