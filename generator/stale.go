package generator

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/diff"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// Stale is one difference between what is there and what would be generated.
type Stale struct {
	Path string // absolute
	// Diff is a unified diff from what is there to what would be written.
	Diff string
	// Missing is true for a file that is not there, Orphan for one that dualgen wrote and no //go:generate line asks for.
	Missing, Orphan bool
}

// Check compares what [Generate] returns with what is there, and writes nothing. Nothing is stale where it returns nil.
func Check(ctx context.Context, config Config) ([]Stale, error) {
	files, err := Generate(ctx, config)
	if err != nil {
		return nil, err
	}
	full, err := source.Config(config).Complete()
	if err != nil {
		return nil, err
	}
	var stale []Stale
	for _, f := range files {
		old, err := os.ReadFile(f.Path)
		switch {
		case os.IsNotExist(err):
			stale = append(stale, Stale{Path: f.Path, Missing: true, Diff: diff.Unified("/dev/null", source.Relative(full.Dir, f.Path), nil, f.Source)})
		case err != nil:
			return nil, fmt.Errorf("compare with what is there: %w", err)
		case !bytes.Equal(old, f.Source):
			name := source.Relative(full.Dir, f.Path)
			stale = append(stale, Stale{Path: f.Path, Diff: diff.Unified(name, name, old, f.Source)})
		}
	}
	orphans, err := orphaned(&full, files)
	if err != nil {
		return nil, err
	}
	stale = append(stale, orphans...)
	slices.SortFunc(stale, func(a, b Stale) int { return strings.Compare(a.Path, b.Path) })
	return stale, nil
}

// orphaned finds files that dualgen wrote in the configured packages and that no line asks for any more.
func orphaned(config *source.Config, files []File) ([]Stale, error) {
	if config.Line != 0 {
		return nil, nil
	}
	found, err := source.Find(config)
	if err != nil {
		return nil, err
	}
	var orphans []Stale
	for _, name := range found.Own {
		wanted := slices.ContainsFunc(files, func(f File) bool { return f.Path == name })
		if !wanted && config.Covers(name) && !source.Constrained(name) {
			orphans = append(orphans, Stale{Path: name, Orphan: true})
		}
	}
	return orphans, nil
}
