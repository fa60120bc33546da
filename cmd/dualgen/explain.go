package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
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
	fmt.Fprintln(w, "METHOD\tKIND\tENTITY\tKEY\tMIRROR\tCOMPARED\tOLD\tNEW\tWHY")
	for _, m := range e.Methods {
		compared := "no"
		if m.Compare {
			compared = "yes"
		}
		fmt.Fprintln(w, strings.Join([]string{
			m.Name, m.Kind, dash(m.Entity), dash(m.Key), dash(m.Mirror), compared, m.Old, m.New, strings.Join(m.Reasons, " "),
		}, "\t"))
	}
	if len(e.Entities) > 0 {
		fmt.Fprintln(w, "\nENTITY\tKEY\tGET\tPUT\tDELETE\tSCAN")
		for _, n := range e.Entities {
			fmt.Fprintln(w, strings.Join([]string{n.Name, dash(n.Key), dash(n.Get), dash(n.Put), dash(n.Delete), dash(n.Scan)}, "\t"))
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
	return nil
}

// dash stands for nothing in a table.
func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// initDirectives prints directives to begin with.
func initDirectives(ctx context.Context, t *terminal, args []string) error {
	config, err := t.config("init", args, nil)
	if err != nil {
		return err
	}
	if len(config.Patterns) != 1 {
		return misuse{fmt.Errorf("init takes one interface: dualgen init ./dir.Type")}
	}
	name := config.Patterns[0]
	config.Patterns = nil
	text, err := generator.Initial(ctx, config, name)
	if err != nil {
		return err
	}
	fmt.Fprint(t.out, text)
	return nil
}
