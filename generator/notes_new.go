package generator

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/wrapper"
)

// noteNew tells of the wrappers that were not there before and, with the last of them, of what comes next. A later run that succeeds says
// nothing, as Go tools do.
func noteNew(all []*wrapper.Wrapper, note func(pos token.Position, what string)) {
	all = slices.DeleteFunc(slices.Clone(all), func(w *wrapper.Wrapper) bool {
		_, err := os.Stat(w.Repo.Output.File)
		return !errors.Is(err, fs.ErrNotExist)
	})
	for i, w := range all {
		what := relativeTo(w.Request.Dir(), w.Repo.Output.File) + " is new"
		if w.Repo.Output.TestFile != "" {
			what += ", and beside it its tests"
		}
		if i == len(all)-1 {
			what += "\n\tnext: " + strings.Join(nextSteps(all), "; ")
		}
		note(w.Pos, what)
	}
}

// nextSteps are what comes after the first run that writes some wrappers. Of those that another one hands out, that one's test tries all.
func nextSteps(all []*wrapper.Wrapper) []string {
	next := []string{"go mod tidy", "go tool dualgen explain, to see what was decided and why"}
	var suites, folders []string
	for _, w := range all {
		suite := w.Suite()
		if suite == "" {
			continue
		}
		if !slices.Contains(suites, suite) {
			suites = append(suites, suite)
		}
		if folder := packagePattern(w.Program.Config.Dir, filepath.Dir(w.Repo.Output.TestFile)); !slices.Contains(folders, folder) {
			folders = append(folders, folder)
		}
	}
	if len(suites) == 0 {
		return next
	}
	tests := "./..."
	if len(folders) == 1 {
		tests = folders[0]
	}
	return append(next, fmt.Sprintf("a test that calls %s over the two real stores", strings.Join(suites, ", and one that calls ")), "go test "+tests)
}

// packagePattern is how the go command names a package's directory from another.
func packagePattern(from, dir string) string {
	name := relativeTo(from, dir)
	if name == "." || filepath.IsAbs(name) || strings.HasPrefix(name, "..") {
		return name
	}
	return "./" + name
}
