package main

import (
	"fmt"
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
		"the caller says so":            {source("\t//dualgen:key user.ID\n", "*User"), false},
	} {
		code, _, errs := call(t, module(t, c.source), nil, "generate", "./...")
		if noted := strings.Contains(errs, note) && strings.Contains(errs, shown); code != 0 || noted != c.noted {
			t.Errorf("%s: exit %d, noted %v, want %v: %s", name, code, noted, c.noted, errs)
		}
	}
}

// TestNotesOfUnnamedRefusals: a write that may make its key is noted also where no error is there to be named, and where it stores what is
// there already as well.
func TestNotesOfUnnamedRefusals(t *testing.T) {
	create := func(above, param string) string {
		return strings.Replace(input, "\tSave(", above+"\tCreate(ctx context.Context, user "+param+") error\n\tSave(", 1)
	}
	save := func(above, param, id string) string {
		out := strings.Replace(input, "Save(ctx context.Context, user User)", "Save(ctx context.Context, user "+param+")", 1)
		return strings.ReplaceAll(strings.Replace(strings.Replace(out, "\tSave(", above+"\tSave(", 1), "ID string", "ID "+id, 1), "id string", "id "+id)
	}
	const refused = "after a Create that the primary refuses the whole kind User is unclean"
	const saved = "after a Save without its key that the primary refuses the whole kind User is unclean"
	const unnamed = "write //dualgen:noeffect ? above it, with their names in the place of ?, or none"
	const callers = "if the caller always makes the key, write //dualgen:key user.ID above it"
	for name, c := range map[string]struct {
		source string
		want   []string // nil: no note
	}{
		"a create by pointer":      {create("", "*User"), []string{refused, unnamed, callers}},
		"no error is there":        {create("\t//dualgen:noeffect none\n", "*User"), nil},
		"the caller makes the key": {create("\t//dualgen:key user.ID\n", "*User"), nil},
		"the store makes the key":  {create("\t//dualgen:key out user.ID\n", "*User"), []string{refused, unnamed}},
		"a save by pointer":        {save("", "*User", "string"), []string{saved, unnamed, callers}},
		"a save says so":           {save("\t//dualgen:noeffect none\n", "*User", "string"), nil},
		"a save of a number":       {save("", "User", "int64"), []string{saved, unnamed, callers}},
		"a save by value":          {save("", "User", "string"), nil},
	} {
		code, _, errs := call(t, module(t, c.source), nil, "generate", "./...")
		if code != 0 || c.want == nil && strings.Contains(errs, "that the primary refuses") {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(errs, want) {
				t.Errorf("%s lacks %q: %s", name, want, errs)
			}
		}
	}
}

// TestNotesOfUnlisted: what could list a kind is shown as the interface writes it, and where a store is an interface, which has no other
// methods, nobody is told to look for one there.
func TestNotesOfUnlisted(t *testing.T) {
	byPointer := strings.NewReplacer("(User, error)", "(*User, error)", "user User", "user *User", "string", "Key", "type User struct", "type Key string\n\ntype User struct").Replace(input)
	const behind = "a method of the interface, %[1]s, or a function that finds one behind the interface that a store is, %[2]s"
	const beside = "a method of the interface or of both stores, %[1]s, or a function over a store, %[2]s"
	for name, c := range map[string]struct{ source, form, element string }{
		"by value":    {input, behind, "User"},
		"by pointer":  {byPointer, behind, "*User"},
		"two structs": {strings.Replace(input, "-test=false", "-test=false -old Old -new New", 1) + "\ntype (\n\tOld struct{ Users }\n\tNew struct{ Users }\n)\n", beside, "User"},
	} {
		want := fmt.Sprintf(c.form, "Scan(ctx context.Context) ([]"+c.element+", error)", "func scanUser(ctx context.Context, store Users) ([]"+c.element+", error)")
		if code, _, errs := call(t, module(t, c.source), nil, "generate", "./..."); code != 0 || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, lacks %q: %s", name, code, want, errs)
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
