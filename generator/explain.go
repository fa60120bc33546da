package generator

import (
	"context"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/kind"
	"github.com/dualgen/dualgen/generator/internal/decide/touch"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
	"github.com/dualgen/dualgen/internal/plan"
)

// Explanation says what was decided for one interface, and why.
type Explanation struct {
	Interface   string                  `json:"interface"`
	Position    string                  `json:"position"` // of its //go:generate line, file:line
	Old         string                  `json:"old"`
	New         string                  `json:"new"`
	Output      string                  `json:"output"`
	Methods     []MethodExplanation     `json:"methods"`
	Entities    []EntityExplanation     `json:"entities"`
	Conversions []ConversionExplanation `json:"conversions,omitempty"`
	Errors      []string                `json:"errors,omitempty"`    // what callers are told by, what each store says in its place, and how that was found
	Untested    []string                `json:"untested,omitempty"`  // laws that no run of the conformance test can try, and why
	Questions   []Question              `json:"questions,omitempty"` // what is open: while one is, nothing is generated
}

// Question is something that nobody has decided, or that is in the way.
type Question struct {
	Position string `json:"position"`           // file:line:column
	About    string `json:"about,omitempty"`    // a method, or an entity
	What     string `json:"what"`               // what is open
	Remedy   string `json:"remedy"`             // what would settle it, line by line
	Proposal string `json:"proposal,omitempty"` // the directive that init would propose; "" where nothing is likely
}

// MethodExplanation is one method's line of the table.
type MethodExplanation struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Level   string   `json:"level"` // of the weakest decision about it: stated, certain, likely or asked
	Entity  string   `json:"entity,omitempty"`
	Key     string   `json:"key,omitempty"`
	Mirror  string   `json:"mirror,omitempty"`
	Compare bool     `json:"compare"` // its results can be compared
	Old     string   `json:"old"`     // the old store's name for it
	New     string   `json:"new"`
	Reasons []string `json:"reasons"`
}

// EntityExplanation says how one kind of entity is copied.
type EntityExplanation struct {
	Name   string `json:"name"`
	Level  string `json:"level"` // of the weakest decision about it
	Key    string `json:"key"`
	Get    string `json:"get,omitempty"`
	Put    string `json:"put,omitempty"`
	Delete string `json:"delete,omitempty"`
	Scan   string `json:"scan,omitempty"`
	Order  string `json:"order,omitempty"`  // in which the scan lists
	Fields string `json:"fields,omitempty"` // that are compared; "" where values are compared as a whole, or not at all
}

// ConversionExplanation is one conversion between a repository's type and a store's.
type ConversionExplanation struct {
	Path  string   `json:"path"`
	Store string   `json:"store"`
	From  string   `json:"from"`
	To    string   `json:"to"`
	Rule  string   `json:"rule"`
	Notes []string `json:"notes,omitempty"` // what it may lose or refuse
}

// Explain says what is decided of each interface, in the order of their files and lines, and what is open. It generates nothing.
func Explain(ctx context.Context, config Config) ([]Explanation, error) {
	full, err := source.Config(config).Complete()
	if err != nil {
		return nil, err
	}
	found, err := source.Find(&full)
	if err != nil {
		return nil, err
	}
	program, err := load.Tree(ctx, &full, found)
	if err != nil {
		return nil, err
	}
	reports := &report.List{}
	wrappers := wrapper.All(program, found, reports)
	if len(wrappers) < len(found.Requests) {
		if err := reports.Err(); err != nil { // of an interface that can't be read there is nothing to explain
			return nil, err
		}
	}
	all := []Explanation{}
	for _, w := range wrappers {
		all = append(all, explain(w))
	}
	return all, nil
}

// explain turns a plan into what people want to know of it.
func explain(w *wrapper.Wrapper) Explanation {
	r := w.Repo
	e := Explanation{
		Interface: r.Interface.Name(), Position: relativePosition(w),
		Old: shape.String(r.Stores[0].Type), New: shape.String(r.Stores[1].Type),
		Output: relative(w.Program.Config.Dir, r.Output.File), Methods: []MethodExplanation{}, Entities: []EntityExplanation{},
	}
	for _, d := range w.In.Methods {
		e.Methods = append(e.Methods, explainMethod(d))
	}
	for _, s := range w.Repo.Subs {
		e.Methods = append(e.Methods, explainSub(s))
	}
	for _, entity := range w.In.Entities {
		e.Entities = append(e.Entities, EntityExplanation{
			Name: entity.Name, Level: entity.Least().String(), Key: entity.PartNames(), Get: callName(entity.Get),
			Put:    strings.Join(nonEmpty(callName(entity.Put), callName(entity.PutElse)), ", else "),
			Delete: callName(entity.Delete), Scan: scanName(entity.Scan), Order: scanOrder(entity.Scan), Fields: comparedFields(r, entity.Entity),
		})
	}
	if e.Questions = questions(w); len(e.Questions) == 0 { // else what is missing may be one of them
		e.Untested = r.Untested()
	}
	e.Errors = explainErrors(w)
	for _, c := range w.Conversions.Conversions() {
		from, to := shape.String(c.From), shape.String(c.To)
		e.Conversions = append(e.Conversions, ConversionExplanation{
			Path: c.Path, Store: model.Sides[c.Store], From: from, To: to, Rule: c.Rule, Notes: c.Notes,
		})
	}
	return e
}

// explainSub is the line of a method that hands out a repository of its own.
func explainSub(s *plan.SubRepository) MethodExplanation {
	level := model.Certain
	if s.Of == nil {
		level = model.Asked
	}
	return MethodExplanation{Name: s.Method.Name, Kind: "sub-repository", Level: level.String(), Old: s.Calls[0].Method, New: s.Calls[1].Method, Reasons: s.Method.Reasons}
}

// questions are what is open about an interface.
func questions(w *wrapper.Wrapper) []Question {
	var all []Question
	for _, d := range w.Reports.All() {
		q := Question{Position: relative(w.Program.Config.Dir, d.Pos.String()), About: d.About, What: d.What, Remedy: d.Remedy}
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
	pos.Filename = relative(w.Program.Config.Dir, pos.Filename)
	pos.Column = 0
	return pos.String()
}

// explainMethod is one method's line.
func explainMethod(d *model.Method) MethodExplanation {
	m := MethodExplanation{
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
