package generator

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/plan"
)

// checkCopiers reports the methods that a written entity lacks for being copied.
func (b *builder) checkCopiers(e *entity) {
	if !e.written {
		return
	}
	for _, role := range []struct {
		name  string
		found bool
	}{
		{"get", e.Get != nil}, {"put", e.Put != nil}, {"delete", e.Delete != nil},
	} {
		if role.found || b.saidNone(e, role.name) || e.says(role.name) {
			continue
		}
		b.reports.Put(report.Diagnostic{Pos: b.entityPos(e), Cause: report.NoCopier, About: e.Name, Remedy: b.copierRemedy(e, role.name),
			What: fmt.Sprintf("%s cannot be copied between the stores: no method is its %s, %s", e.Name, role.name, b.neededBy(e))})
	}
	b.checkAbsent(e)
}

// checkAbsent reports a getter that leaves open how it says that there is no such entity: a copy must know.
func (b *builder) checkAbsent(e *entity) {
	if e.Get == nil || e.Get.Method == nil || e.Get.Method.Error < 0 {
		return
	}
	for _, d := range slices.Concat(b.methods, b.extra) {
		if d.Method != e.Get.Method {
			continue
		}
		before := b.reports.Len()
		n := b.notFound(0, d, nil)
		if b.reports.Len() > before {
			continue // its directive was reported
		}
		if n == nil || n.Caller == nil && !n.CallerNil && !n.CallerFound {
			b.ask(d, "write //dualgen:notfound ErrNotFound above the interface, with the name of that error",
				"cannot tell by which error %s says that there is no such %s", d.Name, e.Name)
		}
	}
}

// says reports whether a directive names a method for a role; what is wrong with it was reported where it was looked for.
func (e *entity) says(role string) bool {
	return e.saidWord(role).Text != "" || role == "put" && e.said != nil && len(e.said.Put) > 0
}

// saidNone reports whether a directive says that an entity has no method for a role, and that no write needs it.
func (b *builder) saidNone(e *entity, role string) bool {
	if e.said == nil {
		return false
	}
	none := e.saidWord(role).Text == "none" || role == "put" && len(e.said.Put) == 1 && e.said.Put[0].Text == "none"
	if !none || role == "delete" {
		return none
	}
	for _, d := range b.methods {
		if d.Entity == e.Entity && b.copies(d) && d.Key.Form != plan.KeyNone {
			replay := "//dualgen:mirror replay above " + d.Name
			if b.foreign(d) {
				replay = "//dualgen:mirror " + d.Name + " replay above the interface"
			}
			b.reports.Addf(e.said.Pos, "name a method for "+role+", or write "+replay+" if that is the same",
				"%s copies %s, which has no %s", d.Name, e.Name, role)
		}
	}
	return true
}

// copies reports whether a write is copied, if only where a transaction makes it.
func (b *builder) copies(d *decision) bool {
	return d.Mirror == plan.Copy || d.Mirror == plan.Replay && b.transacts()
}

// entityPos is where an entity is best talked about: its directive, else the interface.
func (b *builder) entityPos(e *entity) token.Position { return e.Pos }

// neededBy says what copying an entity is for.
func (b *builder) neededBy(e *entity) string {
	for _, d := range b.methods {
		if d.Entity == e.Entity && d.Mirror == plan.Copy {
			return "which " + d.Name + " needs"
		}
	}
	return "which the repair of a failed mirror write needs"
}

// copierRemedy says how to name a method for a role.
func (b *builder) copierRemedy(e *entity, role string) string {
	said := "//dualgen:entity " + e.Name
	if len(e.parts) > 0 {
		said += " key=" + strings.ReplaceAll(partNames(e), ", ", ",")
	}
	remedy := fmt.Sprintf("name a method of the interface, one that both stores have, or a function over a store, above the interface: %s %s=…\nlike %s",
		said, role, b.roleExample(role, e))
	if role == "delete" {
		remedy += "\nor say that it is never removed: " + said + " delete=none"
	}
	return remedy
}

// checkTypeless reports writes that would have to copy an entity that is no type.
func (b *builder) checkTypeless(e *entity) {
	for _, d := range b.methods {
		if d.Entity == e.Entity && b.copies(d) && d.Key.Form != plan.KeyNone {
			remedy := "declare a struct " + e.Name + ", and name functions over a store that copy it: //dualgen:entity " + e.Name + " key=… get=… put=…"
			if !d.takesOnce() {
				remedy += "\nor write //dualgen:mirror replay above it if calling it twice does what calling it once does"
			}
			b.ask(d, remedy, "%s copies %s, which is no type that a method returns whole", d.Name, e.Name)
		}
	}
}
