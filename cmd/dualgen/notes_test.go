package main

import (
	"strings"
	"testing"
)

// TestNotesOfRefusals: a create whose key the store makes is noted where it can be refused, and the source does not say what stands then.
func TestNotesOfRefusals(t *testing.T) {
	source := func(above, create string) string {
		out := strings.Replace(input, "type User struct", "var ErrTaken = errors.New(\"taken\")\n\ntype User struct", 1)
		return strings.Replace(out, "\tSave(", above+"\tCreate(ctx context.Context, user "+create+") error\n\tSave(", 1)
	}
	const note = "after a Create that fails by ErrTaken the whole kind User is unclean until verify --repair"
	const shown = "//dualgen:noeffect ErrTaken above it"
	for name, c := range map[string]struct {
		source string
		noted  bool
	}{
		"a key that the store may make": {source("", "*User"), true},
		"it is said what stands":        {source("\t//dualgen:noeffect ErrTaken\n", "*User"), false},
		"the caller makes the key":      {source("", "User"), false},
		"no error says so":              {strings.Replace(source("", "*User"), "ErrTaken", "ErrClosed", 1), false},
	} {
		code, _, errs := call(t, module(t, c.source), nil, "generate", "./...")
		if noted := strings.Contains(errs, note) && strings.Contains(errs, shown); code != 0 || noted != c.noted {
			t.Errorf("%s: exit %d, noted %v, want %v: %s", name, code, noted, c.noted, errs)
		}
	}
}
