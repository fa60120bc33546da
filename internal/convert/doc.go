// Package convert plans how values travel between the repository interface's types and the two stores' types: can a value
// of type S become a T, and how. The rules are an ordered table, and the first that matches wins.
//
// A Planner collects the generated functions that its answers call. The caller asks for every conversion, comparator, clone
// and key codec of one repository, reports all diagnostics, and takes Functions, Guards and Conversions at the end.
package convert
