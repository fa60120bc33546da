package explore

import (
	"fmt"
	"strings"
)

// Trace is a readable account of one run.
type Trace struct {
	lines []string
}

func (t *Trace) step(actor, what string, outcome Outcome) {
	line := fmt.Sprintf("%3d  %-14s %s", len(t.lines)+1, actor, what)
	if outcome != Success {
		line += " — " + outcome.String()
	}
	t.lines = append(t.lines, line)
}

// note appends to the last step's line.
func (t *Trace) note(text string) {
	if len(t.lines) == 0 {
		t.lines = append(t.lines, "     "+text)
		return
	}
	t.lines[len(t.lines)-1] += " → " + text
}

// String is the account, one step a line.
func (t *Trace) String() string { return strings.Join(t.lines, "\n") }

// Len is the number of steps.
func (t *Trace) Len() int { return len(t.lines) }

// Path is the steps of a run, as it can be replayed.
type Path []Step

// String writes the path as text that ParsePath reads: actor, and the outcome's letter where it is not success.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		if i > 0 {
			b.WriteByte('.')
		}
		switch {
		case s.Actor == clockActor:
			b.WriteByte('t')
		case s.Actor >= crashActor:
			fmt.Fprintf(&b, "x%d", s.Actor-crashActor)
		default:
			fmt.Fprintf(&b, "%d", s.Actor)
		}
		if s.Outcome != Success {
			b.WriteByte("-balp"[s.Outcome])
		}
	}
	return b.String()
}

// ParsePath reads what String wrote.
func ParsePath(text string) (Path, error) {
	var path Path
	for field := range strings.SplitSeq(text, ".") {
		step, err := parseStep(field)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", text, err)
		}
		path = append(path, step)
	}
	return path, nil
}

func parseStep(field string) (Step, error) {
	if field == "t" {
		return Step{Actor: clockActor}, nil
	}
	var step Step
	if rest, ok := strings.CutPrefix(field, "x"); ok {
		step.Actor = crashActor
		field = rest
	}
	if n := len(field); n > 0 {
		if o := strings.IndexByte("-balp", field[n-1]); o > 0 {
			step.Outcome, field = Outcome(o), field[:n-1]
		}
	}
	var actor uint8
	if _, err := fmt.Sscanf(field, "%d", &actor); err != nil {
		return Step{}, fmt.Errorf("step %q: want a number, t, or x and a number", field)
	}
	step.Actor += actor
	return step, nil
}
