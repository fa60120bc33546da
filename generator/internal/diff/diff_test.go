package diff

import (
	"strings"
	"testing"
)

func TestUnifiedDiff(t *testing.T) {
	old := "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n"
	for _, c := range []struct{ new, want string }{
		{old, ""},
		{strings.Replace(old, "b\n", "B\n", 1), "--- x\n+++ x\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n"},
		{old + "l\n", "--- x\n+++ x\n@@ -9,3 +9,4 @@\n i\n j\n k\n+l\n"},
		{"", "--- x\n+++ x\n@@ -1,11 +0,0 @@\n-a\n-b\n-c\n-d\n-e\n-f\n-g\n-h\n-i\n-j\n-k\n"},
	} {
		if got := Unified("x", "x", []byte(old), []byte(c.new)); got != c.want {
			t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
		}
	}
}
