package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"go/scanner"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/generator"
)

// terminal is what a run gets from its process.
type terminal struct {
	args     []string
	env      []string
	dir      string // "" for the process's own
	out, err io.Writer
	after    string // said below the diagnostics
}

// Exit codes.
const (
	exitOK     = 0
	exitFault  = 1 // diagnostics, stale files, a failure
	exitMisuse = 2 // unknown commands and flags
)

// command is one of the words that dualgen knows.
type command struct {
	name    string
	args    string // for the usage line
	summary string
	example string
	run     func(ctx context.Context, t *terminal, args []string) error
}

// hasFlags reports whether a command takes flags.
func (c command) hasFlags() bool { return strings.Contains(c.args, "flags") }

// commands are in the order of the help text. The first is the default.
func commands() []command {
	return []command{
		{"generate", "[flags] [packages]", "write what is out of date (the default)", "dualgen ./...", generate},
		{"check", "[flags] [packages]", "write nothing; exit 1 with a diff if anything is stale", "dualgen check ./...", check},
		{"explain", "[flags] [packages]", "show each method's kind, entity, key and mirror mode, and each field's conversion",
			"dualgen explain -json ./users", explain},
		{"init", "[flags] interface", "write proposed directives into the source of an interface", "dualgen init ./users.Repository", initDirectives},
		{"version", "", "print the version", "dualgen version", version},
		{"completion", "bash|zsh|fish", "print a shell's completion script", "source <(dualgen completion bash)", completion},
		{"help", "[command]", "print this text, or that of a command", "dualgen help explain", help},
	}
}

// misuse is an error in how the command was called.
type misuse struct{ error }

// Unwrap returns the cause.
func (m misuse) Unwrap() error { return m.error }

// errStale says that something is out of date and was printed.
var errStale = errors.New("stale")

// run executes one command line and returns the exit code.
func run(ctx context.Context, t *terminal) int {
	name, args := "generate", t.args
	if len(args) > 0 {
		if _, ok := commandNamed(args[0]); ok {
			name, args = args[0], args[1:]
		} else if isHelp(args[0]) {
			name, args = "help", nil
		} else if unknownCommand(args[0]) {
			return t.fail(misuse{fmt.Errorf("unknown command %s: run dualgen help", args[0])})
		}
	}
	c, _ := commandNamed(name)
	if len(args) == 1 && isHelp(args[0]) && !c.hasFlags() {
		usageOf(t.out, name, nil)
		return exitOK
	}
	return t.fail(c.run(ctx, t, args))
}

// commandNamed finds a command.
func commandNamed(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// isHelp reports whether a word asks for help.
func isHelp(word string) bool { return word == "-h" || word == "-help" || word == "--help" }

// unknownCommand reports whether a word can be neither a flag nor a package.
func unknownCommand(word string) bool {
	return !strings.HasPrefix(word, "-") && !strings.ContainsAny(word, "./")
}

// fail prints an error and returns its exit code.
func (t *terminal) fail(err error) int {
	var usage *generator.UsageError
	var wrong misuse
	list, diagnostics := err.(scanner.ErrorList)
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errStale):
		return exitFault
	case diagnostics:
		t.printList(list)
		if t.after != "" {
			fmt.Fprintln(t.err, t.after)
		}
		return exitFault
	}
	fmt.Fprintf(t.err, "dualgen: %s\n", t.shorten(err.Error()))
	if errors.As(err, &usage) || errors.As(err, &wrong) {
		return exitMisuse
	}
	return exitFault
}

// printList prints diagnostics, their files relative to the current directory. Those of a file stand from its last line to its first:
// what is written above a line moves none of those that follow.
func (t *terminal) printList(list scanner.ErrorList) {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *scanner.Error) int {
		if a.Pos.Filename != b.Pos.Filename {
			return strings.Compare(a.Pos.Filename, b.Pos.Filename)
		}
		return b.Pos.Line - a.Pos.Line
	})
	for _, e := range list {
		pos := e.Pos
		pos.Filename = t.relative(pos.Filename)
		fmt.Fprintf(t.err, "%v: %s\n", pos, e.Msg)
	}
}

// relative is a path from the current directory where that is shorter.
func (t *terminal) relative(name string) string {
	dir, err := filepath.Abs(t.dir)
	if err != nil {
		return name
	}
	if rel, err := filepath.Rel(dir, name); err == nil && len(rel) < len(name) {
		return rel
	}
	return name
}

// shorten makes the paths in a message relative.
func (t *terminal) shorten(msg string) string {
	if dir, err := filepath.Abs(t.dir); err == nil {
		return strings.ReplaceAll(msg, dir+string(filepath.Separator), "")
	}
	return msg
}

// env is a variable of the run's environment.
func (t *terminal) lookup(name string) string {
	for _, pair := range slices.Backward(t.env) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// config makes the generator's configuration of the arguments after a command's name. Under go generate, a command line
// without packages means the line that it stands in.
func (t *terminal) config(name string, args []string, more func(*flag.FlagSet)) (generator.Config, error) {
	config := generator.Config{Dir: t.dir, Env: t.env}
	if line := t.lookup("GOLINE"); line != "" && t.lookup("GOFILE") != "" && name == "generate" && !namesPackages(args) {
		n, err := strconv.Atoi(line)
		if err != nil {
			return config, misuse{fmt.Errorf("GOLINE: %w", err)}
		}
		config.File, config.Line, config.Args = t.lookup("GOFILE"), n, args
		return config, nil
	}
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(io.Discard) // what is wrong is said once, with a remedy
	set.Usage = func() {}
	set.StringVar(&config.Tags, "tags", "", "build `tags`, in addition to those in GOFLAGS")
	if more != nil {
		more(set)
	}
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			usageOf(t.out, name, set)
			return config, err
		}
		return config, misuse{fmt.Errorf("%w\n%s", err, lineFlagHint(name, err))}
	}
	config.Patterns = set.Args()
	config.LeftOut = func(pos token.Position) {
		fmt.Fprintf(t.err, "%s:%d: left out: the build constraints of this file exclude it here (see -tags)\n", t.relative(pos.Filename), pos.Line)
	}
	return config, nil
}

// namesPackages reports whether a command line ends in package patterns.
func namesPackages(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	isFlag := len(args) > 1 && strings.HasPrefix(args[len(args)-2], "-") && !strings.Contains(args[len(args)-2], "=")
	return !isFlag && (strings.HasPrefix(last, "./") || last == "." || strings.HasSuffix(last, "..."))
}

// lineFlagHint explains that the flags of a //go:generate line belong there.
func lineFlagHint(command string, err error) string {
	for _, name := range []string{"-old", "-new", "-out", "-name", "-test", "-ctl", "-proxy", "-queued"} {
		if strings.HasSuffix(err.Error(), name) {
			return "\t" + name + " belongs in a //go:generate line above the interface"
		}
	}
	return "\trun dualgen help " + command
}
