package generator

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/plan"
)

// File is one generated file.
type File struct {
	Path   string // absolute
	Source []byte // formatted
}

// Generate returns the files that the //go:generate lines in the configured packages ask for, sorted by path. It writes
// nothing. An error that is a [scanner.ErrorList] holds every diagnostic of the run, sorted by position; a [UsageError]
// is a mistake in a line's flags.
func Generate(ctx context.Context, config Config) ([]File, error) {
	result, err := run(ctx, config)
	if err != nil {
		return nil, err
	}
	return result.files, nil
}

// result is what a run decided and printed.
type result struct {
	repositories []*plan.Repository
	builders     []*builder
	files        []File
}

// run is the pipeline: find the requests, load their packages, plan each, print, and check what was printed.
func run(ctx context.Context, config Config) (*result, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	found, err := find(&config)
	if err != nil {
		return nil, err
	}
	program, err := load(ctx, &config, found)
	if err != nil {
		return nil, err
	}
	return program.generate(found)
}

// generate plans, prints and checks what a load found.
func (p *program) generate(found *sources) (*result, error) {
	reports := &report.List{}
	result := planAll(p, found, reports)
	if err := reports.Err(); err != nil {
		return nil, err
	}
	if err := p.print(result); err != nil {
		return nil, err
	}
	slices.SortFunc(result.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return result, nil
}

// planAll plans every request, and reports directives that belong to none.
func planAll(program *program, found *sources, reports *report.List) *result {
	result := &result{}
	leftOut := map[string]bool{}
	requests := slices.DeleteFunc(slices.Clone(found.requests), func(r *request) bool {
		leaves := program.leavesOut(r)
		if leaves {
			leftOut[r.file] = true
		}
		return leaves
	})
	for _, p := range planEach(program, requests) {
		reports.Put(p.reports.All()...)
		if p.builder != nil {
			result.builders = append(result.builders, p.builder)
			result.repositories = append(result.repositories, p.builder.repo)
		}
	}
	unseen := map[string]bool{}
	for _, line := range found.unheard {
		line.report(reports)
		unseen[line.pos.Filename] = true // what stands there is no stray: it waits for the line
	}
	for _, name := range found.marked {
		if !leftOut[name] && !unseen[name] {
			reportStrays(program, reports, name)
		}
	}
	reportClashes(result.repositories, reports)
	return result
}

// planned is what became of a request.
type planned struct {
	builder *builder // nil if nothing could be decided
	reports report.List
}

// planEach plans requests, several at once.
func planEach(program *program, requests []*request) []planned {
	all := make([]planned, len(requests))
	_ = parallel(len(requests), func(i int) error { // nothing fails but by reports
		all[i].builder = planOne(program, requests[i], &all[i].reports)
		return nil
	})
	return all
}

// planOne plans one request, and reports what is open. It returns nil where not even the stores and the place of the output are
// known.
func planOne(program *program, request *request, reports *report.List) *builder {
	defer locatePanic(request.pos)
	subject := findSubject(program, request, reports)
	if subject == nil {
		return nil
	}
	b := newBuilder(subject)
	if !b.begin() {
		return nil
	}
	b.decide()
	return b
}

// locatePanic adds to a panic, which is a bug of dualgen, the position of the input that caused it.
func locatePanic(pos token.Position) {
	if r := recover(); r != nil {
		panic(fmt.Sprintf("%v: this is a bug of dualgen, please report it with this interface: %v\n%s", pos, r, debug.Stack()))
	}
}

// reportClashes reports files that two requests would write, and files in the way that are not ours.
func reportClashes(repositories []*plan.Repository, reports *report.List) {
	owner := map[string]*plan.Repository{}
	for _, r := range repositories {
		for _, name := range []string{r.Output.File, r.Output.TestFile} {
			if name == "" {
				continue
			}
			if other := owner[name]; other != nil {
				reports.Addf(r.Pos, "give one of the two another name: -out file.go", "%s would be written for %s and for %s",
					filepath.Base(name), other.Interface.Name(), r.Interface.Name())
			}
			owner[name] = r
			source, err := os.ReadFile(name)
			if err == nil && len(bytes.TrimSpace(source)) > 0 && !isOwn(source) {
				reports.Addf(r.Pos, "move it, or name another file: -out file.go", "%s is there already, and dualgen did not write it", filepath.Base(name))
			}
		}
	}
}

// parallel calls do with 0 to n-1, as many at once as there are processors, and returns the error of the first that has one.
func parallel(n int, do func(i int) error) error {
	errs := make([]error, n)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error {
			errs[i] = do(i)
			return nil
		})
	}
	group.Wait()
	return cmp.Or(errs...)
}
