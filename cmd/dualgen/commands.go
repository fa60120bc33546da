package main

import (
	"context"
	"flag"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/dualgen/dualgen/generator"
)

// generate writes what is out of date.
func generate(ctx context.Context, t *terminal, args []string) error {
	verbose := false
	config, err := t.config("generate", args, func(set *flag.FlagSet) {
		set.BoolVar(&verbose, "v", false, "name the files that were written")
	})
	if err != nil {
		return err
	}
	config.Note = func(pos token.Position, what string) {
		pos.Filename = t.relative(pos.Filename)
		fmt.Fprintf(t.err, "%v: note: %s\n", pos, what)
	}
	changed, err := generator.Update(ctx, config)
	if err != nil {
		t.after = t.severalLines(config)
		return err
	}
	if verbose {
		for _, name := range changed {
			fmt.Fprintln(t.out, t.relative(name))
		}
	}
	return nil
}

// severalLines says of a line that go generate runs, and that failed, that it does not reach those below; "" where there are none.
func (t *terminal) severalLines(config generator.Config) string {
	if config.Line == 0 {
		return ""
	}
	source, err := os.ReadFile(filepath.Join(t.dir, config.File))
	if err != nil {
		return ""
	}
	below, n := 0, 0
	for line := range strings.Lines(string(source)) {
		n++
		if n > config.Line && strings.HasPrefix(line, "//go:generate ") && strings.Contains(line, "dualgen") {
			below++
		}
	}
	if below == 0 {
		return ""
	}
	return fmt.Sprintf("dualgen: go generate does not reach the %s of dualgen below this one in %s: go tool dualgen ./... asks about all of them at once",
		counted(below, "line"), config.File)
}

// check prints what is stale, and asked so, what is not proved.
func check(ctx context.Context, t *terminal, args []string) error {
	proved := false
	config, err := t.config("check", args, func(set *flag.FlagSet) {
		set.BoolVar(&proved, "proved", false, "hold each wrapper to the record of its conformance test over the real stores")
	})
	if err != nil {
		return err
	}
	stale, err := generator.Check(ctx, config)
	if err != nil {
		return err
	}
	for _, s := range stale {
		switch {
		case s.Orphan:
			fmt.Fprintf(t.out, "orphan: %s: no //go:generate line asks for it; remove it\n", t.relative(s.Path))
		case s.Missing:
			fmt.Fprintf(t.out, "missing: %s\n%s", t.relative(s.Path), s.Diff)
		default:
			fmt.Fprint(t.out, s.Diff)
		}
	}
	if len(stale) > 0 {
		fmt.Fprintln(t.err, "dualgen: generated files are stale: run go generate")
		return errStale
	}
	if proved {
		return generator.Proved(ctx, config)
	}
	return nil
}

// version prints the module's version, as the go command stamped it.
func version(_ context.Context, t *terminal, _ []string) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		fmt.Fprintln(t.out, "dualgen (no build information)")
		return nil
	}
	of := info.Main.Version
	for _, dependency := range info.Deps {
		if dependency.Path == "github.com/dualgen/dualgen" {
			of = dependency.Version
		}
	}
	fmt.Fprintf(t.out, "dualgen %s %s\n", of, info.GoVersion)
	return nil
}

// help prints the commands, or what one of them takes.
func help(ctx context.Context, t *terminal, args []string) error {
	if len(args) == 1 {
		if c, ok := commandNamed(args[0]); ok && c.hasFlags() {
			return c.run(ctx, t, []string{"-h"})
		} else if ok {
			usageOf(t.out, c.name, nil)
			return nil
		}
	}
	if len(args) > 0 {
		return misuse{fmt.Errorf("there is no command %s: run dualgen help", strings.Join(args, " "))}
	}
	fmt.Fprint(t.out, "dualgen generates wrappers that move a service from one store to another while it runs.\n\nusage: dualgen [command] [flags] [packages]\n\ncommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(t.out, "  %-10s  %s\n", c.name, c.summary)
	}
	fmt.Fprintf(t.out, "\nflags of a //go:generate line:\n%s", generator.FlagUsage())
	fmt.Fprint(t.out, examples)
	return nil
}

// examples end the help text.
const examples = `
examples:
  above an interface:
    //go:generate go tool dualgen -old ./pgstore.Users -new ./cqlstore.Users
  every such line of the module, in one load:
    dualgen ./...
  in continuous integration:
    dualgen check ./...
    dualgen check -proved ./...
  why is this method mirrored by copying?
    dualgen explain ./users
  directives to begin with:
    dualgen init ./users.Repository
`

// usageOf prints the usage of one command; set holds its flags, nil for none.
func usageOf(w io.Writer, name string, set *flag.FlagSet) {
	c, _ := commandNamed(name)
	fmt.Fprintf(w, "usage: %s\n\n%s\n\nexample:\n  %s\n", strings.TrimSpace("dualgen "+name+" "+c.args), c.summary, c.example)
	if set != nil {
		fmt.Fprint(w, "\nflags:\n")
		set.SetOutput(w)
		set.PrintDefaults()
	}
}
