package servertest

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// FewChecks runs the tests of a package with so many of rapid's sequences, unless -rapid.checks says how many. Each sequence makes some
// hundred calls of real servers; rapid's own default is a hundred.
func FewChecks(m *testing.M, checks int) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "rapid.checks" })
	if !said {
		if err := flag.Set("rapid.checks", strconv.Itoa(checks)); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
