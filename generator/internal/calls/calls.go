// Package calls plans how each method of an interface is called in each store, and the conversions around it.
package calls

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/failure"
	"github.com/dualgen/dualgen/generator/internal/lookup"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/plan"
)

// Stage is what the planning of calls needs.
type Stage struct {
	In          *model.Interface
	Conversions *convert.Planner
	Functions   *lookup.Functions
	Errors      *failure.Errors
	Shims       [2]*plan.Shim // nil for a store that is called as it is
	HandsOut    string        // a method that hands out a repository of its own, "" for none

	unfit []unfitTransaction
	lacks []*lack
}

// Plan decides how each method of the interface is called in each store.
func (c *Stage) Plan() {
	for i := range c.In.Stores {
		if c.Shims[i] != nil {
			c.findLacking(i)
		}
		for _, d := range slices.Concat(c.In.Methods, c.In.Extra) {
			if c.Shims[i] != nil {
				c.planCall(i, d)
			} else {
				c.planSameCall(i, d)
			}
		}
	}
	c.askLacking()
	c.askTransactions()
}

// planSameCall passes a call on as it is.
func (c *Stage) planSameCall(i int, d *model.Method) {
	call := &d.Calls[i]
	call.Method = d.Name
	call.Context, call.Error, call.Variadic = d.Context >= 0, d.Error >= 0, d.Sig.Variadic()
	for _, p := range d.NonContext() {
		call.Args = append(call.Args, plan.Arg{Index: p, Conv: plan.Same{}})
	}
	for _, r := range d.NonError() {
		call.Results = append(call.Results, plan.Arg{Index: r, Conv: plan.Same{}})
	}
	call.NotFound = c.Errors.NotFound(i, d, nil)
}

// planCall matches a method with one of the store's and plans the conversions around it.
func (c *Stage) planCall(i int, d *model.Method) {
	s := c.In.Stores[i]
	name := d.Name
	pos := d.Pos
	if said := d.Said.Call; said != nil && said.Names[i].Text != "" {
		name, pos = said.Names[i].Text, said.Names[i].Pos
	}
	call := &d.Calls[i]
	var sig *types.Signature
	switch f := c.Functions.OfPackage(name); {
	case s.Method[name] != nil:
		sig = s.Signature(name)
	case d.Said.Call != nil && f != nil:
		if sig = c.Functions.OverStore(i, f, pos); sig == nil {
			return
		}
		call.Func = &plan.FuncRef{Name: name, Package: f.Pkg()}
	case c.likely(i, d) != "": // it is asked, and what follows from the likely answer with it
		name = c.likely(i, d)
		sig = s.Signature(name)
	case !c.isLacking(i, d):
		c.Functions.ReportNoMethod(i, name, pos)
		return
	default:
		return
	}
	call.Method, call.Variadic = name, sig.Variadic()
	call.Context = sig.Params().Len() > 0 && shape.IsContext(sig.Params().At(0).Type())
	last := sig.Results().Len() - 1
	call.Error = last >= 0 && shape.IsError(sig.Results().At(last).Type())
	c.matchArgs(i, d, sig)
	c.matchResults(i, d, sig)
	call.Errors = c.Errors.ErrorMaps(i, d)
}

// matchArgs pairs the store's parameters with the interface's: by name where the names are the same on both sides, else
// in order.
func (c *Stage) matchArgs(i int, d *model.Method, sig *types.Signature) {
	call := &d.Calls[i]
	want := shape.Values(sig.Params(), call.Context, false)
	have := d.NonContext()
	if len(want) != len(have) {
		c.In.Reports.Addf(d.Pos, "give the "+model.Sides[i]+" store a method with the same parameters, or a function in its place",
			"%s takes %s, but %s of the %s store takes %s", d.Name, text.Plural(len(have), "argument"), call.Method, model.Sides[i], text.Plural(len(want), "argument"))
		return
	}
	order := c.argOrder(d, want, have)
	for n, v := range want {
		p := d.Params[order[n]]
		if d.Callback != nil && d.Callback.Param == order[n] {
			call.Args = append(call.Args, plan.Arg{Index: order[n], Conv: c.overStore(i, d, v)})
			continue
		}
		at := given.At{Store: i, Direction: given.ToStore, Path: d.Name + "." + p.Name, Reads: d.Kind == plan.Read, NoError: d.Error < 0, Pos: d.Pos}
		conv, faults := c.Conversions.Value(p.Type, v.Type(), at)
		c.In.Reports.Compiler(faults)
		arg := plan.Arg{Index: order[n], Conv: conv}
		if arg.Back = c.back(i, d, p, v); arg.Back != nil {
			arg.Diff = c.backDiff(d, p)
		}
		call.Args = append(call.Args, arg)
	}
}

// argOrder is the interface's parameter for each of the store's.
func (c *Stage) argOrder(d *model.Method, want []*types.Var, have []int) []int {
	byName := map[string]int{}
	for _, i := range have {
		if name := d.SourceName(i); name != "" {
			byName[text.BareName(name)] = i
		}
	}
	var order []int
	for _, v := range want {
		if i, ok := byName[text.BareName(v.Name())]; ok && !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	if len(order) == len(have) {
		return order
	}
	return have
}

// back plans how what a store fills in behind a pointer comes back to the caller's entity; or into a list of entities, where it may
// make their keys.
func (c *Stage) back(i int, d *model.Method, p *plan.Param, v *types.Var) plan.Conv {
	to, pointer := shape.Deref(p.Type)
	from, stored := shape.Deref(v.Type())
	fills := pointer && stored && (d.Kind != plan.Read || len(d.NonError()) == 0) || c.fillsList(d, p)
	if !fills || types.Identical(to, from) {
		return nil
	}
	if named, _ := shape.NamedStruct(shape.ElementOf(to).Type); named == nil {
		return nil
	}
	conv, faults := c.Conversions.Value(from, to, given.At{Store: i, Direction: given.FromStore, Path: d.Name + "." + p.Name, Reads: d.Kind == plan.Read, NoError: d.Error < 0, Pos: d.Pos})
	c.In.Reports.Compiler(faults)
	return conv
}

// fillsList reports whether a parameter is a list of entities into which a write may fill their keys.
func (c *Stage) fillsList(d *model.Method, p *plan.Param) bool {
	_, list := p.Type.Underlying().(*types.Slice)
	return list && (d.Key.Form == plan.KeyOutEach || d.Key.MayBeMade) && d.Params[d.Key.Parts[0].Param] == p
}

// backDiff compares what comes back to the caller's entity with what is there, where the entity keeps something to itself.
func (c *Stage) backDiff(d *model.Method, p *plan.Param) *plan.FuncRef {
	t := shape.ElementOf(p.Type).Type
	if !c.Conversions.Partial(t) {
		return nil
	}
	ref, faults := c.Conversions.Diff(t, d.Pos)
	c.In.Reports.Compiler(faults)
	return ref
}

// matchResults pairs the interface's results with the store's, in order. One side may have a found flag that the other
// has not.
func (c *Stage) matchResults(i int, d *model.Method, sig *types.Signature) {
	call := &d.Calls[i]
	have := shape.Values(sig.Results(), false, call.Error)
	call.Returns = len(have)
	want := d.NonError()
	call.NotFound = c.Errors.NotFound(i, d, have)
	if n := call.NotFound; n != nil && n.StoreFound && !n.CallerFound {
		have = have[:len(have)-1]
	}
	if n := call.NotFound; n != nil && n.CallerFound && !n.StoreFound {
		want = want[:len(want)-1]
	}
	if len(want) > len(have) {
		c.In.Reports.Addf(d.Pos, "give the "+model.Sides[i]+" store a method with the same results", "%s returns %s, but %s of the %s store returns %s",
			d.Name, text.Plural(len(want), "value"), call.Method, model.Sides[i], text.Plural(len(have), "value"))
		return
	}
	if call.Error && d.Error < 0 {
		c.In.Reports.Addf(d.Pos, "give "+d.Name+" an error result too", "%s of the %s store returns an error, and %s has no way to say so", call.Method, model.Sides[i], d.Name)
	}
	for n, r := range want {
		at := given.At{Store: i, Direction: given.FromStore, Path: d.Name + "." + strings.TrimPrefix(d.Results[r].Name, "_"), Reads: d.Kind == plan.Read, NoError: d.Error < 0, Pos: d.Pos}
		conv, faults := c.Conversions.Value(have[n].Type(), d.Results[r].Type, at)
		c.In.Reports.Compiler(faults)
		call.Results = append(call.Results, plan.Arg{Index: n, Conv: conv})
	}
}
