package shop

import (
	"context"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// unreachable is a shop whose server does not answer: two of them fail alike.
type unreachable struct{ *memory }

func (unreachable) CountItems(context.Context) (int, error) {
	return 0, errors.New("connection refused")
}

// shared is a second client of a shop.
type shared struct{ *memory }

// only is a suite that has no more than these steps.
func only(steps ...dualtest.Step[Shop]) dualtest.Suite[Shop] {
	suite := shopSuite()
	suite.Steps, suite.Transactions, suite.Kinds = steps, nil, nil
	return suite
}

// TestNothingTested demands that no run is green that has tested nothing.
func TestNothingTested(t *testing.T) {
	checks := flag.Lookup("rapid.checks").Value
	had := checks.String()
	if err := checks.Set("20"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = checks.Set(had) }()
	count := dualtest.Answering(dual.MethodInfo{Name: "Shop.CountItems", Kind: dual.KindRead}, nil,
		func(*dualtest.T) func(context.Context, Shop) (int, error) {
			return func(ctx context.Context, store Shop) (int, error) { return store.CountItems(ctx) }
		})
	sound := func() (Shop, Shop) { return newMemory(flaw{}), newMemory(flaw{}) }
	down := func() (Shop, Shop) { return unreachable{newMemory(flaw{})}, unreachable{newMemory(flaw{})} }
	for _, test := range []struct {
		name  string
		suite dualtest.Suite[Shop]
		open  func() (Shop, Shop)
		want  string // nothing for a run that tests something
	}{
		{"sound", only(count), sound, ""},
		{"nothing can be drawn", only(), sound, "no law could be tried of anything"},
		{"every call fails", only(count), down, "connection refused"},
		{"one store", shopSuite(), func() (Shop, Shop) { m := newMemory(flaw{}); return m, m }, "the old and the new store are one value"},
		{"one database", shopSuite(), func() (Shop, Shop) { m := newMemory(flaw{}); return m, shared{m} }, "which was put in the "},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := verdictOf(t, test.suite, test.open)
			if v.Failed != (test.want != "") || !strings.Contains(v.Text, test.want) || v.Failed && !strings.Contains(v.Text, "nothing ") {
				t.Errorf("want %q: %s", test.want, v.Text)
			}
		})
	}
}
