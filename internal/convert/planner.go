package convert

import (
	"fmt"
	"go/scanner"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/compare"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// Planner plans the conversions, comparators, clones and key codecs of one repository. It is not safe for concurrent use.
type Planner struct {
	options     given.Options
	frame       *frame.Frame
	access      *access.Planner
	compare     *compare.Planner
	rules       *rule.Planner
	conversions []*recorded
}

// recorded is a conversion whose notes are settled at the end.
type recorded struct {
	plan.Conversion
	conv    plan.Conv
	methods []string
}

// New returns a Planner.
func New(options given.Options) *Planner {
	shared := frame.New(options)
	reach := access.New(shared)
	p := &Planner{options: options, frame: shared, access: reach, compare: compare.New(reach)}
	p.rules = rule.New(reach, p.apply, p.tried)
	return p
}

// tried reports whether a request would be planned, as what is said of its value stands in it.
func (p *Planner) tried(r rule.Request) bool {
	options := p.options
	options.Name = func(base string) string { return base }
	trial := New(options)
	trial.frame.Faults.Take()
	r.Base = nil
	trial.apply(r)
	return len(trial.frame.Faults.Take())+len(trial.rules.Left) == 0
}

// Value plans the conversion of one value. The error list, empty if all is well, holds every fault found on the way, at
// at.Pos; the Conv is then of no use. A fault inside a struct that several values share is reported once. A value whose two
// types are identical is handed over as it is, except for times that the store would truncate.
func (p *Planner) Value(from, to types.Type, at given.At) (plan.Conv, scanner.ErrorList) {
	r := rule.Request{From: from, To: to, At: at, Path: at.Path, Outer: true, Recorded: true}
	r.Field = p.frame.Directives.Field(at.Path)
	r.Trail = []frame.Hop{{Name: at.Path, From: from, To: to}}
	r.Base = &r
	conv := p.finite(from, p.apply(r))
	if at.NoError {
		p.rules.Unsaid = append(p.rules.Unsaid, rule.Unsaid{Conv: conv, At: at})
	}
	return conv, p.frame.Faults.Take()
}

// Functions returns every function that was planned, in the order in which the first caller asked for it. It settles which
// can fail and which take a context: call it when all else is planned, before the plan is printed.
func (p *Planner) Functions() []plan.Function {
	p.compare.SettleComparisons()
	for changed := true; changed; {
		changed = false
		for _, f := range p.frame.Functions {
			changed = settle(f) || changed
		}
	}
	return p.frame.Functions
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

// finite has a conversion look first whether the value ends.
func (p *Planner) finite(from types.Type, conv plan.Conv) plan.Conv {
	if _, same := conv.(plan.Same); same || !p.frame.MayHoldItself(from) {
		return conv
	}
	return build.Then(plan.Apply{Func: build.TryLeaf("Ends"), Note: "a value that holds itself is an error"}, conv)
}

// Exact reports whether a conversion from a store looks whether it keeps all, where a value is copied or compared.
func (p *Planner) Exact() bool { return p.rules.Exact }

// Guards pins the fields of every struct that a conversion reads or fills, in the order of their first use.
func (p *Planner) Guards() []plan.Guard { return p.rules.Guards }

// Assemblies are the interface's structs that directives give a constructor or setters, in the order of their first use.
func (p *Planner) Assemblies() []*plan.Assembly { return p.access.Assemblies }

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
	p.rules.AskUnpaired()
	p.rules.AskLacking()
	for _, u := range p.rules.Unsaid {
		if plan.Fallible(u.Conv) {
			method, value, _ := strings.Cut(u.At.Path, ".")
			why, remedy := u.Why, u.Remedy
			if why == "" {
				why, remedy = method+" has no error result", "give "+method+" an error result"
			}
			p.frame.Faults.Add(u.At.Pos, fmt.Sprintf("%s store: the conversion of %s can fail, and %s", given.SideNames[u.At.Store], given.NameOr(value, "the result"), why),
				remedy+", or a conversion that cannot fail: "+fault.Say("convert F"))
		}
	}
	p.frame.Directives.Unused(p.frame.Faults)
	return p.frame.Faults.Take()
}
