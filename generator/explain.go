package generator

import (
	"context"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/kind"
	"github.com/dualgen/dualgen/generator/internal/decide/touch"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/plan"
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
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	found, err := find(&config)
	if err != nil {
		return nil, err
	}
	program, err := load(ctx, &config, found)
	if err != nil {
		return nil, err
	}
	reports := &report.List{}
	result := planAll(program, found, reports)
	if len(result.builders) < len(found.requests) {
		if err := reports.Err(); err != nil { // of an interface that can't be read there is nothing to explain
			return nil, err
		}
	}
	all := []Explanation{}
	for _, b := range result.builders {
		all = append(all, b.explain())
	}
	return all, nil
}

// explain turns a plan into what people want to know of it.
func (b *builder) explain() Explanation {
	r := b.repo
	e := Explanation{
		Interface: r.Interface.Name(), Position: relativePosition(b),
		Old: shape.String(r.Stores[0].Type), New: shape.String(r.Stores[1].Type),
		Output: relative(b.program.config.Dir, r.Output.File), Methods: []MethodExplanation{}, Entities: []EntityExplanation{},
	}
	for _, d := range b.in.Methods {
		e.Methods = append(e.Methods, b.explainMethod(d))
	}
	for _, entity := range b.in.Entities {
		e.Entities = append(e.Entities, EntityExplanation{
			Name: entity.Name, Level: entity.Least().String(), Key: entity.PartNames(), Get: callName(entity.Get),
			Put:    strings.Join(nonEmpty(callName(entity.Put), callName(entity.PutElse)), ", else "),
			Delete: callName(entity.Delete), Scan: scanName(entity.Scan),
		})
	}
	e.Questions = b.questions()
	for _, c := range b.planner.Conversions() {
		from, to := shape.String(c.From), shape.String(c.To)
		e.Conversions = append(e.Conversions, ConversionExplanation{
			Path: c.Path, Store: model.Sides[c.Store], From: from, To: to, Rule: c.Rule, Notes: c.Notes,
		})
	}
	return e
}

// questions are what is open about an interface.
func (b *builder) questions() []Question {
	var all []Question
	for _, d := range b.reports.All() {
		q := Question{Position: relative(b.program.config.Dir, d.Pos.String()), About: d.About, What: d.What, Remedy: d.Remedy}
		for _, p := range b.in.Proposals {
			if p.About() == d.About && d.Cause == report.Open && strings.Contains(d.Remedy, p.Line("")) {
				q.Proposal = p.Line("?")
			}
		}
		all = append(all, q)
	}
	return all
}

// relativePosition is where the request stands.
func relativePosition(b *builder) string {
	pos := b.request.pos
	pos.Filename = relative(b.program.config.Dir, pos.Filename)
	pos.Column = 0
	return pos.String()
}

// explainMethod is one method's line.
func (b *builder) explainMethod(d *model.Method) MethodExplanation {
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
		m.Key = "list " + d.Key.Lister.Name()
	case plan.KeyOut:
		m.Key = "out " + touch.Paths(d, d.Key.Parts)
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
