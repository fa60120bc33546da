// Package explain says what was decided of an interface, and why.
package explain

import (
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/kind"
	"github.com/dualgen/dualgen/generator/internal/decide/touch"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
	"github.com/dualgen/dualgen/internal/plan"
)

// Of turns a plan into what people want to know of it.
func Of(w *wrapper.Wrapper) Interface {
	r := w.Repo
	e := Interface{
		Interface: r.Interface.Name(), Position: relativePosition(w),
		Old: shape.String(r.Stores[0].Type), New: shape.String(r.Stores[1].Type),
		Output: source.Relative(w.Program.Config.Dir, r.Output.File), Methods: []Method{}, Entities: []Entity{},
	}
	for _, d := range w.In.Methods {
		e.Methods = append(e.Methods, explainMethod(d))
	}
	for _, s := range w.Repo.Subs {
		e.Methods = append(e.Methods, explainSub(s))
	}
	for _, entity := range w.In.Entities {
		e.Entities = append(e.Entities, Entity{
			Name: entity.Name, Level: entity.Least().String(), Key: entity.PartNames(), Get: callName(entity.Get),
			Put:    strings.Join(nonEmpty(callName(entity.Put), callName(entity.PutElse)), ", else "),
			Delete: callName(entity.Delete), Scan: scanName(entity.Scan), Order: scanOrder(entity.Scan), Fields: comparedFields(r, entity.Entity),
		})
	}
	if e.Questions = Questions(w); len(e.Questions) == 0 { // else what is missing may be one of them
		e.Untested = r.Untested()
	}
	e.Errors = explainErrors(w)
	for _, c := range w.Conversions.Conversions() {
		from, to := shape.String(c.From), shape.String(c.To)
		e.Conversions = append(e.Conversions, Conversion{
			Path: c.Path, Store: model.Sides[c.Store], From: from, To: to, Rule: c.Rule, Notes: c.Notes,
		})
	}
	return e
}

// explainSub is the line of a method that hands out a repository of its own.
func explainSub(s *plan.SubRepository) Method {
	level := model.Certain
	if s.Of == nil {
		level = model.Asked
	}
	return Method{Name: s.Method.Name, Kind: "sub-repository", Level: level.String(), Old: s.Calls[0].Method, New: s.Calls[1].Method, Reasons: s.Method.Reasons}
}

// Questions are what is open about an interface.
func Questions(w *wrapper.Wrapper) []Question {
	var all []Question
	for _, d := range w.Reports.All() {
		q := Question{Position: source.Relative(w.Program.Config.Dir, d.Pos.String()), About: d.About, What: d.What, Remedy: d.Remedy}
		for _, p := range w.In.Proposals {
			if d.Proposed != "" && p.About() == d.About && p.Line("") == d.Proposed {
				q.Proposal = p.Line("?")
			}
		}
		all = append(all, q)
	}
	return all
}

// relativePosition is where the request stands.
func relativePosition(w *wrapper.Wrapper) string {
	pos := w.Request.Pos
	pos.Filename = source.Relative(w.Program.Config.Dir, pos.Filename)
	pos.Column = 0
	return pos.String()
}

// explainMethod is one method's line.
func explainMethod(d *model.Method) Method {
	m := Method{
		Name: d.Name, Kind: strings.ToLower(kind.Word(d.Kind, d.Delete)), Level: d.Least().String(), Compare: d.DiffValues != nil,
		Old: d.Calls[0].Method, New: d.Calls[1].Method, Reasons: d.Reasons,
	}
	if d.Entity != nil {
		m.Entity = d.Entity.Name
	}
	if len(d.Also) > 0 {
		m.Entity, m.Key = touch.Touched(d, d.Touches())
		m.Mirror = map[plan.MirrorMode]string{plan.Replay: "replay", plan.Copy: "copy", plan.Skip: "skip"}[d.Mirror]
		return m
	}
	switch d.Key.Form {
	case plan.KeyNone:
		if d.Kind == plan.Read || d.Kind == plan.Write {
			m.Key = "whole kind"
		}
	case plan.KeyResult:
		m.Key = "result"
	case plan.KeyEach:
		m.Key = "each " + touch.Paths(d, d.Key.Parts)
	case plan.KeyListed:
		if m.Key = "list"; d.Key.Lister != nil { // else it was reported
			m.Key += " " + d.Key.Lister.Name()
		}
	case plan.KeyOut:
		m.Key = "out " + touch.Paths(d, d.Key.Parts)
	case plan.KeyOutEach:
		m.Key = "out each " + touch.Paths(d, d.Key.Parts)
	default:
		m.Key = touch.Paths(d, d.Key.Parts)
	}
	m.Mirror = map[plan.MirrorMode]string{plan.Replay: "replay", plan.Copy: "copy", plan.Skip: "skip"}[d.Mirror]
	return m
}

// callName is the name of a method or function that copies, or "".
func callName(c *plan.EntityCall) string {
	switch {
	case c == nil:
		return ""
	case c.Method != nil:
		return c.Method.Name
	}
	return c.Func.Name
}

// scanName is callName for a listing method.
func scanName(c *plan.ScanCall) string {
	if c == nil {
		return ""
	}
	return callName(&c.EntityCall)
}

// nonEmpty drops empty texts.
func nonEmpty(texts ...string) []string {
	var all []string
	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}
	return all
}
