package templates

import (
	"go/token"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/command"
	"github.com/dualgen/dualgen/templates/internal/conformance"
	"github.com/dualgen/dualgen/templates/internal/helpers"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/proxied"
	"github.com/dualgen/dualgen/templates/internal/queued"
	"github.com/dualgen/dualgen/templates/internal/shims"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// File is one generated file.
type File = printing.Printed

// Header is the first line of every generated file; ast.IsGenerated accepts it.
const Header = printing.Header

// section prints a part of a file.
type section func(*printing.File, *plan.Repository)

// sections of the wrapper's file, in the order in which they stand there.
var sections = []section{
	wrapper.Print,
	wrapper.Methods,
	wrapper.View,
	shims.Print,
	helpers.Functions,
	helpers.Guards,
}

// Render prints a repository's files: the wrapper's, and those of the conformance tests, of the proxy and of the console command where
// the plan names them. The file set is for the syntax.
func Render(repo *plan.Repository, fset *token.FileSet) ([]File, error) {
	wrapped, err := render(repo, fset, repo.Output.File, sections)
	if err != nil {
		return nil, err
	}
	files := []File{wrapped}
	if repo.Output.TestFile != "" {
		tests, err := render(repo, fset, repo.Output.TestFile, []section{conformance.Print})
		if err != nil {
			return nil, err
		}
		files = append(files, tests)
	}
	if repo.Proxy != nil {
		carried, err := proxied.Render(repo, fset)
		if err != nil {
			return nil, err
		}
		files = append(files, carried)
	}
	if repo.Queued != nil {
		front, err := queued.Render(repo, fset)
		if err != nil {
			return nil, err
		}
		files = append(files, front)
	}
	if repo.Output.Ctl != "" {
		main, err := command.RenderCommand(repo, fset)
		if err != nil {
			return nil, err
		}
		files = append(files, main)
	}
	return files, nil
}

// render prints one file.
func render(repo *plan.Repository, fset *token.FileSet, path string, sections []section) (File, error) {
	f := printing.NewFile(repo, printing.NotForImports(repo))
	for _, section := range sections {
		section(f, repo)
	}
	printed, err := f.Finish(fset, path)
	return printed, printing.At(repo.Pos, err)
}
