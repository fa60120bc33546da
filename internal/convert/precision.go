package convert

import (
	"go/types"
	"strings"
	"time"
)

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
