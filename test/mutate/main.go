// Command mutate changes the runtime in small ways, one at a time, and reports which of the changes no test notices.
//
//	go run . [-n 80] [-seed 1] [-match regexp] [-own] [-longest 2s] [package…]
//
// -own and -longest make it quick: the package's own tests and its conformance suite, and no test that takes longer.
//
// All changes of a package are compiled into its test binaries at once, each behind a switch, and one of them is switched on
// for a run. A change is put only to the tests that reach it; a change that no test reaches has survived. See
// docs/testing.md.
package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	n := flag.Int("n", 80, "how many mutants of a package are tried; 0 means all")
	seed := flag.Uint64("seed", 1, "which mutants are tried")
	match := flag.String("match", "", "only the mutants whose names match this regular expression")
	own := flag.Bool("own", false, "run the tests of the package alone, with its conformance suite, not those of the packages that prove it too")
	longest := flag.Duration("longest", 0, "leave tests out that take more of a processor's time without any mutant; 0 means none")
	list := flag.Bool("list", false, "print the mutants and try none")
	flag.Parse()
	if err := run(options{*n, *seed, *match, *longest, *own, *list}, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

// options are those of the command line.
type options struct {
	n         int
	seed      uint64
	match     string
	longest   time.Duration
	own, list bool
}

func run(o options, names []string) error {
	pattern, err := regexp.Compile(o.match)
	if err != nil {
		return err
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	known, err := readEquivalents("equivalent.txt")
	if err != nil {
		return err
	}
	for _, target := range targets {
		if len(names) > 0 && !chosen(target.Package, names) {
			continue
		}
		all, err := findMutants(root, target.Package)
		if err != nil {
			return err
		}
		mutants := sample(all, o.n, o.seed, pattern)
		if o.list {
			for _, m := range mutants {
				fmt.Println(m.Name())
			}
			continue
		}
		if o.own {
			target = target.own()
		}
		if err := (trial{root, target, known, o.longest}).try(mutants, len(all)); err != nil {
			return err
		}
	}
	return nil
}

func chosen(name string, names []string) bool {
	for _, n := range names {
		if strings.TrimPrefix(filepath.ToSlash(filepath.Clean(n)), "runtime/") == name {
			return true
		}
	}
	return false
}

// sample chooses at most n of the mutants that match, always the same ones for one seed.
func sample(all []*mutant, n int, seed uint64, match *regexp.Regexp) []*mutant {
	var some []*mutant
	for _, m := range all {
		if match.MatchString(m.Name()) {
			some = append(some, m)
		}
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	if n > 0 && len(some) > n {
		some = some[:n]
	}
	return some
}

// trial is what the mutants of one package are put to.
type trial struct {
	root    string
	target  target
	known   equivalents
	longest time.Duration // that a test may take; 0 means no limit
}

// try puts the mutants to the tests, package after package, and prints what became of them.
func (t trial) try(mutants []*mutant, all int) error {
	verdicts := make(map[*mutant]verdict, len(mutants))
	for _, m := range mutants {
		verdicts[m] = verdict{word: unreached}
	}
	for _, round := range rounds(mutants) {
		for _, tests := range t.target.Tests {
			left := slices.DeleteFunc(slices.Clone(round), func(m *mutant) bool { return verdicts[m].died() })
			if len(left) == 0 {
				break
			}
			suite, err := newSuite(t.root, t.target.Package, tests, t.longest, left)
			if err != nil {
				return err
			}
			for _, m := range left {
				verdicts[m] = verdicts[m].and(suite.try(m))
				if verdicts[m].died() {
					fmt.Printf("%-10s %s  (%s)\n", verdicts[m].word, m.Name(), verdicts[m].by)
				}
			}
			suite.close()
		}
	}
	t.report(mutants, verdicts, all)
	return nil
}

// report prints what survived, and the sums.
func (t trial) report(mutants []*mutant, verdicts map[*mutant]verdict, all int) {
	count := map[string]int{}
	for _, m := range mutants {
		v := verdicts[m]
		if _, ok := t.known[m.Name()]; ok && !v.died() {
			v.word = "equivalent"
		}
		count[v.word]++
		if !v.died() {
			fmt.Printf("%-10s %s  (line %d)\n", v.word, m.Name(), m.Line)
		}
	}
	died, counted := count[killed]+count[late], len(mutants)-count["equivalent"]
	fmt.Printf("== %s: %d of %d mutants tried: %d killed (%d by the time limit), %d survived, %d not reached, %d equivalent: %.0f %%\n",
		t.target.Package, len(mutants), all, died, count[late], count[survived], count[unreached], count["equivalent"], 100*float64(died)/float64(max(1, counted)))
}
