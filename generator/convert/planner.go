package convert

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// Planner plans the conversions, comparators, clones and key codecs of one repository. It is not safe for concurrent use.
type Planner struct {
	options    Options
	directives *directives
	faults     *faults

	functions   []plan.Function
	planned     map[string]*plan.FuncRef // by what the function does
	guarded     map[string]bool
	guards      []plan.Guard
	conversions []*recorded
	lost        map[string]loss // by "Type.Field" of the interface's side
	compared    []*comparison
	unsaid      []unsaid
	accesses    map[string]*access // by side and type; nil for a struct that directives leave alone
	assemblies  []*plan.Assembly
	guessed     map[string]request // by path: what a store's type says is JSON
	askedJSON   map[string]bool    // by path: what a remedy says as=json of
	exact       bool
}

// unsaid is a conversion in a method that could not say that it failed.
type unsaid struct {
	conv        plan.Conv
	at          At
	why, remedy string // "" for the method itself
}

// recorded is a conversion whose notes are settled at the end.
type recorded struct {
	plan.Conversion
	conv    plan.Conv
	methods []string
}

// New returns a Planner.
func New(options Options) *Planner {
	p := &Planner{
		options:    options,
		directives: newDirectives(options),
		faults:     newFaults(),
		planned:    map[string]*plan.FuncRef{},
		guarded:    map[string]bool{},
		lost:       map[string]loss{},
		accesses:   map[string]*access{},
		guessed:    map[string]request{},
		askedJSON:  map[string]bool{},
	}
	p.directives.checkMakers(p.faults)
	return p
}

// Value plans the conversion of one value. The error list, empty if all is well, holds every fault found on the way, at
// at.Pos; the Conv is then of no use. A fault inside a struct that several values share is reported once. A value whose two
// types are identical is handed over as it is, except for times that the store would truncate.
func (p *Planner) Value(from, to types.Type, at At) (plan.Conv, scanner.ErrorList) {
	r := request{from: from, to: to, at: at, path: at.Path, outer: true, recorded: true}
	r.field = p.directives.field(at.Path)
	r.trail = []hop{{at.Path, from, to}}
	r.base = &r
	conv := p.finite(from, p.convert(r))
	if at.NoError {
		p.unsaid = append(p.unsaid, unsaid{conv: conv, at: at})
	}
	return conv, p.faults.take()
}

// Functions returns every function that was planned, in the order in which the first caller asked for it. It settles which
// can fail and which take a context: call it when all else is planned, before the plan is printed.
func (p *Planner) Functions() []plan.Function {
	p.settleComparisons()
	for changed := true; changed; {
		changed = false
		for _, f := range p.functions {
			changed = settle(f) || changed
		}
	}
	return p.functions
}

// settle passes on to a function that it calls one that can fail or takes a context, and says whether that was news.
func settle(f plan.Function) bool {
	var ref *plan.FuncRef
	switch f := f.(type) {
	case *plan.StructFunc:
		ref = f.Ref
	case *plan.OptionFunc:
		ref = f.Ref
	default:
		return false
	}
	fallible, context := ref.Fallible, ref.Context
	for _, conv := range plan.Convs(f) {
		ref.Fallible = ref.Fallible || plan.Fallible(conv)
		ref.Context = ref.Context || plan.NeedsContext(conv)
	}
	return ref.Fallible != fallible || ref.Context != context
}

// Exact reports whether a conversion from a store looks whether it keeps all, where a value is copied or compared.
func (p *Planner) Exact() bool { return p.exact }

// Guards pins the fields of every struct that a conversion reads or fills, in the order of their first use.
func (p *Planner) Guards() []plan.Guard { return p.guards }

// Assemblies are the interface's structs that directives give a constructor or setters, in the order of their first use.
func (p *Planner) Assemblies() []*plan.Assembly { return p.assemblies }

// Conversions lists each conversion and what it may lose, for explain.
func (p *Planner) Conversions() []plan.Conversion {
	var all []plan.Conversion
	for _, c := range p.conversions {
		c.Notes = slices.Concat(c.methods, plan.Notes(c.conv))
		all = append(all, c.Conversion)
	}
	return all
}

// Unused reports the directives that matched nothing, and the conversions that can fail in methods that cannot say so. Call
// it last.
func (p *Planner) Unused() scanner.ErrorList {
	for _, u := range p.unsaid {
		if plan.Fallible(u.conv) {
			method, value, _ := strings.Cut(u.at.Path, ".")
			why, remedy := u.why, u.remedy
			if why == "" {
				why, remedy = method+" has no error result", "give "+method+" an error result"
			}
			p.fail(u.at.Pos, fmt.Sprintf("%s store: the conversion of %s can fail, and %s", sideNames[u.at.Store], nameOr(value, "the result"), why),
				remedy+", or a conversion that cannot fail: "+say("convert F"))
		}
	}
	p.directives.unused(p.faults)
	return p.faults.take()
}

// function allocates a function's name and remembers it under a key, so that its body may call it. mentioned are the types in
// its signature.
func (p *Planner) function(key, name string, pkgLevel plan.FuncRef, mentioned ...types.Type) *plan.FuncRef {
	ref := &pkgLevel
	ref.Name = p.options.Name(name)
	ref.TypeParams = plan.TypeParamsIn(mentioned...)
	p.planned[key] = ref
	return ref
}

// reaches says whether the output can name obj.
func (p *Planner) reaches(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() == nil || p.local(obj)
}

// local says whether obj belongs to the output's package.
func (p *Planner) local(obj types.Object) bool {
	return p.options.Package != nil && obj.Pkg() != nil && obj.Pkg().Path() == p.options.Package.Path()
}

// fail reports a fault that concerns no single value.
func (p *Planner) fail(pos token.Position, what, remedy string) {
	p.faults.add(pos, what, remedy)
}
