package dualtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// subject is what a law is tested of: a kind of entity or a method.
type subject struct {
	law  string
	name string
}

// book counts how often each law was tested, and of what. It is not safe for concurrent use: sequences run one by one.
type book struct {
	tested   map[subject]int
	untested map[subject]string // why
	tried    map[string]int     // puts of a kind
	refused  map[string]int     // of those, the ones that the store refused
	calls    map[string]int     // of a method, on the old store alone
	failed   map[string]int     // of those, the ones that failed with an error that no caller knows
	begun    map[string]int     // transactions by a method
	ended    map[string]int     // of those, the ones that ended as their function did
	why      map[string]error   // the last refusal
	failure  string             // of the last sequence, with its values; "" where it has not failed
	cause    string             // of the last failure, without what led to it
	stores   [2]string          // the packages of the stores that were opened
}

func newBook() *book {
	return &book{tested: map[subject]int{}, untested: map[subject]string{}, tried: map[string]int{}, refused: map[string]int{},
		calls: map[string]int{}, failed: map[string]int{}, begun: map[string]int{}, ended: map[string]int{}, why: map[string]error{}}
}

// count notes that a law was tested once more.
func (b *book) count(law Law, name string) { b.tested[subject{law.Name, name}]++ }

// cannot notes that a law cannot be tested.
func (b *book) cannot(law Law, name, why string) { b.untested[subject{law.Name, name}] = why }

// cannotAny is cannot for several laws.
func (b *book) cannotAny(name, why string, laws ...Law) {
	for _, law := range laws {
		b.cannot(law, name, why)
	}
}

// put notes a put of a kind, and how it ended.
func (b *book) put(kind string, err error) {
	b.tried[kind]++
	if err != nil {
		b.refused[kind]++
		b.why[kind] = err
	}
}

// enoughTries is how many refused puts say that a kind cannot be put.
const enoughTries = 20

// refusals fails the test where a store took none of a kind's values, or ended no transaction: nothing was tested then.
func (b *book) refusals(t rapid.TB) {
	t.Helper()
	for _, method := range slices.Sorted(maps.Keys(b.begun)) {
		if begun := b.begun[method]; begun >= enoughTries && b.ended[method] == 0 {
			t.Fatalf("law %s is broken: all %d transactions by %s failed, the last with %q", commitKeeps.Name, begun, method, b.why[method])
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(b.tried)) {
		if tried := b.tried[kind]; tried >= enoughTries && b.refused[kind] == tried {
			t.Fatalf("law %s is broken: all %d puts of %s were refused, the last with %q\n\ta put that only changes what is there is no put: name another by //dualgen:entity %s put=…; "+
				"or let a generator make values that the stores take: //dualgen:gen", putOver.Name, tried, kind, b.why[kind], kind)
		}
	}
}

// verdicts are the book's lines: each law with what it was tested of, and what it could not be tested of and why.
func (b *book) verdicts() []verdict {
	var all []verdict
	for _, law := range Laws() {
		names := map[string]bool{}
		for s := range b.tested {
			names[s.name] = names[s.name] || s.law == law.Name
		}
		for s := range b.untested {
			names[s.name] = names[s.name] || s.law == law.Name
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			s := subject{law.Name, name}
			switch {
			case b.tested[s] > 0:
				all = append(all, verdict{law: law, name: name, times: b.tested[s]})
			case b.untested[s] != "":
				all = append(all, verdict{law: law, name: name, why: b.whyUntested(s)})
			}
		}
	}
	return all
}

// whyUntested says why a law was not tested, where there was a chance to: all that was tried of it failed.
func (b *book) whyUntested(s subject) string {
	why := b.untested[s]
	switch failed, refused := b.failed[s.name], b.refused[s.name]; {
	case why != notTried:
	case s.law == answersAlike.Name && failed > 0 && failed == b.calls[s.name]:
		why = eachCallFailed
	case refused > 0 && refused == b.tried[s.name]:
		why = eachPutRefused
	}
	return why
}

// verdict is what became of one law and one subject.
type verdict struct {
	law   Law
	name  string
	times int    // how often it was tested
	why   string // it was not, or ""
}

// report logs what was tested and what was not.
func (b *book) report(t rapid.TB) {
	t.Helper()
	var text strings.Builder
	for _, v := range b.verdicts() {
		if v.why != "" {
			fmt.Fprintf(&text, "\n\tlaw %s untested of %s: %s", v.law.Name, v.name, v.why)
			if v.why == eachCallFailed || v.why == eachPutRefused {
				fmt.Fprintf(&text, ", the last with %q", b.why[v.name])
			}
		} else {
			fmt.Fprintf(&text, "\n\tlaw %s holds of %s: tested %d times", v.law.Name, v.name, v.times)
		}
	}
	t.Logf("what the conformance test proved:%s", text.String())
}
