package club

import (
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/verdict"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// TestMain keeps rapid from filing failures that are wanted, and from shrinking them for long. What is drawn is the same each time.
func TestMain(m *testing.M) {
	flag.Parse()
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "10ms", "rapid.checks": "200", "rapid.seed": "1"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestSound demands that sound stores keep every law: those of which a call touches one kind, and those that touch another one too
// and say so, in both stores alike or not.
func TestSound(t *testing.T) {
	t.Run("one kind", func(t *testing.T) {
		RunClubConformance(t, func(*testing.T) (Club, Club) { return newMemory(flaw{}), newMemory(flaw{}) })
	})
	t.Run("said and alike", func(t *testing.T) {
		RunUnionConformance(t, func(*testing.T) (Union, Union) { return newMemory(flaw{enrol: count}), newMemory(flaw{enrol: count}) })
	})
	t.Run("said and copied", func(t *testing.T) {
		RunLeagueConformance(t, func(*testing.T) (League, League) { return newMemory(cascade), newMemory(flaw{}) })
	})
}

// cascade removes the memberships of a team that is deleted.
var cascade = flaw{deleteTeam: func(m *memory, id string) {
	maps.DeleteFunc(m.members, func(_ int64, member Membership) bool { return member.TeamID == id })
}}

// count counts the memberships of a team in it.
func count(m *memory, member Membership) {
	if team, ok := m.teams[member.TeamID]; ok {
		team.Size = 1 + len(slices.DeleteFunc(slices.Collect(maps.Values(m.members)), func(o Membership) bool { return o.TeamID != team.ID }))
		m.teams[team.ID] = team
	}
}

// flaws are clubs that are broken on purpose, each with the law that must say so, and the call that it must name.
var flaws = []struct {
	name, law, call string
	flaw            flaw
}{
	{"a delete removes what belongs to it", "write-within-kinds", "Teams.Delete(", cascade},
	{"a delete empties what refers to it", "write-within-kinds", "Teams.Delete(", flaw{deleteTeam: func(m *memory, id string) {
		for key, member := range m.members {
			if member.TeamID == id {
				member.TeamID = ""
				m.members[key] = member
			}
		}
	}}},
	{"a delete removes what has its name", "write-within-kinds", "Teams.Delete(", flaw{deleteTeam: func(m *memory, id string) {
		maps.DeleteFunc(m.members, func(_ int64, member Membership) bool { return member.Person == id })
	}}},
	{"a delete counts in what it belongs to", "write-within-kinds", "Members.Delete(", flaw{deleteMember: func(m *memory, member Membership) {
		if team, ok := m.teams[member.TeamID]; ok {
			team.Size--
			m.teams[team.ID] = team
		}
	}}},
	{"a delete removes what it leaves empty", "write-within-kinds", "Members.Delete(", flaw{deleteMember: func(m *memory, member Membership) {
		delete(m.teams, member.TeamID)
	}}},
	{"a save adds a default of another kind", "write-within-kinds", "Teams.Save(", flaw{saveTeam: func(m *memory, id string) {
		m.members[-7] = Membership{-7, id, "owner"}
	}}},
	{"a save replaces, and removes what belongs to it", "write-within-kinds", "Teams.Save(", flaw{saveTeam: cascade.deleteTeam}},
	{"a save adds what it refers to", "write-within-kinds", "Members.Save(", flaw{saveMember: func(m *memory, member Membership) {
		if _, ok := m.teams[member.TeamID]; !ok {
			m.teams[member.TeamID] = Team{ID: member.TeamID}
		}
	}}},
	{"a save counts in what it refers to", "write-within-kinds", "Members.Save(", flaw{saveMember: count}},
	{"a read makes what another kind lacks", "read-changes-nothing", "", flaw{count: func(m *memory) { m.teams["none"] = Team{ID: "none"} }}},
}

var broken = regexp.MustCompile(`law ([a-z-]+) is broken`)

// judge demands a law of a tree of two stores; "" for none. A copy puts as a save does, so that the save's flaw may show in it first.
func judge(t *testing.T, law, call string, tree func(t rapid.TB)) {
	t.Helper()
	v := verdict.Of(t, tree)
	found := ""
	if match := broken.FindStringSubmatch(v.Text); match != nil {
		found = match[1]
	}
	copied := found == "put-then-get" && strings.Contains(call, ".Save(") && strings.Contains(v.Text, "touches what another repository keeps")
	if found != law && !copied || v.Failed != (law != "") {
		t.Errorf("caught by %q, want %q\n%s", found, law, v.Text)
	}
	if !copied && law == "write-within-kinds" && (!strings.Contains(v.Text, call) || !strings.Contains(v.Text, "shared writeonly")) {
		t.Errorf("neither the call nor the directive is named\n%s", v.Text)
	}
}

// TestFlaws demands of every flaw, in the old store, in the new one and in both, that the law catches it that should, and that the suites
// of the repositories alone do not: none of them sees what another keeps.
func TestFlaws(t *testing.T) {
	for _, f := range flaws {
		for position, pair := range map[string][2]flaw{"old": {f.flaw, {}}, "new": {{}, f.flaw}, "both": {f.flaw, f.flaw}} {
			t.Run(f.name+"/"+position, func(t *testing.T) {
				judge(t, f.law, f.call, func(t rapid.TB) {
					dualtest.Tree(t, func() func(*dual.Migration) Club {
						return func(m *dual.Migration) Club { return NewDualClub(newMemory(pair[0]), newMemory(pair[1]), m) }
					}, dualtest.PartOf("Teams", Club.Teams, teamsSuite()), dualtest.PartOf("Members", Club.Members, membersSuite()))
				})
			})
		}
		t.Run(f.name+"/alone", func(t *testing.T) {
			few(t)
			v := verdict.Of(t, func(t rapid.TB) {
				teamsSuite().Conform(t, func() (Teams, Teams) { return newMemory(f.flaw).Teams(), newMemory(f.flaw).Teams() })
				membersSuite().Conform(t, func() (Members, Members) { return newMemory(f.flaw).Members(), newMemory(f.flaw).Members() })
			})
			if v.Failed {
				t.Errorf("a suite of one repository sees it, so that this flaw proves nothing\n%s", v.Text)
			}
		})
	}
}

// TestPutTouches: a put by which copies are made may change nothing that another repository keeps, whatever the calls declare: a backfill
// would change what it has copied already.
func TestPutTouches(t *testing.T) {
	puts, others := membersSuite(), teamsSuite()
	puts.Steps, others.Steps = nil, nil
	broken := flaw{saveMember: count}
	judge(t, "put-then-get", "", func(t rapid.TB) {
		dualtest.Tree(t, func() func(*dual.Migration) Club {
			return func(m *dual.Migration) Club { return NewDualClub(newMemory(broken), newMemory(broken), m) }
		}, dualtest.PartOf("Teams", Club.Teams, others), dualtest.PartOf("Members", Club.Members, puts))
	})
}

// few lets a test draw few sequences: it expects nothing of them.
func few(t *testing.T) {
	t.Helper()
	checks := flag.Lookup("rapid.checks").Value
	had := checks.String()
	t.Cleanup(func() {
		if err := checks.Set(had); err != nil {
			t.Error(err)
		}
	})
	if err := checks.Set("20"); err != nil {
		t.Fatal(err)
	}
}

// TestUnlike: where a write is said to touch the team of a membership and to be repeated on the mirror, and one store alone touches it, the
// stores differ afterwards, and no key says so.
func TestUnlike(t *testing.T) {
	for position, pair := range map[string][2]flaw{"old": {flaw{enrol: count}, {}}, "new": {{}, flaw{enrol: count}}} {
		t.Run(position, func(t *testing.T) {
			judge(t, "mirror-reconciled", "", func(t rapid.TB) {
				dualtest.Tree(t, func() func(*dual.Migration) Union {
					return func(m *dual.Migration) Union { return NewDualUnion(newMemory(pair[0]), newMemory(pair[1]), m) }
				}, dualtest.PartOf("Teams", Union.Teams, teamsSuite()), dualtest.PartOf("Enrolments", Union.Enrolments, enrolmentsSuite()))
			})
		})
	}
}
