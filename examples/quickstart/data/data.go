// Package data holds a slice of the package index of the Debian archive; see SOURCE.md.
package data

import _ "embed" // the slice is part of the program

// Packages is the slice, compressed with gzip.
//
//go:embed packages.gz
var Packages []byte
