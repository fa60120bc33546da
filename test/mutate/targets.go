package main

// target is a package below runtime/ and the packages whose tests prove it, the quickest first.
type target struct {
	Package string
	Tests   []string
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
