package wrapper

import (
	"slices"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/parallel"
	"github.com/dualgen/dualgen/generator/internal/place"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/internal/plan"
)

// All plans every request, and reports directives that belong to none.
func All(program *load.Program, found *source.Found, reports *report.List) []*Wrapper {
	var all []*Wrapper
	var repositories []*plan.Repository
	leftOut := map[string]bool{}
	requests := slices.DeleteFunc(slices.Clone(found.Requests), func(r *source.Request) bool {
		leaves := program.LeavesOut(r)
		if leaves {
			leftOut[r.File] = true
		}
		return leaves
	})
	for _, p := range planEach(program, requests) {
		reports.Put(p.reports.All()...)
		if w := p.wrapper; w != nil {
			reports.Put(w.subReports.All()...)
			all, repositories = append(all, w), append(repositories, w.Repo)
		}
	}
	unseen := map[string]bool{}
	for _, line := range found.Unheard {
		line.Report(reports)
		unseen[line.Pos.Filename] = true // what stands there is no stray: it waits for the line
	}
	for _, name := range found.Marked {
		if !leftOut[name] && !unseen[name] {
			load.ReportStrays(program, reports, name)
		}
	}
	place.ReportClashes(repositories, reports)
	return all
}

// planned is what became of a request.
type planned struct {
	wrapper *Wrapper // nil if nothing could be decided
	reports report.List
}

// planEach plans requests, several at once.
func planEach(program *load.Program, requests []*source.Request) []planned {
	all := make([]planned, len(requests))
	_ = parallel.Do(len(requests), func(i int) error { // nothing fails but by reports
		all[i].wrapper = planOne(program, requests[i], &all[i].reports)
		return nil
	})
	return all
}

// planOne plans one request, and reports what is open. It returns nil where not even the stores and the place of the output are
// known.
func planOne(program *load.Program, request *source.Request, reports *report.List) *Wrapper {
	defer report.LocatePanic(request.Pos)
	subject := load.FindSubject(program, request, reports)
	if subject == nil {
		return nil
	}
	w, decided := Plan(subject)
	if !decided {
		return nil
	}
	return w
}
