// Package fault collects the planner's diagnostics.
package fault

import (
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
)

// List collects diagnostics, each once.
type List struct {
	list scanner.ErrorList
	seen map[string]bool
}

// New returns an empty List.
func New() *List { return &List{seen: map[string]bool{}} }

// Add reports what is wrong, and on indented lines what would put it right.
func (f *List) Add(pos token.Position, what string, remedy ...string) {
	if f.seen[what] {
		return
	}
	f.seen[what] = true
	f.list.Add(pos, strings.Join(append([]string{what}, remedy...), "\n\t"))
}

// Take returns what was collected since the last take.
func (f *List) Take() scanner.ErrorList {
	list := f.list
	f.list = nil
	return list
}

// Say writes a directive as a remedy.
func Say(format string, args ...any) string { return fmt.Sprintf("say //dualgen:"+format, args...) }
