package drill

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
)

// An instance has old and new the other way round. What it would write to the new store alone, nobody would find.
func TestSwappedStores(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	swapped := s.start(one, "serve", "b", 1<<20, "SWAPPED=1")
	swapped.isRefused("this instance's stores are not the fleet's")
	require.Contains(t, s.ok("status"), "has the stores swapped: its old store is")
	s.refused([]string{swapped.instance() + " has the stores swapped", "correct the instance's configuration"}, "advance")
	require.Zero(t, swapped.count())
	swapped.stop()

	right := s.start(one, "serve", "b", 1<<20)
	right.writes(5)
	s.ok("advance", "--expect-instances", "2")
	t.Setenv("SWAPPED", "1") // the command itself, which would copy the new store over the old one
	for _, verb := range []string{"backfill", "verify", "reconcile"} {
		status, text := s.command(verb)
		require.Equal(t, 1, status)
		require.Contains(t, text, "has the stores swapped")
	}
	require.NoError(t, os.Unsetenv("SWAPPED"))
	s.prove()
	s.finish()
	a.stop()
	right.stop()
	s.held(false, a, right)
}

// Two services under one migration's name would be one fleet. The second has other stores, and is told so; without a name
// none begins.
func TestSharedName(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	other := newSite(t)
	other.ctl = s.ctl
	b := other.start(one, "serve", "b", 1<<20)
	b.isRefused("this instance's stores are not the fleet's")
	s.refused([]string{b.instance() + " has another old store than the fleet"}, "advance")
	require.Zero(t, b.count())
	b.stop()
	other.migration = ""
	status, text := other.command("status")
	require.Equal(t, 1, status)
	require.Contains(t, text, "the migration has no name: set Options.Migration")

	other.migration = "others"
	other.ok("init")
	c := other.start(one, "serve", "b", 1<<20)
	c.writes(5)
	for _, site := range []*site{s, other} {
		site.ok("advance", "--expect-instances", "1")
		site.prove()
		site.finish()
	}
	a.stop()
	c.stop()
	s.held(false, a)
	other.held(false, c)
}

// Two builds at once, the newer with one more field: no certificate counts while both run, and once reads may move, the
// build that was not verified lets no call in.
func TestTwoBuilds(t *testing.T) {
	s := newSite(t)
	one, two := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	s.ok("advance")
	s.prove()

	b := s.start(two, "serve", "b", 1<<20)
	b.writes(20) // in OldPrimary both may run
	require.Contains(t, s.ok("status"), "not valid: was verified by another build than instance "+b.instance())
	s.refused([]string{"have different builds of User", "alone has Email", "finish the deploy"}, "advance")
	_, text := s.command("verify", "--repair", "--rate", "-1")
	require.NotContains(t, text, "certificate issued", "the command is of the older build")

	a.stop()
	s.commands = two // the deploy is finished
	s.prove()
	s.ok("advance", "--to", "OldGuarded")
	late := s.start(one, "serve", "c", 1<<20)
	late.isRefused("this build knows other fields of an entity than the one that was verified")
	require.Contains(t, s.ok("status"), "this build differs from the one that was verified: User (the first alone has Email)")
	require.Zero(t, late.count())
	late.stop()
	s.finish()
	b.writes(5)
	b.stop()
	s.held(false, a)
	s.held(true, b)
}

// An instance of a build without the wrapper still runs. It is missing from the count; a read that compares finds what it
// wrote, and voids the certificate; a trigger has it copied.
func TestUnwrappedInstance(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20, "READ=raw")
	a.writes(5)
	s.refused([]string{"2 instances are expected, and 1 are alive: " + a.instance(), "a build without the wrapper"}, "advance", "--expect-instances", "2")

	s.ok("advance") // all the same
	s.ok("set", "--compare", "1")
	s.prove()
	raw := s.start(one, "raw", "raw", 10)
	require.Eventually(t, func() bool {
		return strings.Contains(s.ok("status"), "read a key that differs: something may write past the wrapper")
	}, time.Minute, 500*time.Millisecond)
	s.refused([]string{"something may write past the wrapper"}, "advance")
	raw.stop()

	db, err := sqlx.Open("pgx", s.ctl)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: s.migration})
	require.NoError(t, err)
	require.NoError(t, backend.MigrateBypass(t.Context(), sqlcontrol.Bypass{Table: "users", Kind: "User", Key: []string{"id"}}))
	s.prove()
	again := s.start(one, "raw", "more", 50)
	again.writes(50)
	again.stop() // before reads move: it would write the store that they leave
	s.finish()
	a.writes(5)
	a.stop()
	s.held(false, a, raw, again)
}

// Nobody runs a reconciler. Each step and each look says so, and what was left is not left behind.
func TestNoReconciler(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20, "UNRECONCILED=1")
	a.writes(5)
	const warning = "warning: no instance runs a reconciler"
	require.Contains(t, s.ok("advance"), warning)
	s.prove()
	s.exec(s.new, `ALTER TABLE users RENAME TO away`) // the mirror is out for a while
	a.writes(10)
	s.exec(s.new, `ALTER TABLE away RENAME TO users`)
	require.Contains(t, s.ok("status"), warning)
	require.Contains(t, s.ok("status"), "run reconcile.Run beside the wrapper in each instance, or the command reconcile")
	for range 2 {
		s.ok("advance")
	}
	s.refused([]string{"unclean keys still follow the old store"}, "advance")
	s.command("reconcile", "--rate", "-1")
	s.finish()
	a.stop()
	s.held(false, a)
}

// Status answers where the control tables can only be read.
func TestReadOnlyControl(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	text := s.ok("init")
	require.NotContains(t, text, "ERROR", "there is nothing wrong with a beginning")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(1)
	writable := s.ctl
	t.Setenv("READONLY", "1")
	s.ctl += "&options=-c%20default_transaction_read_only%3Don"
	text = s.ok("status")
	require.Contains(t, text, "users: OldOnly, epoch 1")
	require.Contains(t, text, a.instance())
	require.Contains(t, text, "next: advance, to OldPrimary")
	s.ctl = writable
	a.stop()
}
