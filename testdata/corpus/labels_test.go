package corpus

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelled is one interface of the labelled set: what was found out about it from the code that implements it, or from its comments and
// signatures. The labels stand in text files, below labels for the interfaces of this module and below labelled/labels for
// those of the modules labelled and regular:
//
//	project spire
//	about identities of workloads
//	module github.com/spiffe/spire
//
//	interface github.com/spiffe/spire/pkg/agent/storage.Storage irregular
//	entity Bundle key=TrustDomainId get=FetchBundle put=SetBundle delete=DeleteBundle scan=none
//	hidden Client put: CreateClient hashes the secret
//	FetchBundle read Bundle trustDomainID - - yes # a note
//
// An interface is regular if each method has the plain form of a verb and an entity, with a key that the caller gives. A method's
// words are its class, its entities, its key, whether it must reach the mirror, whether the same call on the mirror does what a
// copy would, and whether its results of two stores can be compared. Words that are right as well stand behind a |. In a key, *
// stands for any parameter, none for every entity of the kind; either is right where nothing hangs on it, - where nothing is asked.
// What is hidden no signature shows: only the code or a run of the conformance suite tells.
type labelled struct {
	project, about, module string
	name                   string // importpath.Type, or ./dir.Type
	dir                    string // of the module that it is loaded in
	form                   string // regular, irregular, orm or aggregate
	entities               []entityLabel
	methods                []methodLabel
}

// entityLabel says which methods may copy an entity.
type entityLabel struct {
	names   []string
	copiers map[string][]string // key, get, put, delete and scan: what is right
	hidden  map[string]string   // those of which only the code tells, and why
}

// methodLabel says what a method does.
type methodLabel struct {
	name                             string
	class, entities, key             []string
	mirrored, replayable, comparable []string
	note                             string
}

// readLabels reads the labels of the interfaces of this module, and of the modules labelled and regular.
func readLabels(t *testing.T) []*labelled {
	t.Helper()
	var all []*labelled
	for _, module := range []string{".", "labelled", "regular"} {
		names, err := filepath.Glob(filepath.Join(module, "labels", "*.txt"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no labels in %s: %v", module, err)
		}
		for _, name := range names {
			all = append(all, readLabelFile(t, module, name)...)
		}
	}
	return all
}

// readLabelFile reads one file.
func readLabelFile(t *testing.T, module, name string) []*labelled {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var all []*labelled
	head := labelled{dir: module}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		rest := strings.TrimSpace(strings.TrimPrefix(line, words[0]))
		switch words[0] {
		case "project":
			head.project = rest
		case "about":
			head.about = rest
		case "module":
			head.module = rest
		case "interface":
			next := head
			next.name, next.form = words[1], words[2]
			all = append(all, &next)
		default:
			if len(all) == 0 {
				t.Fatalf("%s: %q stands below no interface", name, line)
			}
			if err := all[len(all)-1].add(words[0], rest); err != "" {
				t.Fatalf("%s: %q: %s", name, line, err)
			}
		}
	}
	return all
}

// add adds a line about an entity or a method. It returns what is wrong with it.
func (l *labelled) add(word, rest string) string {
	switch word {
	case "entity":
		words := strings.Fields(rest)
		e := entityLabel{names: strings.Split(words[0], "|"), copiers: map[string][]string{}, hidden: map[string]string{}}
		for _, option := range words[1:] {
			name, value, _ := strings.Cut(option, "=")
			e.copiers[name] = strings.Split(value, "|")
		}
		if len(e.copiers) != 5 {
			return "want key=, get=, put=, delete= and scan="
		}
		l.entities = append(l.entities, e)
	case "hidden":
		subject, why, found := strings.Cut(rest, ": ")
		entity, copier, _ := strings.Cut(subject, " ")
		if e := l.entity(entity); e != nil && found {
			e.hidden[copier] = why
			return ""
		}
		return "want hidden ENTITY COPIER: WHY"
	default:
		words, note, _ := strings.Cut(rest, "#")
		columns := strings.Fields(words)
		if len(columns) != 6 {
			return "want six words"
		}
		var split [6][]string
		for i, column := range columns {
			split[i] = strings.Split(column, "|")
		}
		l.methods = append(l.methods, methodLabel{
			word, split[0], split[1], split[2], split[3], split[4], split[5], strings.TrimSpace(note),
		})
	}
	return ""
}

// entity finds the label of an entity by one of its names.
func (l *labelled) entity(name string) *entityLabel {
	for i := range l.entities {
		for _, n := range l.entities[i].names {
			if sameName(n, name) {
				return &l.entities[i]
			}
		}
	}
	return nil
}

// method finds a method's label.
func (l *labelled) method(name string) *methodLabel {
	for i := range l.methods {
		if l.methods[i].name == name {
			return &l.methods[i]
		}
	}
	return nil
}

// sameName compares names of entities, one or many of them.
func sameName(a, b string) bool {
	return singular(a) == singular(b)
}

// singular is a name in small letters without the s of many.
func singular(name string) string {
	name = strings.ToLower(name)
	if stem, ok := strings.CutSuffix(name, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(name, "s")
}
