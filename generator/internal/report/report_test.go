package report

import (
	"go/token"
	"testing"
)

// TestList: what is reported is sorted and said once, what is dropped is dropped by its cause, and a remedy is indented.
func TestList(t *testing.T) {
	at := func(line int) token.Position { return token.Position{Filename: "a.go", Line: line, Column: 1} }
	l := &List{}
	l.Put(Diagnostic{Pos: at(3), What: "kept", Cause: NoCopier, About: "User"})
	before := l.Len()
	l.Addf(at(2), "first\nsecond", "%d things", 2)
	l.Addf(at(2), "first\nsecond", "%d things", 2)
	l.Put(Diagnostic{Pos: at(1), What: "dropped", Cause: NoCopier, About: "User"})
	l.Drop(before, func(d Diagnostic) bool { return d.Cause == NoCopier })
	all := l.All()
	if len(all) != 2 || all[0].What != "2 things" || all[1].What != "kept" {
		t.Fatalf("%+v", all)
	}
	if got, want := all[0].message(), "2 things\n\tfirst\n\tsecond"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if err := (&List{}).Err(); err != nil {
		t.Errorf("nothing was reported: %v", err)
	}
}
