package main

import (
	"fmt"
	"os"
	"strings"
)

// equivalents are the mutants that no test can or need notice, by name, each with the reason.
type equivalents map[string]string

// readEquivalents reads a file of paragraphs: a reason after "#", on one or several lines, and then the names of the mutants
// that it is true of, one a line.
func readEquivalents(path string) (equivalents, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	all, reason, named := equivalents{}, "", false
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			reason = ""
		case strings.HasPrefix(line, "#"):
			if named {
				reason = ""
			}
			reason, named = strings.TrimSpace(reason+" "+strings.TrimSpace(line[1:])), false
		case reason == "":
			return nil, fmt.Errorf("%s:%d: no reason above it", path, n+1)
		default:
			all[line], named = reason, true
		}
	}
	return all, nil
}
