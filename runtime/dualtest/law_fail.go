package dualtest

import (
	"regexp"
	"runtime/debug"
	"strings"

	"pgregory.net/rapid"
)

// failLaw fails the test with a law's name, what it says, and what led to it. The failure itself holds no value: rapid makes a
// sequence shorter only while its failures read alike, and stores may make keys and times, which differ from run to run.
func failLaw(t *rapid.T, law Law, who, what string, done []func() string) {
	lines := make([]string, len(done))
	for i, line := range done {
		lines[i] = line()
	}
	t.Logf("%s\n\tby %s, which breaks law %s\nafter:\n  %s\nrepeat, while its file is in testdata/rapid:\n  %s",
		what, who, law.Name, strings.Join(lines, "\n  "), repeat(t.Name(), testedPackage()))
	t.Fatalf("law %s is broken by %s\n\tthe law: %s", law.Name, who, law.Says)
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
