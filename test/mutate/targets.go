package main

import (
	"path"
	"slices"
)

// target is a package below runtime/ and the packages whose tests prove it, the quickest first.
type target struct {
	Package string
	Tests   []string
}

// own is the target with the package's own tests alone: those in its folder and those of the suite below it, which every implementation runs.
func (t target) own() target {
	t.Tests = slices.DeleteFunc(slices.Clone(t.Tests), func(tests string) bool {
		return tests != t.Package && tests != t.Package+"/"+path.Base(t.Package)+"test"
	})
	return t
}

// targets need no server, except those of sqlcontrol and cqlcontrol.
var targets = []target{
	{"journal", []string{"journal", "journal/journaltest", "dual", "reconcile", "backfill", "internal/proof"}},
	{"control", []string{"control", "control/controltest", "ctl", "dual", "backfill", "verify", "internal/proof"}},
	{"reconcile", []string{"reconcile", "dual", "internal/proof"}},
	{"backfill", []string{"backfill", "verify", "control", "internal/proof"}},
	{"verify", []string{"verify", "backfill", "control", "ctl", "internal/proof"}},
	{"internal/activity", []string{"internal/activity", "backfill", "verify"}},
	{"internal/owner", []string{"internal/owner", "backfill", "reconcile", "verify"}},
	{"internal/pace", []string{"internal/pace", "backfill", "reconcile", "verify"}},
	{"dual", []string{"dual", "reconcile", "backfill", "dualtest", "dualtest/internal/shop", "internal/proof"}},
	{"control/sqlcontrol", []string{"control/sqlcontrol"}},
	{"control/cqlcontrol", []string{"control/cqlcontrol"}},
}
