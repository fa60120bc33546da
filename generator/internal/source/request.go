package source

import (
	"flag"
	"fmt"
	"go/token"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
)

// Request is one //go:generate line that asks for a wrapper.
type Request struct {
	File  string // absolute path of the file it stands in
	Pos   token.Position
	Flags flags
	// Shared is true where other lines have their output in the same package: names that are ours then carry the
	// interface's, so that each output is the same whichever lines a run covers.
	Shared bool
}

// outputDir is where a request's output goes, as far as that is known before its stores are.
func (r *Request) outputDir() string {
	if out := r.Flags.Out.Text; out != "" {
		return filepath.Dir(Absolute(r.Dir(), out))
	}
	return r.Dir()
}

// Dir is the directory of the file that the request stands in; relative stores and outputs start there.
func (r *Request) Dir() string { return filepath.Dir(r.File) }

// flags are what a //go:generate line says.
type flags struct {
	Stores [2]text.Word // -old, -new: the store types; empty for the interface itself
	Out    text.Word
	Name   text.Word
	Ctl    text.Word // the directory of the console command
	Proxy  text.Word // the directory of the client and the server for other processes
	Queued bool      // write a front whose writes are queued
	Test   bool
}

// flagUsage lists the flags of a //go:generate line in the order of the documentation.
var flagUsage = []struct{ name, usage string }{
	{"old", "the old store's `type`, importpath.Type or ./dir.Type; defaults to the interface itself"},
	{"new", "the new store's `type`, likewise"},
	{"out", "output `file`; defaults to <interface>_dual.go beside the interface"},
	{"name", "wrapper `type`; defaults to Dual<Interface>"},
	{"test", "write conformance tests too; defaults to true"},
	{"ctl", "write the console command's main package to this `dir`, once: it is yours then; defaults to none"},
	{"queued", "write a front whose writes are answered from a queue too; defaults to false"},
	{"proxy", "write a client and a server for callers in other processes to this `dir`; defaults to none"},
}

// FlagHelp describes the flags that a //go:generate line takes, for help texts.
func FlagHelp() string {
	var b strings.Builder
	for _, f := range flagUsage {
		fmt.Fprintf(&b, "  -%-5s %s\n", f.name, strings.ReplaceAll(f.usage, "`", ""))
	}
	return b.String()
}

// UsageError is a mistake in a //go:generate line's flags.
type UsageError struct {
	Pos token.Position
	Err error
}

// Error says where and what.
func (e *UsageError) Error() string {
	if !e.Pos.IsValid() {
		return e.Err.Error()
	}
	return fmt.Sprintf("%v: %v", e.Pos, e.Err)
}

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// parseFlags reads the words after the tool's name. Rest are the package patterns: a line that has some asks for
// these packages and not for the interface below it.
func parseFlags(words []text.Word) (f flags, rest []text.Word, err error) {
	set := flag.NewFlagSet("dualgen", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	f.Test = true
	at := token.Position{}
	take := func(to *text.Word) func(string) error {
		return func(value string) error {
			*to = text.Word{Text: value, Pos: at}
			return nil
		}
	}
	targets := map[string]func(string) error{
		"old": take(&f.Stores[0]), "new": take(&f.Stores[1]), "out": take(&f.Out), "name": take(&f.Name), "ctl": take(&f.Ctl),
		"proxy": take(&f.Proxy),
	}
	for _, u := range flagUsage {
		if to, ok := targets[u.name]; ok {
			set.Func(u.name, u.usage, to)
		}
	}
	set.BoolVar(&f.Test, "test", true, "")
	set.BoolVar(&f.Queued, "queued", false, "")
	for len(words) > 0 && strings.HasPrefix(words[0].Text, "-") && len(words[0].Text) > 1 {
		n := flagWords(words)
		at = words[n-1].Pos
		if n == 1 { // -old=type: the value begins after the sign
			at.Column += strings.Index(words[0].Text, "=") + 1
		}
		if err := set.Parse(texts(words[:n])); err != nil {
			return f, nil, &UsageError{Pos: words[0].Pos, Err: err}
		}
		words = words[n:]
	}
	return f, words, nil
}

// flagWords is how many words the first flag takes: one with its value after =, or as a boolean; else two.
func flagWords(words []text.Word) int {
	name := strings.TrimLeft(words[0].Text, "-")
	if strings.Contains(name, "=") || name == "test" || name == "queued" || len(words) == 1 {
		return 1
	}
	return 2
}

// texts are the words' texts.
func texts(words []text.Word) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.Text
	}
	return all
}

// splitWords splits a //go:generate line as the go command does: at spaces, with double-quoted Go strings kept whole.
// pos is the position of line.
func splitWords(line string, pos token.Position) ([]text.Word, error) {
	var words []text.Word
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' || line[i] == '\r' {
			i++
			continue
		}
		at := pos
		at.Column += i
		at.Offset += i
		n := strings.IndexAny(line[i:], " \t\r")
		if line[i] == '"' {
			quoted, err := strconv.QuotedPrefix(line[i:])
			if err != nil {
				return nil, &UsageError{Pos: at, Err: fmt.Errorf("a quoted string does not end: %s", line[i:])}
			}
			n = len(quoted)
			unquoted, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, &UsageError{Pos: at, Err: err}
			}
			words = append(words, text.Word{Text: unquoted, Pos: at})
			i += n
			continue
		}
		if n < 0 {
			n = len(line) - i
		}
		words = append(words, text.Word{Text: line[i : i+n], Pos: at})
		i += n
	}
	return words, nil
}

// afterTool returns the words after the tool's name if the command runs dualgen: by its name or path, as
// go tool dualgen, or as go run of its package. aliases are the file's //go:generate -command lines.
func afterTool(words []text.Word, aliases map[string][]text.Word) ([]text.Word, bool) {
	if len(words) > 0 {
		if command, ok := aliases[words[0].Text]; ok {
			words = append(append([]text.Word(nil), command...), words[1:]...)
		}
	}
	for i, w := range words {
		text, _, _ := strings.Cut(w.Text, "@")
		if path.Base(filepath.ToSlash(text)) == "dualgen" {
			return commandWords(words[i+1:]), true
		}
		goCommand := i == 0 && w.Text == "go" || i == 1 && (w.Text == "tool" || w.Text == "run")
		if !goCommand && !strings.HasPrefix(w.Text, "-") {
			return nil, false
		}
	}
	return nil, false
}

// commandWords drops the name of the default command.
func commandWords(words []text.Word) []text.Word {
	if len(words) > 0 && words[0].Text == "generate" {
		return words[1:]
	}
	return words
}

// withThose are all requests of the modules, with those of the run in the place of what the same lines were read as.
func withThose(all, run []*Request) []*Request {
	same := func(a *Request) func(*Request) bool {
		return func(b *Request) bool { return a.File == b.File && a.Pos.Line == b.Pos.Line }
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(r *Request) bool { return slices.ContainsFunc(run, same(r)) })
	return append(rest, run...)
}
