package dualtest

import (
	"fmt"
	"regexp"
	"runtime/debug"
	"strings"

	"pgregory.net/rapid"
)

// failLaw fails the test with a law's name, what it says, and what led to it. The failure itself holds no value: rapid makes a
// sequence shorter only while its failures read alike, and stores may make keys and times, which differ from run to run.
func (b *book) failLaw(t *rapid.T, law Law, who, what string, done []func() string) {
	lines := make([]string, len(done))
	for i, line := range done {
		lines[i] = line()
	}
	b.cause = fmt.Sprintf("%s\n\tby %s, which breaks law %s", what, who, law.Name)
	b.failure = fmt.Sprintf("%s\nafter:\n  %s", b.cause, strings.Join(lines, "\n  "))
	t.Logf("%s\nrepeat, while its file is in testdata/rapid:\n  %s", b.failure, repeat(t.Name(), testedPackage()))
	t.Fatalf("law %s is broken by %s\n\tthe law: %s", law.Name, who, law.Says)
}

// check runs sequences. A failure that does not show when its sequence runs again is told all the same: of one that hangs on the time of
// day, as two stores' own times do, rapid says no more than that there was one. What failed is told once more at the end: what rapid prints
// before is as long as the sequence, and what a store logs stands between.
func check(t rapid.TB, b *book, sequence func(*rapid.T)) {
	t.Helper()
	first := ""
	b.failure = ""
	defer func() {
		t.Helper()
		switch {
		case b.failure != "":
			t.Logf("%s failed, as told above with what led to it:\n%s", t.Name(), b.cause)
		case first != "":
			t.Logf("this failure does not show each time that its sequence runs, so that something in it hangs on time or chance:\n%s", first)
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		if first == "" {
			first = b.failure
		}
		b.failure = ""
		sequence(t)
	})
}

// repeat is the command that runs one test again, from anywhere in its module.
func repeat(test, pkg string) string {
	parts := strings.Split(test, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	pattern := strings.ReplaceAll(strings.Join(parts, "/"), "'", `'\''`)
	return "go test -count=1 -run '" + pattern + "' " + pkg
}

// testedPackage is the import path of the package whose test runs, or "." where the binary does not know it.
func testedPackage() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Path == "" {
		return "."
	}
	return strings.TrimSuffix(info.Path, ".test")
}
