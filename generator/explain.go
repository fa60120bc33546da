package generator

import (
	"context"

	"github.com/dualgen/dualgen/generator/internal/begin"
	"github.com/dualgen/dualgen/generator/internal/explain"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
)

// What is said of an interface.
type (
	// Explanation says what was decided for one interface, and why.
	Explanation = explain.Interface
	// Question is something that nobody has decided, or that is in the way.
	Question = explain.Question
	// Beginning is what init has to say of an interface: the directives that are likely right, and what is open.
	Beginning = begin.Beginning
)

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
		all = append(all, explain.Of(w))
	}
	return all, nil
}

// Initial proposes directives for the interface of that name, ./dir.Type or importpath.Type. What is likely is proposed with a
// question mark, which a person takes away after a look; while one stands, nothing is generated. It writes nothing.
func Initial(ctx context.Context, config Config, name string) (*Beginning, error) {
	full, err := source.Config(config).Complete()
	if err != nil {
		return nil, err
	}
	s, err := begin.Named(ctx, &full, name)
	if err != nil {
		return nil, err
	}
	w, _ := wrapper.Plan(s)
	return begin.Of(w)
}
