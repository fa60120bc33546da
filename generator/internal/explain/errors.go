package explain

import (
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/wrapper"
	"github.com/dualgen/dualgen/internal/plan"
)

// explainErrors says by what callers are told something, by what each store says it, and how that was found.
func explainErrors(w *wrapper.Wrapper) []string {
	var all []string
	for _, s := range w.ToldBy() {
		means := ""
		if s.Means != "" {
			means = " (" + s.Means + ")"
		}
		all = append(all, fmt.Sprintf("callers get %s%s for %s of the old store (%s), %s of the new store (%s)",
			s.Caller, means, s.Stores[0], s.By[0], s.Stores[1], s.By[1]))
	}
	return all
}

// orders say in which order a scan lists.
var orders = map[plan.ScanForm]string{
	plan.ScanAfterKey: "pages in the order of keys", plan.ScanCursor: "pages in the store's own order", plan.ScanAll: "all at once, in any order",
	plan.ScanSeq: "one by one, in any order", plan.ScanEach: "one by one, in any order", plan.ScanMap: "all at once, in any order",
	plan.ScanKeys: "all keys at once, in any order",
}

// scanOrder is the order of a listing method, "" for none.
func scanOrder(c *plan.ScanCall) string {
	if c == nil {
		return ""
	}
	return orders[c.Form]
}

// comparedFields are the fields of an entity that are compared.
func comparedFields(r *plan.Repository, e *plan.Entity) string {
	for _, f := range r.Functions {
		d, ok := f.(*plan.DiffFunc)
		if !ok || e.Diff == nil || d.Ref.Name != e.Diff.Name {
			continue
		}
		if whole, ok := d.Whole.(plan.CompareDiff); ok { // of values that may hold themselves
			return comparedFields(r, &plan.Entity{Diff: whole.Func})
		}
		var names []string
		for _, field := range d.Fields {
			names = append(names, field.Name)
		}
		return strings.Join(names, ", ")
	}
	return ""
}
