package generator

import (
	"go/token"
	"strings"
	"testing"
)

// FuzzDirective: no comment line makes the parser panic, and a line that is not understood is reported.
func FuzzDirective(f *testing.F) {
	for _, spec := range verbSpecs() {
		for usage := range strings.SplitSeq(spec.usage, " | ") {
			f.Add("//dualgen:" + usage)
			f.Add("//dualgen:" + spec.name + " Method " + strings.TrimPrefix(usage, spec.name))
		}
	}
	for _, line := range []string{"//dualgen:", "//dualgen:key ,", "//dualgen:entity \"", "//dualgen:entity `x", "//dualgen:call old=", "//dualgen:compare round=:", "//dualgen:ignore old.", "//dualgen:key each"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, method := range []bool{true, false} {
			reports := &reports{}
			d, _ := parseDirective(reports, line, token.Position{Filename: "a.go", Line: 1, Column: 1}, method)
			ours := strings.HasPrefix(line, "//dualgen:") && len(line) > len("//dualgen:") && line[len("//dualgen:")] >= 'a' && line[len("//dualgen:")] <= 'z'
			if ours && d == nil && !reports.any() && !strings.ContainsAny(line, "\r\n") {
				t.Errorf("%q is ignored in silence", line)
			}
			if d != nil && reports.any() {
				t.Errorf("%q is understood and reported: %v", line, reports.err())
			}
		}
	})
}

// FuzzLine: no //go:generate line makes the splitter panic.
func FuzzLine(f *testing.F) {
	for _, line := range []string{"go tool dualgen", "dualgen -old ./a.B -new=./c.D[string,*x/y.Z]", `"dualgen" -name "X`, "go run x/dualgen@v1 -test=false ./..."} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, err := splitWords(line, token.Position{})
		if err != nil {
			return
		}
		if args, ok := afterTool(words, nil); ok {
			flags, _, err := parseFlags(args)
			if err == nil {
				referredPackages(flags.stores[0].text)
			}
		}
	})
}

func TestUnifiedDiff(t *testing.T) {
	old := "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n"
	for _, c := range []struct{ new, want string }{
		{old, ""},
		{strings.Replace(old, "b\n", "B\n", 1), "--- x\n+++ x\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n"},
		{old + "l\n", "--- x\n+++ x\n@@ -9,3 +9,4 @@\n i\n j\n k\n+l\n"},
		{"", "--- x\n+++ x\n@@ -1,11 +0,0 @@\n-a\n-b\n-c\n-d\n-e\n-f\n-g\n-h\n-i\n-j\n-k\n"},
	} {
		if got := unifiedDiff("x", "x", []byte(old), []byte(c.new)); got != c.want {
			t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
		}
	}
}
