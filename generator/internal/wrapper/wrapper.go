// Package wrapper plans the wrapper of an interface: Plan is the list of its stages, for generate, check, explain and init alike.
package wrapper

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/carry"
	"github.com/dualgen/dualgen/generator/internal/decide"
	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/draw"
	"github.com/dualgen/dualgen/generator/internal/expiry"
	"github.com/dualgen/dualgen/generator/internal/failure"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/lookup"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/naming"
	"github.com/dualgen/dualgen/generator/internal/place"
	"github.com/dualgen/dualgen/generator/internal/proxy"
	"github.com/dualgen/dualgen/generator/internal/queued"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/rollover"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/store"
	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/plan"
)

// Wrapper is one wrapped interface and what has been decided about it: where the wrapper is written, what everything is called, how each
// store is called.
type Wrapper struct {
	*load.Subject
	In          *model.Interface
	Repo        *plan.Repository // what is printed
	Conversions *convert.Planner

	names     *naming.Scope    // of the output's package
	fields    *names.Allocator // of the wrapper's struct
	functions *lookup.Functions
	errors    *failure.Errors

	itself     *types.Interface  // the interface without the methods that hand out repositories of their own
	above      []*source.Request // that hand out what is planned here, the outermost first
	subs       []*sub            // these
	subReports report.List       // of what is planned for them
}

// Plan takes an interface through all stages: what is reported of it is everything that is open. It says whether the stores and the
// place of the output were found, without which nothing is decided. above are the requests that hand out what is planned, the outermost
// first.
func Plan(s *load.Subject, above ...*source.Request) (w *Wrapper, decided bool) {
	w = newWrapper(s, above)
	in, repo, before := w.In, w.Repo, s.Reports.Len()

	in.Stores = store.Resolve(s)
	if s.Reports.Len() > before {
		return w, false
	}
	repo.Output = place.Output(s, in.Stores, w.allMethods())
	w.nameOutput()
	if s.Reports.Len() > before {
		return w, false
	}
	place.Ctl(s, in.Stores, &repo.Output, repo.Names)
	repo.Proxy = place.Proxy(s, &repo.Output)
	repo.Queued = place.Queued(s, &repo.Output)
	if s.Reports.Len() > before {
		return w, false
	}
	in.Output = repo.Output.Package
	w.Conversions = w.functions.Planner(w.names.Helper)
	in.MadeOf = w.Conversions.MadeOf

	in.Methods = w.describeMethods()
	decide.Decide(in)
	repo.Methods, repo.Entities = plansOf(in)
	rollover.Decide(in)
	expiry.Decide(in)
	w.errors.CheckAbsences()

	repo.View = w.nameView()
	repo.Generators, repo.TestArgs = draw.Find(in, s, w.Conversions.HasPart, repo.Output.TestFile != "")
	w.fields = names.New(slices.Concat([]string{"stores", "migration"}, in.MethodNames(), w.getterNames())...)
	values := carry.Stage{In: in, Conversions: w.Conversions, Functions: w.functions, Names: w.names.Allocator, Fields: w.fields}
	values.Bundles()
	w.planCalls()
	repo.Subs = w.planSubs()
	noteReferences(w)
	proxy.Decide(s, repo)
	queued.Decide(s, in, repo, w.names.Name)
	if !repo.HandsOutOnly() { // else nothing of its own fails but the lifecycle
		w.errors.Ask()
	}

	w.functions.CheckCanonicals()
	values.Keys()
	w.nameStores()
	repo.Entities = slices.DeleteFunc(repo.Entities, func(e *plan.Entity) bool { return e.Type == nil || e.Get == nil || e.Put == nil })
	repo.Codecs = values.Codecs()
	repo.Refusals = w.errors.Refusals()
	repo.Functions, repo.Guards = w.Conversions.Functions(), w.Conversions.Guards()
	repo.Assemblies, repo.Exact = w.Conversions.Assemblies(), w.Conversions.Exact()
	s.Reports.Compiler(w.Conversions.Unused())
	return w, true
}

// plansOf are what was decided of an interface's methods and entities.
func plansOf(in *model.Interface) (methods []*plan.Method, entities []*plan.Entity) {
	for _, d := range in.Methods {
		methods = append(methods, d.Method)
	}
	for _, e := range in.Entities {
		entities = append(entities, e.Entity)
	}
	return methods, entities
}

// newWrapper starts with nothing decided.
func newWrapper(s *load.Subject, above []*source.Request) *Wrapper {
	w := &Wrapper{Subject: s, above: above, names: naming.New(s)}
	w.Repo = &plan.Repository{
		Interface: s.Object, Type: s.Typ, TypeParams: s.Params, Pos: s.Request.Pos, Doc: s.Doc,
	}
	w.In = &model.Interface{
		Object: s.Object, Type: s.Typ, Underlying: s.Iface, TypeParams: s.Params, Package: s.Pkg.Types, Pos: s.Pos,
		Said: &s.Said, Reports: s.Reports,
		Describe: w.describe, Position: s.Program.Position, EntryName: w.names.Helper,
		FieldName: func(taken []string, base string) string { return names.New(taken...).Field(base) },
	}
	w.functions, w.errors = lookup.New(w.In, s), failure.New(w.In, s)
	w.In.Suppose = func(lines []directive.Line) *model.Interface { return suppose(w, lines) }
	w.splitGetters()
	return w
}

// ToldBy are the ways in which callers are told something by errors, for explain.
func (w *Wrapper) ToldBy() []failure.Said { return w.errors.Explained() }
