package proved

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Extension is that of a record's file, which has the name of the generated file beside it: users_dual.proved.
const Extension = ".proved"

// Variable is the environment variable that makes a run of the suite write its record.
const Variable = "DUALGEN_PROVED"

// Record is what one run of the suite proved.
type Record struct {
	Interface string
	Test      string // the test that ran it
	Checks    int    // sequences of each part
	Generated Source // the wrapper's file
	Suite     Source // the generated test file
	Stores    [2]Source
	Verdicts  []Verdict
}

// Source is something that was proved, and the hash of what it was.
type Source struct {
	Name string // of a file in the record's directory, or an import path
	Hash string
}

// Verdict is what became of a law for one kind of entity or one method.
type Verdict struct {
	Law  string
	Of   string
	Lack string // why it could not be tested, or "" if it was
}

// header begins a record.
const header = "# What the conformance test proved of two real stores. Written by " + Variable + "=1 go test; held up to date by dualgen check -proved.\n"

// Format writes the record, a line for each fact.
func (r *Record) Format() []byte {
	var b bytes.Buffer
	b.WriteString(header)
	fmt.Fprintf(&b, "interface %s\ntest %s\nchecks %d\n", r.Interface, r.Test, r.Checks)
	for i, name := range facts {
		source := r.source(i)
		fmt.Fprintf(&b, "%s %s %s\n", name, source.Name, source.Hash)
	}
	for _, v := range r.Verdicts {
		if v.Lack == "" {
			fmt.Fprintf(&b, "law %s tested %s\n", v.Law, v.Of)
		} else {
			fmt.Fprintf(&b, "law %s untested %s: %s\n", v.Law, v.Of, v.Lack)
		}
	}
	return b.Bytes()
}

// facts are the words before the sources, in their order.
var facts = []string{"generated", "suite", "old", "new"}

// source is the source that a word of facts stands for.
func (r *Record) source(fact int) *Source {
	return []*Source{&r.Generated, &r.Suite, &r.Stores[0], &r.Stores[1]}[fact]
}

// Parse reads what Format wrote.
func Parse(text []byte) (*Record, error) {
	r := &Record{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := r.parse(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return r, lines.Err()
}

// parse reads one line.
func (r *Record) parse(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	for i, fact := range facts {
		if word == fact {
			name, hash, ok := strings.Cut(rest, " ")
			if !ok {
				return fmt.Errorf("%s has no hash", word)
			}
			*r.source(i) = Source{name, hash}
			return nil
		}
	}
	var err error
	switch word {
	case "interface":
		r.Interface = rest
	case "test":
		r.Test = rest
	case "checks":
		r.Checks, err = strconv.Atoi(rest)
	case "law":
		err = r.verdict(rest)
	default:
		err = fmt.Errorf("%q means nothing here", word)
	}
	return err
}

// verdict reads what follows the word law.
func (r *Record) verdict(rest string) error {
	parts := strings.SplitN(rest, " ", 3)
	if len(parts) < 3 {
		return fmt.Errorf("%q is no verdict", rest)
	}
	v := Verdict{Law: parts[0], Of: parts[2]}
	switch parts[1] {
	case "tested":
	case "untested":
		v.Of, v.Lack, _ = strings.Cut(parts[2], ": ")
	default:
		return fmt.Errorf("a law is tested or untested, not %q", parts[1])
	}
	r.Verdicts = append(r.Verdicts, v)
	return nil
}
