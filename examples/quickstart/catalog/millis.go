package catalog

import (
	"time"

	"github.com/dualgen/dualgen/examples/quickstart/catalog/boltstore"
)

// FromMillis reads the new store's times.
func FromMillis(m boltstore.Millis) time.Time { return time.UnixMilli(int64(m)).UTC() }

// ToMillis writes the new store's times.
func ToMillis(t time.Time) boltstore.Millis { return boltstore.Millis(t.UnixMilli()) }
