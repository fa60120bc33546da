package drill

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// A kind that is given another name is a new one and a removed one. In OldPrimary both builds run; the new kind needs a backfill and a
// certificate of its own, and the old one is forgotten once no instance has it.
func TestRenamedKind(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	three := builds.three
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	s.ok("advance")
	s.prove()

	b := s.start(three, "serve", "b", 1<<20)
	b.writes(20) // in OldPrimary both may run
	s.refused([]string{"Member"}, "advance")
	status, text := s.command("forget", "--confirm", "User")
	require.NotZero(t, status, text)
	require.Contains(t, text, a.instance(), "it says who has the kind")
	a.stop()
	s.command("reconcile", "--rate", "-1") // by a command of the build that still has it
	s.commands = three
	s.ok("forget", "--confirm", "User")
	require.NotContains(t, s.ok("status"), "\nUser ", "among the kinds; the last change is told")
	s.prove()
	s.finish()
	b.writes(5)
	b.stop()
	s.held(false, a, b)
}

// A build with a kind that nobody has proved lets no call in once reads have moved, and does where its own docs send the fleet back to.
func TestNewKindTooLate(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	three := builds.three
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	s.ok("advance")
	s.prove()
	s.ok("advance", "--to", "OldGuarded")
	s.ok("advance", "--to", "NewGuarded")
	late := s.start(three, "serve", "b", 1<<20)
	late.isRefused("an entity kind was not copied and verified before reads moved to the other store")
	require.Zero(t, late.count())
	require.Contains(t, s.ok("status"), "Member was not copied there and verified before")
	s.ok("back", "--to", "OldGuarded")
	late.writes(5)
	s.ok("back", "--to", "OldPrimary")
	a.stop()
	s.command("reconcile", "--rate", "-1")
	s.commands = three
	s.ok("forget", "--confirm", "User")
	s.prove()
	s.finish()
	late.stop()
	s.held(false, a, late)
}

// Tables that an older dualgen made lack what a newer one needs. An instance of the newer one that may not create it serves OldOnly, the
// first step is refused and says what is missing, and instances of the older build run on. Once Migrate has run, all is well.
func TestTablesOfAnOlderDualgen(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	s.exec(s.ctl, `DROP TABLE dualgen_longkey`) // which older ones did not have
	a.writes(5)
	t.Setenv("UNMIGRATED", "1")
	b := s.start(one, "serve", "b", 1<<20)
	b.writes(5)
	s.refused([]string{b.instance(), "dualgen_longkey", "let their owner run Migrate"}, "advance")
	b.stop()
	require.NoError(t, os.Unsetenv("UNMIGRATED"))
	c := s.start(one, "serve", "b", 1<<20)
	c.writes(5)
	s.soon("advance", "--to", "OldPrimary", "--expect-instances", "2")
	s.prove()
	s.finish()
	a.stop()
	c.stop()
	s.held(false, a, c)
}
