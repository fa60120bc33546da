package generator

import (
	"bytes"
	"regexp"
)

// cgoType is how cgo spells a type of C: C.int is _Ctype_int.
var cgoType = regexp.MustCompile(`\b_Ctype_(\w+)`)

// reportCgoTypes reports each request whose output would have to name a type of C, which no file can that has no C in it.
func reportCgoTypes(r *result) error {
	reports := &reports{}
	for _, repo := range r.repositories {
		for _, f := range r.files {
			if f.Path != repo.Output.File && f.Path != repo.Output.TestFile {
				continue
			}
			if !bytes.Contains(f.Source, []byte("_Ctype_")) {
				continue // a hundred times as fast as the expression
			}
			if found := cgoType.FindSubmatch(f.Source); found != nil {
				reports.addf(repo.Pos, "give the interface, and the structs that it stores, types of Go's: type Kind int32",
					"%s speaks of the C type %s: generated code cannot name it", repo.Interface.Name(), found[1])
				break
			}
		}
	}
	return reports.err()
}
