package proved

import (
	"reflect"
	"strings"
	"testing"
)

func TestRecordReadsWhatItWrote(t *testing.T) {
	want := &Record{
		Interface: "Users", Test: "TestUsers", Checks: 100,
		Generated: Source{"users_dual.go", "sha256:1"}, Suite: Source{"users_dual_test.go", "sha256:2"},
		Stores: [2]Source{{"example.com/pg", "sha256:3"}, {"example.com/cql", "sha256:4"}},
		Verdicts: []Verdict{
			{Law: "put-then-get", Of: "User"},
			{Law: "scan-complete", Of: "User", Lack: "no scan"},
		},
	}
	got, err := Parse(want.Format())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestRecordRefusesWhatMeansNothing(t *testing.T) {
	for _, text := range []string{"what", "old example.com/pg", "checks many", "law x", "law x hoped y"} {
		if r, err := Parse([]byte("interface Users\n" + text + "\n")); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	}
}
