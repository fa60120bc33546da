package corpus

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// knownFile lists what is decided for certain and wrong as yet. It may only get shorter.
var knownFile = filepath.Join("labels", "known")

// tally counts how decisions agree with labels.
type tally struct {
	interfaces, methods                     int
	certain, proposed, proposedWrong, asked int
	copiersCertain, copiers, copiersWrong   int      // entities whose copiers are certain and right, and proposed
	faults                                  int      // of methods that are certain and wrong
	silent                                  int      // interfaces with nothing to look at
	unasked                                 int      // interfaces with no question
	questions, lines                        int      // questions, and proposals to look at
	noisy                                   int      // compared, though two stores may answer otherwise: they report differences
	wrong                                   []string // decided for certain, and not so
	wrongMethods                            int
	proposals                               []string // proposed, and not so
	hidden                                  []string // decided for certain, and wrong in a way that no signature shows
}

// TestLabels compares what dualgen decides about the labelled set with the labels: nothing that it asks nobody to look at may be wrong.
func TestLabels(t *testing.T) {
	n := countAll(t, readVerdicts(t))
	slices.Sort(n.wrong)
	if *update {
		write(t, knownFile, strings.Join(append(n.wrong, ""), "\n"))
	}
	text, err := os.ReadFile(knownFile)
	if err != nil {
		t.Fatal(err)
	}
	known := strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
	for _, line := range n.wrong {
		if !slices.Contains(known, line) {
			t.Errorf("decided for certain, and wrong: %s", line)
		}
	}
	for _, line := range known {
		if !slices.Contains(n.wrong, line) {
			t.Errorf("not wrong any more: take it out of %s with -update: %s", knownFile, line)
		}
	}
	for _, line := range n.hidden {
		t.Logf("wrong, as only the code tells: %s", line)
	}
	for _, line := range n.proposals {
		t.Logf("proposed, and wrong: %s", line)
	}
}

// countAll counts verdicts.
func countAll(t *testing.T, all []verdicts) tally {
	t.Helper()
	var n tally
	for _, v := range all {
		n.count(t, v)
	}
	return n
}

// count adds the decisions about one interface, each method of which has a label.
func (n *tally) count(t *testing.T, v verdicts) {
	t.Helper()
	n.interfaces++
	n.questions += v.questions
	n.lines += v.proposals
	if v.questions == 0 {
		n.unasked++
	}
	if v.questions+v.proposals == 0 {
		n.silent++
	}
	for _, label := range v.label.methods {
		i := slices.IndexFunc(v.methods, func(m verdict) bool { return m.name == label.name })
		switch {
		case i >= 0:
			n.countMethod(v.label, label, v.methods[i])
		case slices.Contains(label.class, "refuse"):
			n.methods++
			n.asked++
		default:
			t.Errorf("nothing is said of %s.%s", v.label.name, label.name)
		}
	}
	for _, m := range v.methods {
		if v.label.method(m.name) == nil {
			t.Errorf("%s.%s has no label", v.label.name, m.name)
		}
	}
	for _, e := range v.entities {
		n.countEntity(v.label, e)
	}
}

// countMethod adds the decision about one method.
func (n *tally) countMethod(l *labelled, label methodLabel, decided verdict) {
	n.methods++
	faults := label.faults(decided, len(l.entities))
	switch {
	case decided.level == asked:
		n.asked++
		return
	case len(faults) > 0 && strings.HasPrefix(label.note, "hidden: "):
		n.hidden = append(n.hidden, l.lines(decided.name, faults, label.note)...)
		n.certain++
	case decided.level == likely && len(faults) == 0:
		n.proposed++
	case decided.level == likely:
		n.proposedWrong++
		n.proposals = append(n.proposals, l.lines(decided.name, faults, label.note)...)
	case len(faults) == 0:
		n.certain++
	default:
		n.wrongMethods++
		n.faults += len(faults)
		n.wrong = append(n.wrong, l.lines(decided.name, faults, label.note)...)
	}
	if label.noisy(decided) {
		n.noisy++
	}
}

// countEntity adds the decision about what copies one entity.
func (n *tally) countEntity(l *labelled, v entityVerdict) {
	e := l.entity(v.name)
	if v.level == asked || e == nil { // without a label it is another name for what its methods' labels speak of
		return
	}
	var faults []string
	for _, role := range []string{"get", "put", "delete", "scan"} {
		method := v.copiers[role]
		if method == "" || slices.Contains(e.copiers[role], method) {
			continue
		}
		line := fmt.Sprintf("%s.%s | %s=%s | %s |", l.name, v.name, role, method, strings.Join(e.copiers[role], " or "))
		if why := e.hidden[role]; why != "" {
			n.hidden = append(n.hidden, line+" "+why)
			continue
		}
		faults = append(faults, line)
	}
	switch {
	case v.level == certain && len(faults) == 0:
		n.copiersCertain++
	case v.level == certain:
		n.wrong = append(n.wrong, faults...)
	case len(faults) == 0:
		n.copiers++
	default:
		n.copiersWrong++
		n.proposals = append(n.proposals, faults...)
	}
}

// lines are those of the list of what is wrong: interface.method | decided | right | why.
func (l *labelled) lines(method string, faults []string, note string) []string {
	var all []string
	for _, f := range faults {
		all = append(all, fmt.Sprintf("%s.%s | %s | %s", l.name, method, strings.TrimSpace(f), note))
	}
	return all
}
