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

// TestNotesOfLifetimes: a write that is given a lifetime beside the entity, and is copied, is noted unless its mirror is stated.
func TestNotesOfLifetimes(t *testing.T) {
	source := func(above, params string) string {
		out := strings.Replace(input, "\tSave(", above+"\tUpdateUser(ctx context.Context, id string"+params+") error\n\tSave(", 1)
		return strings.Replace(out, "import (", "import (\n\t\"time\"", 1) + "\nvar _ time.Duration\n"
	}
	const note = "UpdateUser is mirrored by a copy, which is not given ttl"
	for name, c := range map[string]struct {
		source string
		noted  bool
	}{
		"a lifetime":           {source("", ", ttl time.Duration"), true},
		"the mirror is said":   {source("\t//dualgen:mirror replay\n", ", ttl time.Duration"), false},
		"the copy is meant":    {source("\t//dualgen:mirror copy\n", ", ttl time.Duration"), false},
		"no lifetime is given": {source("", ""), false},
	} {
		code, _, errs := call(t, module(t, c.source), nil, "generate", "./...")
		if noted := strings.Contains(errs, note); code != 0 || noted != c.noted {
			t.Errorf("%s: exit %d, noted %v, want %v: %s", name, code, noted, c.noted, errs)
		}
	}
}
