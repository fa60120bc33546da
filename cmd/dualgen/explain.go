package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dualgen/dualgen/generator"
)

// explain prints what was decided and why.
func explain(ctx context.Context, t *terminal, args []string) error {
	asJSON := false
	config, err := t.config("explain", args, func(set *flag.FlagSet) {
		set.BoolVar(&asJSON, "json", false, "print JSON")
	})
	if err != nil {
		return err
	}
	all, err := generator.Explain(ctx, config)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(t.err, "dualgen: no //go:generate line here runs dualgen; to begin with one: dualgen init ./dir.Interface")
	}
	if asJSON {
		encoder := json.NewEncoder(t.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	for i, e := range all {
		if i > 0 {
			fmt.Fprintln(t.out)
		}
		if err := t.printExplanation(e); err != nil {
			return err
		}
	}
	return nil
}

// printExplanation prints one interface's tables.
func (t *terminal) printExplanation(e generator.Explanation) error {
	fmt.Fprintf(t.out, "%s (%s)\nold: %s  new: %s  output: %s\n\n", e.Interface, e.Position, e.Old, e.New, e.Output)
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "METHOD\tKIND\tLEVEL\tENTITY\tKEY\tMIRROR\tCOMPARED\tOLD\tNEW\tWHY")
	for _, m := range e.Methods {
		compared := "no"
		if m.Compare {
			compared = "yes"
		}
		fmt.Fprintln(w, strings.Join([]string{
			m.Name, m.Kind, m.Level, dash(m.Entity), dash(m.Key), dash(m.Mirror), compared, m.Old, m.New, strings.Join(m.Reasons, " "),
		}, "\t"))
	}
	if len(e.Entities) > 0 {
		fmt.Fprintln(w, "\nENTITY\tLEVEL\tKEY\tGET\tPUT\tDELETE\tSCAN\tORDER OF THE SCAN\tFIELDS COMPARED")
		for _, n := range e.Entities {
			fmt.Fprintln(w, strings.Join([]string{n.Name, n.Level, dash(n.Key), dash(n.Get), dash(n.Put), dash(n.Delete), dash(n.Scan), dash(n.Order), dash(n.Fields)}, "\t"))
		}
	}
	if len(e.Conversions) > 0 {
		fmt.Fprintln(w, "\nVALUE\tSTORE\tFROM\tTO\tRULE\tMAY LOSE OR REFUSE")
		for _, c := range e.Conversions {
			fmt.Fprintln(w, strings.Join([]string{c.Path, c.Store, c.From, c.To, c.Rule, dash(strings.Join(c.Notes, "; "))}, "\t"))
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	t.printLines(e.Errors)
	t.printLines(e.Untested)
	t.printQuestions(e.Questions)
	return nil
}

// printLines prints lines below an empty one.
func (t *terminal) printLines(lines []string) {
	for i, line := range lines {
		if i == 0 {
			fmt.Fprintln(t.out)
		}
		fmt.Fprintln(t.out, line)
	}
}

// printQuestions prints what is open.
func (t *terminal) printQuestions(questions []generator.Question) {
	if len(questions) == 0 {
		return
	}
	fmt.Fprintf(t.out, "\nopen: %s; nothing is generated while one is\n", counted(len(questions), "question"))
	if len(questions) > 1 {
		fmt.Fprintln(t.out, "from the last line to the first: what is written above a line moves none of those that follow here")
	}
	for _, q := range slices.Backward(questions) {
		t.printQuestion(q)
	}
}

// printQuestion prints one, with its remedy below it.
func (t *terminal) printQuestion(q generator.Question) {
	fmt.Fprintf(t.out, "%s: %s\n", q.Position, q.What)
	for line := range strings.SplitSeq(q.Remedy, "\n") {
		if line != "" {
			fmt.Fprintf(t.out, "\t%s\n", line)
		}
	}
}

// dash stands for nothing in a table.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// initDirectives writes proposed directives into the source of an interface, or prints them.
func initDirectives(ctx context.Context, t *terminal, args []string) error {
	only := false
	config, err := t.config("init", args, func(set *flag.FlagSet) {
		set.BoolVar(&only, "print", false, "print the directives, and leave the source alone")
	})
	if err != nil {
		return err
	}
	if len(config.Patterns) != 1 {
		return misuse{fmt.Errorf("init takes one interface: dualgen init ./dir.Type")}
	}
	name := config.Patterns[0]
	config.Patterns = nil
	begin, err := generator.Initial(ctx, config, name)
	if err != nil {
		return err
	}
	if only || begin.File == nil { // an interface of another module is wrapped by naming it
		fmt.Fprint(t.out, begin.Text)
		return nil
	}
	changed, err := generator.Write([]generator.File{*begin.File})
	if err != nil {
		return err
	}
	t.printBeginning(begin, len(changed) > 0)
	return nil
}

// printBeginning says what init has written, and what it could not propose.
func (t *terminal) printBeginning(begin *generator.Beginning, changed bool) {
	proposed := 0
	for _, q := range begin.Questions {
		if q.Proposal != "" {
			proposed++
		}
	}
	file := t.relative(begin.File.Path)
	switch {
	case proposed > 0:
		fmt.Fprintf(t.out, "%s: proposed %s; look at each, correct it, and take its question mark away\n", file, counted(proposed, "directive"))
	case changed:
		fmt.Fprintf(t.out, "%s: wrote a //go:generate line; name the stores in it\n", file)
	default:
		fmt.Fprintf(t.out, "%s: nothing to propose\n", file)
	}
	for _, q := range begin.Questions {
		if q.Proposal != "" {
			continue
		}
		t.printQuestion(q)
	}
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, noun)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
