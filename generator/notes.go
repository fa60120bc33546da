package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/decide/copier"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
	"github.com/dualgen/dualgen/internal/plan"
)

// notes tells Config.Note what nobody is asked about and everybody should know of what was generated.
func notes(p *load.Program, all []*wrapper.Wrapper) {
	if p.Config.Note == nil {
		return
	}
	for _, w := range all {
		for _, e := range w.In.Entities {
			noteUnlisted(w.In, e, p.Config.Note)
		}
		for _, m := range w.In.Methods {
			noteRefused(w.In, m, p.Config.Note)
			noteLifetime(m, p.Config.Note)
		}
	}
	noteNew(all, p.Config.Note)
}

// noteUnlisted tells of a kind that is copied and that nothing lists, unless the source says so.
func noteUnlisted(in *model.Interface, e *model.Entity, note func(pos token.Position, what string)) {
	if !e.Written || e.Type == nil || e.Get == nil || e.Put == nil || e.Scan != nil || e.SaysNone(model.Scan) {
		return
	}
	verb := fmt.Sprintf("write //dualgen:entity %s scan=none above the interface", e.Name)
	if e.Said != nil {
		verb = "let its directive say scan=none"
	}
	method, function := copier.Scanners(in, e)
	what := fmt.Sprintf("a method of the interface or of both stores, %s, or a function over a store, %s", method, function)
	if slices.ContainsFunc(in.Stores[:], func(s *model.Store) bool { return types.IsInterface(s.Type) }) { // it has no other methods
		what = fmt.Sprintf("a method of the interface, %s, or a function that finds one behind the interface that a store is, %s", method, function)
	}
	note(e.Pos, fmt.Sprintf("nothing lists %[1]s: backfill cannot copy what was there before the migration, and verify cannot prove it"+
		"\n\tname what does in //dualgen:entity %[1]s scan=…: %[3]s"+
		"\n\tif that is intended, %[2]s; the migration then goes by reads that fall back, set --fallback save, or the kind is given up by name, with what the old store alone has of it: advance --abandon %[1]s", e.Name, verb, what))
}

// noteLifetime tells of a write that is given how long what it stores shall live, and that is copied: a copy hands on what the entity
// holds, and nothing else. Whoever states the mirror knows.
func noteLifetime(m *model.Method, note func(pos token.Position, what string)) {
	if m.Kind != plan.Write || m.Delete || m.Mirror != plan.Copy || m.Said.Mirror != nil || m.Entity != nil && m.Entity.Expires != "" {
		return
	}
	for _, i := range m.NonContext() {
		p := m.Params[i]
		if !shape.IsNamed(p.Type, "time", "Duration") {
			continue
		}
		note(m.Pos, fmt.Sprintf("%[1]s is mirrored by a copy, which is not given %[2]s: what the primary makes of it reaches the mirror only where the entity holds it"+
			"\n\tif %[2]s is a lifetime, keep the moment at which it ends in the entity, and let each store set its expiry by that; or write %[3]s %[4]s; if it is none, %[5]s",
			m.Name, p.Said, m.Directive("mirror", "replay"), m.Place(), m.Directive("mirror", "copy")))
		return
	}
}

// relativeTo is a file's name from a directory.
func relativeTo(dir, file string) string {
	if rel, err := filepath.Rel(dir, file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}
