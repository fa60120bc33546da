package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEquivalentsExist: what the list of equivalents names is a mutant of the code as it is now.
func TestEquivalentsExist(t *testing.T) {
	known, err := readEquivalents("equivalent.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		mutants := mutantsOf(t, target.Package)
		for name := range known {
			if filepath.ToSlash(filepath.Dir(strings.Fields(name)[0])) != target.Package {
				continue
			}
			if !slices.ContainsFunc(mutants, func(m *mutant) bool { return m.Name() == name }) {
				t.Errorf("equivalent.txt names a mutant that is no longer there: take the line out, or correct it:\n%s", name)
			}
		}
	}
}

func mutantsOf(t *testing.T, name string) []*mutant {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	mutants, err := findMutants(root, name)
	if err != nil {
		t.Fatal(err)
	}
	if len(mutants) == 0 {
		t.Fatalf("no mutants in %s", name)
	}
	return mutants
}

// TestRounds: no two mutants of a round overlap, and each mutant is in one.
func TestRounds(t *testing.T) {
	mutants := mutantsOf(t, "internal/pace")
	seen := map[*mutant]bool{}
	for _, round := range rounds(mutants) {
		for i, m := range round {
			if seen[m] || m.ID != i+1 {
				t.Errorf("%s: twice, or number %d at place %d", m.Name(), m.ID, i)
			}
			seen[m] = true
			if i > 0 && round[i-1].Path == m.Path && round[i-1].End > m.Start {
				t.Errorf("%s overlaps with %s", m.Name(), round[i-1].Name())
			}
		}
	}
	if len(seen) != len(mutants) {
		t.Errorf("%d of %d mutants are in a round", len(seen), len(mutants))
	}
}
