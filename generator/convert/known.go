package convert

import (
	"go/types"
	"strings"
	"time"

	"github.com/dualgen/dualgen/generator/plan"
)

// Packages that conversions call. Only path and name count.
var (
	convertPackage = types.NewPackage("github.com/dualgen/dualgen/runtime/convert", "convert")
	slicesPackage  = types.NewPackage("slices", "slices")
	mapsPackage    = types.NewPackage("maps", "maps")
)

// leaf is a function of runtime/convert that cannot fail.
func leaf(name string) *plan.FuncRef { return &plan.FuncRef{Name: name, Package: convertPackage} }

// tryLeaf is a function of runtime/convert that can fail.
func tryLeaf(name string) *plan.FuncRef {
	return &plan.FuncRef{Name: name, Package: convertPackage, Fallible: true}
}

// knownType is a type that rules treat by name.
type knownType struct{ path, name string }

// decimals are the types whose text is a decimal number, with all its digits.
var decimals = []knownType{
	{"github.com/shopspring/decimal", "Decimal"},
	{"gopkg.in/inf.v0", "Dec"},
	{"math/big", "Int"},
	{"github.com/cockroachdb/apd/v3", "Decimal"},
	{"github.com/ericlagergren/decimal", "Big"},
	{pgtypePath, "Numeric"},
}

// addresses are the types whose text is an IP address.
var addresses = []knownType{{"net/netip", "Addr"}, {"net", "IP"}}

const pgtypePath = "github.com/jackc/pgx/v5/pgtype"

// isOneOf says whether t, or what it points to, is one of the known types.
func isOneOf(t types.Type, known []knownType) bool {
	if elem, ok := pointee(t); ok {
		t = elem
	}
	for _, k := range known {
		if isNamed(t, k.path, k.name) {
			return true
		}
	}
	return false
}

// notEnums have constants of their own type and any value besides.
var notEnums = []knownType{{"time", "Duration"}}

// drivers are the packages whose stores keep timestamps in a unit that is known.
var drivers = []struct {
	prefix    string
	precision time.Duration
}{
	{"github.com/gocql/gocql", time.Millisecond},
	{"github.com/apache/cassandra-gocql-driver", time.Millisecond},
	{"github.com/scylladb/gocqlx", time.Millisecond},
	{"go.mongodb.org/mongo-driver", time.Millisecond},
	{"github.com/jackc/pgx", time.Microsecond},
	{"github.com/lib/pq", time.Microsecond},
}

// StorePrecision is the unit in which a store keeps timestamps, judged by the drivers that its package imports: the coarsest
// of theirs, or 0 if it imports none that is known.
func StorePrecision(pkg *types.Package) time.Duration {
	var coarsest time.Duration
	for _, imported := range pkg.Imports() {
		for _, driver := range drivers {
			if imported.Path() == driver.prefix || strings.HasPrefix(imported.Path(), driver.prefix+"/") {
				coarsest = max(coarsest, driver.precision)
			}
		}
	}
	return coarsest
}

// units are the units that a directive may name.
var units = map[string]time.Duration{
	"ns": time.Nanosecond,
	"us": time.Microsecond,
	"ms": time.Millisecond,
	"s":  time.Second,
}
