package main

import (
	"bufio"
	"fmt"
	"strings"
)

// exceptions are the things that are beyond a limit, with their values when they were last looked at.
type exceptions map[finding]int // the finding without its value

func key(f finding) finding { return finding{rule: f.rule, what: f.what} }

// parseExceptions reads a rule, a value and a thing from each line.
func parseExceptions(text string) (exceptions, error) {
	known := make(exceptions)
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		rule, rest, _ := strings.Cut(lines.Text(), " ")
		number, what, _ := strings.Cut(rest, " ")
		var value int
		if _, err := fmt.Sscan(number, &value); err != nil || what == "" {
			return nil, fmt.Errorf("%q is not a rule, a value and a thing", lines.Text())
		}
		known[finding{rule: rule, what: what}] = value
	}
	return known, nil
}

// judge compares what is beyond a limit with the exceptions. Worse is what has no exception, or has got worse than it; better
// are the exceptions whose thing has got better, with its value now, which is 0 where it is within the limit or gone.
func (e exceptions) judge(over []finding) (worse, better []finding) {
	now := make(map[finding]int)
	for _, f := range over {
		now[key(f)] = f.value
		if f.value > e[key(f)] {
			worse = append(worse, f)
		}
	}
	for known, value := range e {
		if now[known] < value {
			better = append(better, finding{known.rule, known.what, now[known]})
		}
	}
	return worse, better
}

// lines are the exceptions as they stand in the file, in the order of the table.
func (e exceptions) lines() string {
	var all []finding
	for f, value := range e {
		all = append(all, finding{f.rule, f.what, value})
	}
	var text strings.Builder
	for _, f := range beyond(all) {
		fmt.Fprintf(&text, "%s %d %s\n", f.rule, f.value, f.what)
	}
	return text.String()
}
