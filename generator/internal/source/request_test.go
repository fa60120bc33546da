package source

import (
	"go/token"
	"testing"
)

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
				ReferredPackages(flags.Stores[0].Text)
			}
		}
	})
}
