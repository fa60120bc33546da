package convert

import (
	"go/types"
	"slices"
	"strings"
)

// sayAccess is the remedy for a struct without exported fields: the directives that have it reached by its constructor, or by
// its getters and setters, where it has what it takes. It ends with the word that leads on to the remedy that always works.
func (p *Planner) sayAccess(r request, t types.Type) string {
	if maker := p.suggestedMaker(t); maker != "" {
		return say("construct %s", maker) + "\n\tor "
	}
	side := ""
	if !types.Identical(t, r.ours()) {
		side = r.side() + "."
	}
	names, setters := p.settersOf(t)
	var lines []string
	for i, name := range names {
		if g, _ := p.getterFor(t, name); g != nil {
			lines = append(lines, say("field %s%s.%s get=%s set=%s", side, typeName(t), name, g.name, setters[i].Name))
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
		if !ok || !p.reaches(f) {
			continue
		}
		maker := Maker{Func: f}
		made, _ := maker.made()
		if parts := maker.parts(); made != nil && types.Identical(made, t) && len(parts) > most && p.shown(t, parts) {
			best, most = name, len(parts)
		}
	}
	if best != "" && !p.local(named.Obj()) {
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

// sayCompared is sayAccess for a struct that is compared.
func (p *Planner) sayCompared(t types.Type) string {
	s := p.sayAccess(request{from: t, to: t, at: At{Direction: ToStore}}, t)
	return strings.TrimSuffix(s, "or ")
}
