package access

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
)

// SayAccess is the remedy for a struct without exported fields: the directives that have it reached by its constructor, or by
// its getters and setters, where it has what it takes. It ends with the word that leads on to the remedy that always works.
func (p *Planner) SayAccess(t types.Type, side string) string {
	if maker := p.suggestedMaker(t); maker != "" {
		return fault.Say("construct %s", maker) + "\n\tor "
	}
	names, setters := p.settersOf(t)
	var lines []string
	for i, name := range names {
		if g, _ := p.getterFor(t, name); g != nil {
			lines = append(lines, fault.Say("field %s%s.%s get=%s set=%s", side, gotype.TypeName(t), name, g.Name, setters[i].Name))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n\t") + "\n\tor "
}

// suggestedMaker is the constructor of a struct's own package that takes the most of what the struct shows, or "". It names
// every parameter, each of which a getter reads.
func (p *Planner) suggestedMaker(t types.Type) string {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	best, most := "", 0
	scope := named.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		f, ok := scope.Lookup(name).(*types.Func)
		if !ok || !p.Reaches(f) {
			continue
		}
		maker := given.Maker{Func: f}
		made, _ := maker.Made()
		if parts := maker.Parts(); made != nil && types.Identical(made, t) && len(parts) > most && p.shown(t, parts) {
			best, most = name, len(parts)
		}
	}
	if best != "" && !p.Local(named.Obj()) {
		best = named.Obj().Pkg().Name() + "." + best
	}
	return best
}

// shown says whether a struct has a getter for each of a constructor's parameters.
func (p *Planner) shown(t types.Type, parts []*types.Var) bool {
	return !slices.ContainsFunc(parts, func(param *types.Var) bool {
		g, _ := p.getterFor(t, param.Name())
		return param.Name() == "" || g == nil
	})
}

// SayCompared is sayAccess for a struct that is compared.
func (p *Planner) SayCompared(t types.Type) string {
	return strings.TrimSuffix(p.SayAccess(t, ""), "or ")
}
