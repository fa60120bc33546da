package generator

import (
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/plan"
)

// TestVerbTable is the table tested as data: no verb twice, and none that an earlier one makes unreachable.
func TestVerbTable(t *testing.T) {
	var seen []string
	for _, rule := range verbRules() {
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

func TestClassifyVerb(t *testing.T) {
	for name, want := range map[string]plan.Kind{
		"Get": plan.Read, "GetUserByID": plan.Read, "FindByNameAndEmail": plan.Read, "ListUsersAndPosts": plan.Read, "Has": plan.Read, "Keys": plan.Read, "Name": plan.Read,
		"GetOrCreate": plan.Write, "FindAndModify": plan.Write, "Save": plan.Write, "CreateUser": plan.Write, "Delete": plan.Write,
		"Close": plan.Lifecycle, "Ping": plan.Lifecycle, "HealthCheck": plan.Lifecycle,
		"CloseAccount": 0, "Process": 0, "Lock": 0, "ListAndLock": 0, "CountThenReset": 0, "Getaway": 0, "Settle": 0, "NameUser": 0, "": 0, "x": 0, "Island": 0, "Additional": 0,
	} {
		rule, _, ok := classifyVerb(name)
		if got := rule.kind; ok && got != want || !ok && want != 0 {
			t.Errorf("%s: kind %v, certain %v, want %v", name, got, ok, want)
		}
	}
}
