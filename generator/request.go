package generator

import (
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// request is one //go:generate line that asks for a wrapper.
type request struct {
	file  string // absolute path of the file it stands in
	pos   token.Position
	flags flags
	// shared is true where other lines have their output in the same package: names that are ours then carry the
	// interface's, so that each output is the same whichever lines a run covers.
	shared bool
}

// outputDir is where a request's output goes, as far as that is known before its stores are.
func (r *request) outputDir() string {
	if out := r.flags.out.text; out != "" {
		return filepath.Dir(absolute(r.dir(), out))
	}
	return r.dir()
}

// dir is the directory of the file that the request stands in; relative stores and outputs start there.
func (r *request) dir() string { return filepath.Dir(r.file) }

// flags are what a //go:generate line says.
type flags struct {
	stores [2]word // -old, -new: the store types; empty for the interface itself
	out    word
	name   word
	ctl    word // the directory of the console command
	test   bool
}

// word is a word of a //go:generate line.
type word struct {
	text string
	pos  token.Position
}

// flagUsage lists the flags of a //go:generate line in the order of the documentation.
var flagUsage = []struct{ name, usage string }{
	{"old", "the old store's `type`, importpath.Type or ./dir.Type; defaults to the interface itself"},
	{"new", "the new store's `type`, likewise"},
	{"out", "output `file`; defaults to <interface>_dual.go beside the interface"},
	{"name", "wrapper `type`; defaults to Dual<Interface>"},
	{"test", "write conformance tests too; defaults to true"},
	{"ctl", "write the console command's main package to this `dir`, once: it is yours then; defaults to none"},
}

// FlagUsage describes the flags that a //go:generate line takes, for help texts.
func FlagUsage() string {
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
func parseFlags(words []word) (f flags, rest []word, err error) {
	set := flag.NewFlagSet("dualgen", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	f.test = true
	at := token.Position{}
	take := func(to *word) func(string) error {
		return func(text string) error {
			*to = word{text: text, pos: at}
			return nil
		}
	}
	targets := map[string]func(string) error{
		"old": take(&f.stores[0]), "new": take(&f.stores[1]), "out": take(&f.out), "name": take(&f.name), "ctl": take(&f.ctl),
	}
	for _, u := range flagUsage {
		if to, ok := targets[u.name]; ok {
			set.Func(u.name, u.usage, to)
		}
	}
	set.BoolVar(&f.test, "test", true, "")
	for len(words) > 0 && strings.HasPrefix(words[0].text, "-") && len(words[0].text) > 1 {
		if strings.TrimLeft(words[0].text, "-") == "proxy" {
			return f, nil, &UsageError{Pos: words[0].pos, Err: errors.New("-proxy: dualgen does not write clients and servers yet: drop the flag")}
		}
		n := flagWords(words)
		at = words[n-1].pos
		if n == 1 { // -old=type: the value begins after the sign
			at.Column += strings.Index(words[0].text, "=") + 1
		}
		if err := set.Parse(texts(words[:n])); err != nil {
			return f, nil, &UsageError{Pos: words[0].pos, Err: err}
		}
		words = words[n:]
	}
	return f, words, nil
}

// flagWords is how many words the first flag takes: one with its value after =, or as a boolean; else two.
func flagWords(words []word) int {
	name := strings.TrimLeft(words[0].text, "-")
	if strings.Contains(name, "=") || name == "test" || len(words) == 1 {
		return 1
	}
	return 2
}

// texts are the words' texts.
func texts(words []word) []string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = w.text
	}
	return all
}

// splitWords splits a //go:generate line as the go command does: at spaces, with double-quoted Go strings kept whole.
// pos is the position of text.
func splitWords(text string, pos token.Position) ([]word, error) {
	var words []word
	for i := 0; i < len(text); {
		if text[i] == ' ' || text[i] == '\t' || text[i] == '\r' {
			i++
			continue
		}
		at := pos
		at.Column += i
		at.Offset += i
		n := strings.IndexAny(text[i:], " \t\r")
		if text[i] == '"' {
			quoted, err := strconv.QuotedPrefix(text[i:])
			if err != nil {
				return nil, &UsageError{Pos: at, Err: fmt.Errorf("a quoted string does not end: %s", text[i:])}
			}
			n = len(quoted)
			unquoted, err := strconv.Unquote(quoted)
			if err != nil {
				return nil, &UsageError{Pos: at, Err: err}
			}
			words = append(words, word{unquoted, at})
			i += n
			continue
		}
		if n < 0 {
			n = len(text) - i
		}
		words = append(words, word{text[i : i+n], at})
		i += n
	}
	return words, nil
}

// afterTool returns the words after the tool's name if the command runs dualgen: by its name or path, as
// go tool dualgen, or as go run of its package. aliases are the file's //go:generate -command lines.
func afterTool(words []word, aliases map[string][]word) ([]word, bool) {
	if len(words) > 0 {
		if command, ok := aliases[words[0].text]; ok {
			words = append(append([]word(nil), command...), words[1:]...)
		}
	}
	for i, w := range words {
		text, _, _ := strings.Cut(w.text, "@")
		if path.Base(filepath.ToSlash(text)) == "dualgen" {
			return commandWords(words[i+1:]), true
		}
		goCommand := i == 0 && w.text == "go" || i == 1 && (w.text == "tool" || w.text == "run")
		if !goCommand && !strings.HasPrefix(w.text, "-") {
			return nil, false
		}
	}
	return nil, false
}

// commandWords drops the name of the default command.
func commandWords(words []word) []word {
	if len(words) > 0 && words[0].text == "generate" {
		return words[1:]
	}
	return words
}
