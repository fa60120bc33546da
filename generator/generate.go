package generator

import (
	"context"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/check"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/parallel"
	"github.com/dualgen/dualgen/generator/internal/render"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/wrapper"
	"github.com/dualgen/dualgen/internal/plan"
)

// Config says what to generate.
type Config struct {
	// Dir is the directory that patterns start from. Defaults to the current directory.
	Dir string
	// Patterns are packages, as the go command names them: directories, with /... for those below. Defaults to ./...
	Patterns []string
	// Tags are build tags, separated by commas, in addition to those in GOFLAGS. Defaults to none.
	Tags string
	// Env is the environment of the go command. Defaults to the process's own.
	Env []string

	// LeftOut is told each //go:generate line that is left out, since its file's build constraints exclude it here. Defaults
	// to nobody.
	LeftOut func(token.Position)

	// Note is told what is worth knowing of what was generated, such as a kind that backfill cannot list. Defaults to nobody.
	Note func(pos token.Position, what string)

	// File, Line and Args narrow the run to one //go:generate line, as GOFILE, GOLINE and the command line say it.
	// Default to every line in Patterns.
	File string
	Line int
	Args []string
}

// File is one generated file: its absolute Path, and its Source, formatted.
type File = render.File

// Generate returns the files that the //go:generate lines in the configured packages ask for, sorted by path. It writes
// nothing. An error that is a [scanner.ErrorList] holds every diagnostic of the run, sorted by position; a [UsageError]
// is a mistake in a line's flags.
func Generate(ctx context.Context, config Config) ([]File, error) {
	result, err := run(ctx, source.Config(config))
	if err != nil {
		return nil, err
	}
	return result.files, nil
}

// result is what a run decided and printed.
type result struct {
	wrappers []*wrapper.Wrapper
	files    []File
}

// repositories are the plans of the wrappers.
func (r *result) repositories() []*plan.Repository {
	var all []*plan.Repository
	for _, w := range r.wrappers {
		all = append(all, w.Repo)
	}
	return all
}

// run is the pipeline: find the requests, load their packages, plan each, print, and check what was printed.
func run(ctx context.Context, asked source.Config) (*result, error) {
	config, err := asked.Complete()
	if err != nil {
		return nil, err
	}
	found, err := source.Find(&config)
	if err != nil {
		return nil, err
	}
	program, err := load.Tree(ctx, &config, found)
	if err != nil {
		return nil, err
	}
	return generate(program, found)
}

// generate plans, prints and checks what a load found.
func generate(p *load.Program, found *source.Found) (*result, error) {
	reports := &report.List{}
	result := &result{wrappers: wrapper.All(p, found, reports)}
	if err := reports.Err(); err != nil {
		return nil, err
	}
	var err error
	if result.files, err = printAll(p, result.repositories()); err != nil {
		return nil, err
	}
	notes(p, result.wrappers)
	slices.SortFunc(result.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return result, nil
}

// UsageError is a mistake in a //go:generate line's flags.
type UsageError = source.UsageError

// FlagUsage describes the flags that a //go:generate line takes, for help texts.
func FlagUsage() string { return source.FlagHelp() }

// printAll prints and checks every plan, a directory at a time: so that the syntax of few files is in memory at once.
func printAll(p *load.Program, repositories []*plan.Repository) ([]File, error) {
	folders := render.Folders(repositories)
	found := make([]check.Faults, len(folders))
	err := parallel.Do(len(folders), func(i int) error {
		defer folders[i].Forget()
		if err := folders[i].Print(p.Fset); err != nil {
			return err
		}
		found[i] = check.Folder(p, folders[i])
		return p.Universe.Ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	if err := check.Err(found); err != nil {
		return nil, err
	}
	var files []File
	for _, f := range folders {
		for _, o := range f.Outputs {
			files = append(files, o.File)
		}
	}
	return files, nil
}
