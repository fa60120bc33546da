package check

import (
	"bytes"
	"regexp"
	"sync"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/internal/plan"
)

// cgoType is how cgo spells a type of C: C.int is _Ctype_int.
var cgoType = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b_Ctype_(\w+)`) })

// reportCgoTypes reports each request whose output would have to name a type of C, which no file can that has no C in it.
func (c *checker) reportCgoTypes(reports *report.List) {
	var said *plan.Repository
	for _, o := range c.Outputs {
		if o.Repo == said || o.Repo.Elsewhere(o.Path) || !bytes.Contains(o.Source, []byte("_Ctype_")) {
			continue
		}
		if found := cgoType().FindSubmatch(o.Source); found != nil {
			said = o.Repo
			reports.Addf(o.Repo.Pos, "give the interface, and the structs that it stores, types of Go's: type Kind int32",
				"%s speaks of the C type %s: generated code cannot name it", o.Repo.Interface.Name(), found[1])
		}
	}
}
