package docscheck

import (
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// inside are errors of package dual that no caller of a wrapper gets: they end copies, and stand in logs and in the journal.
var inside = []string{"ErrNoEntity"}

// Every error that callers can get stands in the one table that says in which phase.
func TestErrorsOfCallers(t *testing.T) {
	table := read(t, filepath.Join(root, "docs", "phases.md"))
	names := regexp.MustCompile(`(?m)^\t(Err[A-Z]\w*) += `).FindAllStringSubmatch(read(t, filepath.Join(root, "runtime", "dual", "errors.go")), -1)
	require.Greater(t, len(names), 15)
	for _, name := range append(names, []string{"", "journal.ErrKeyTooLong"}) {
		if !slices.Contains(inside, name[1]) {
			require.Contains(t, table, "`"+name[1]+"`", "docs/phases.md, What callers can get")
		}
	}
}
