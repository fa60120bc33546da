package verb

import (
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/internal/plan"
)

// TestTable is the table tested as data: no verb twice, and none that an earlier one makes unreachable.
func TestTable(t *testing.T) {
	var seen []string
	for _, rule := range rules {
		for pattern := range strings.SplitSeq(rule.verbs, "|") {
			if pattern != strings.ToLower(pattern) || strings.TrimSpace(pattern) == "" {
				t.Errorf("%q is not in lower case", pattern)
			}
			for _, earlier := range seen {
				if !strings.HasPrefix(earlier, "=") && strings.HasPrefix(pattern+" ", earlier+" ") {
					t.Errorf("%q stands behind %q, which matches first", pattern, earlier)
				}
			}
			seen = append(seen, pattern)
		}
	}
}

func TestRead(t *testing.T) {
	for name, want := range map[string]plan.Kind{
		"Get": plan.Read, "GetUserByID": plan.Read, "FindByNameAndEmail": plan.Read, "ListUsersAndPosts": plan.Read, "Has": plan.Read, "Keys": plan.Read, "Name": plan.Read,
		"GetOrCreate": plan.Write, "FindAndModify": plan.Write, "Save": plan.Write, "CreateUser": plan.Write, "Delete": plan.Write,
		"Close": plan.Lifecycle, "Ping": plan.Lifecycle, "HealthCheck": plan.Lifecycle,
		"BatchGetByID": plan.Read, "BulkGet": plan.Read, "BatchDelete": plan.Write, "Batch": 0, "BulkLoadAndSave": plan.Write,
		"UserCreate": plan.Write, "UserFindByName": plan.Read, "UsersDelete": plan.Write, "UserSettle": 0, "UserClose": 0,
		"CloseAccount": 0, "Process": 0, "Lock": 0, "ListAndLock": 0, "CountThenReset": 0, "Getaway": 0, "Settle": 0, "NameUser": 0, "": 0, "x": 0, "Island": 0, "Additional": 0,
	} {
		r := Read(name, []string{"User"})
		if got := r.Kind; r.Known() && got != want || !r.Known() && want != 0 {
			t.Errorf("%s: kind %v, known %v, want %v", name, got, r.Known(), want)
		}
	}
}

// TestNoun: what a name says before and after its verb.
func TestNoun(t *testing.T) {
	for name, want := range map[string]string{
		"GetUserByID": " Get User By ID", "UserCreate": "User Create ", "UserFindByName": "User Find By Name", "BatchDeleteUsers": " Delete Users",
	} {
		r := Read(name, []string{"User", "UserSetting"})
		if got := strings.Join([]string{strings.Join(r.First, " "), r.Verb, strings.Join(r.Noun, " ")}, " "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestWrites: the verbs of writes in the name of a read, those of a clause left out.
func TestWrites(t *testing.T) {
	for name, want := range map[string]string{
		"QueryDelete": "Delete", "RangeDeleteTasks": "Delete", "GetSet": "Set", "ForEachUpdate": "Update", "GetUserForUpdate": "Update",
		"GetUser": "", "ListUpdates": "", "FindByUpdate": "", "GetUserByDeleted": "",
	} {
		if got := strings.Join(Writes(Read(name, nil)), ","); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if slices.Contains(quantities, "range") {
		t.Error("Range reads, and is no word for a quantity")
	}
}
