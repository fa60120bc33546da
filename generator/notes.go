package generator

import (
	"fmt"
	"go/token"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
)

// notes tells Config.Note what nobody is asked about and everybody should know of what was generated.
func notes(p *load.Program, all []*wrapper.Wrapper) {
	if p.Config.Note == nil {
		return
	}
	for _, w := range all {
		for _, e := range w.In.Entities {
			noteUnlisted(e, p.Config.Note)
		}
	}
}

// noteUnlisted tells of a kind that is copied and that nothing lists, unless the source says so.
func noteUnlisted(e *model.Entity, note func(pos token.Position, what string)) {
	if !e.Written || e.Type == nil || e.Get == nil || e.Put == nil || e.Scan != nil || e.SaysNone(model.Scan) {
		return
	}
	verb := fmt.Sprintf("write //dualgen:entity %s scan=none above the interface", e.Name)
	if e.Said != nil {
		verb = "let its directive say scan=none"
	}
	note(e.Pos, fmt.Sprintf("nothing lists %[1]s: backfill cannot copy what was there before the migration, and verify cannot prove it"+
		"\n\tname what does in //dualgen:entity %[1]s scan=…: a method of the interface or of both stores, Scan(ctx context.Context) ([]%[1]s, error), or such a function over a store"+
		"\n\tif that is intended, %[2]s; the migration then stops before the guarded phases, until the kind is given up by name, with what the old store alone has of it: advance --abandon %[1]s", e.Name, verb))
}
