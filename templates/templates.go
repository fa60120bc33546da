package templates

import (
	"fmt"

	"github.com/dualgen/dualgen/generator/plan"
)

// File is one generated file.
type File struct {
	Path   string // absolute
	Source []byte // formatted
}

// sections of the wrapper's file, in the order in which they stand there.
var sections = []func(*file, *plan.Repository){
	wrapper,
	methods,
	shims,
	functions,
	guards,
}

// Render prints a repository's files: the wrapper's, and the conformance tests' if the plan names a file for them.
func Render(repo *plan.Repository) ([]File, error) {
	f := newFile(repo, notForImports(repo))
	for _, section := range sections {
		section(f, repo)
	}
	source, err := f.finish()
	if err != nil {
		return nil, at(repo.Pos, fmt.Errorf("%s: %w", repo.Output.File, err))
	}
	return []File{{Path: repo.Output.File, Source: source}}, nil
}
