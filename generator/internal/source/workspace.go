package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// moduleRoot is the directory of the go.mod that governs dir, or "" where there is none.
func moduleRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		if filepath.Dir(at) == at {
			return ""
		}
	}
}

// ModuleRoots are the directories of the modules that a run concerns: those that govern its patterns, and those of a
// workspace that lie below them.
func (c *Config) ModuleRoots() ([]string, error) {
	var roots []string
	for _, pattern := range c.Patterns {
		dir, below := strings.CutSuffix(pattern, "...")
		dir = Absolute(c.Dir, dir)
		governed := false
		if root := moduleRoot(dir); root != "" {
			roots, governed = append(roots, root), true
		}
		used, err := c.workspaceModules(dir)
		if err != nil {
			return nil, err
		}
		for _, root := range used {
			if below && matches(c.Dir, pattern, root) {
				roots, governed = append(roots, root), true
			}
		}
		if !governed {
			return nil, &UsageError{Err: fmt.Errorf("%s belongs to no module: run go mod init, or name a directory of a module", pattern)}
		}
	}
	slices.Sort(roots)
	return slices.Compact(roots), nil
}

// workspaceModules are the directories of the modules that the go.work over a directory uses.
func (c *Config) workspaceModules(dir string) ([]string, error) {
	work := c.WorkFile(dir)
	if work == "" {
		return nil, nil
	}
	content, err := os.ReadFile(work)
	if err != nil {
		return nil, err
	}
	file, err := modfile.ParseWork(work, content, nil)
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, use := range file.Use {
		dirs = append(dirs, Absolute(filepath.Dir(work), use.Path))
	}
	return dirs, nil
}

// WorkFile is the go.work file that governs a directory, or "".
func (c *Config) WorkFile(dir string) string {
	switch said := c.Variable("GOWORK"); said {
	case "off":
		return ""
	case "":
	default:
		return said
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.work")); err == nil {
			return filepath.Join(at, "go.work")
		}
		if filepath.Dir(at) == at {
			return ""
		}
	}
}
