package generator

import (
	"context"
	"strings"

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
}

// MethodExplanation is one method's line of the table.
type MethodExplanation struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
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

// Explain says what Generate decides, interface by interface in the order of their files and lines.
func Explain(ctx context.Context, config Config) ([]Explanation, error) {
	result, err := run(ctx, config)
	if err != nil {
		return nil, err
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
		Old: typeString(r.Stores[0].Type), New: typeString(r.Stores[1].Type),
		Output: relative(b.program.config.Dir, r.Output.File), Methods: []MethodExplanation{}, Entities: []EntityExplanation{},
	}
	for _, d := range b.methods {
		e.Methods = append(e.Methods, b.explainMethod(d))
	}
	for _, entity := range b.entities {
		e.Entities = append(e.Entities, EntityExplanation{
			Name: entity.Name, Key: partNames(entity), Get: callName(entity.Get),
			Put:    strings.Join(nonEmpty(callName(entity.Put), callName(entity.PutElse)), ", else "),
			Delete: callName(entity.Delete), Scan: scanName(entity.Scan),
		})
	}
	for _, c := range b.planner.Conversions() {
		from, to := typeString(c.From), typeString(c.To)
		e.Conversions = append(e.Conversions, ConversionExplanation{
			Path: c.Path, Store: sides[c.Store], From: from, To: to, Rule: c.Rule, Notes: c.Notes,
		})
	}
	return e
}

// relativePosition is where the request stands.
func relativePosition(b *builder) string {
	pos := b.request.pos
	pos.Filename = relative(b.program.config.Dir, pos.Filename)
	pos.Column = 0
	return pos.String()
}

// explainMethod is one method's line.
func (b *builder) explainMethod(d *decision) MethodExplanation {
	m := MethodExplanation{
		Name: d.Name, Kind: strings.ToLower(kindWord(d.Method)), Compare: d.DiffValues != nil,
		Old: d.Calls[0].Method, New: d.Calls[1].Method, Reasons: d.Reasons,
	}
	if d.Entity != nil {
		m.Entity = d.Entity.Name
	}
	if len(d.Also) > 0 {
		m.Entity, m.Key = touched(d)
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
		m.Key = "each " + pathsOf(d, d.Key.Parts)
	case plan.KeyListed:
		m.Key = "list " + d.Key.Lister.Name()
	case plan.KeyOut:
		m.Key = "out " + pathsOf(d, d.Key.Parts)
	default:
		m.Key = pathsOf(d, d.Key.Parts)
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
