package servertest

import (
	"flag"
	"os"
	"testing"
)

// FewChecks runs the tests of a package with a quarter of rapid's usual number of sequences, unless -rapid.checks says how many. Each
// sequence makes some hundred calls of real servers.
func FewChecks(m *testing.M) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "rapid.checks" })
	if !said {
		if err := flag.Set("rapid.checks", "25"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
