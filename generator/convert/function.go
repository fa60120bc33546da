package convert

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// byIterator converts iterators: each value, and of pairs each key. A conversion that fails is yielded as an error, which
// only an iter.Seq2 of values and errors can do.
func (p *Planner) byIterator(r request) (plan.Conv, bool) {
	from, to := iteratorArgs(r.from), iteratorArgs(r.to)
	if len(from) == 0 || len(from) != len(to) {
		return nil, false
	}
	conv := plan.Each{From: r.from, To: r.to}
	switch {
	case len(from) == 1:
		conv.Shape = plan.SeqShape
		conv.Elem = p.yielded(r, from[0], to[0])
	case isError(from[1]) && isError(to[1]):
		conv.Shape = plan.ResultsShape
		conv.Elem = plan.Step{From: from[0], To: to[0], Conv: p.convert(r.element(from[0], to[0]))}
	default:
		key := p.yielded(r, from[0], to[0])
		conv.Shape, conv.Key = plan.PairsShape, &key
		conv.Elem = p.yielded(r, from[1], to[1])
	}
	return conv, true
}

// yielded is the conversion of what an iterator yields without an error beside it.
func (p *Planner) yielded(r request, from, to types.Type) plan.Step {
	conv := p.convert(r.element(from, to))
	p.unsaid = append(p.unsaid, unsaid{conv: conv, at: r.at, why: "what it yields has no error beside it", remedy: "yield errors too: iter.Seq2[T, error]"})
	return plan.Step{From: from, To: to, Conv: conv}
}

// iteratorArgs are the type arguments of an iter.Seq or iter.Seq2.
func iteratorArgs(t types.Type) []types.Type {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "iter" {
		return nil
	}
	var args []types.Type
	for arg := range named.TypeArgs().Types() {
		args = append(args, arg)
	}
	return args
}

// byFunction makes a function over the one side's types of one over the other's: what it is given goes the other way than
// what it returns. What it changes behind a pointer goes back, except in a read.
func (p *Planner) byFunction(r request) (plan.Conv, bool) {
	from, ok := r.from.Underlying().(*types.Signature)
	if !ok {
		return nil, false
	}
	to, ok := r.to.Underlying().(*types.Signature)
	if !ok {
		return nil, false
	}
	if from.Params().Len() != to.Params().Len() || from.Results().Len() != to.Results().Len() ||
		from.Variadic() != to.Variadic() || returnsError(from) != returnsError(to) {
		return p.refuse(r, "the functions differ in more than the types of their values", p.sayConvert(r)), true
	}
	conv := plan.Func{To: r.to, Error: returnsError(to), Variadic: to.Variadic()}
	for i := range to.Params().Len() {
		given, taken := to.Params().At(i).Type(), from.Params().At(i).Type()
		conv.Args = append(conv.Args, p.passed(r.turned(given, taken), conv.Error))
		conv.Back = append(conv.Back, p.changed(r, given, taken, conv.Error))
	}
	for i := range resultsBeforeError(to) {
		conv.Results = append(conv.Results, p.passed(r.element(from.Results().At(i).Type(), to.Results().At(i).Type()), conv.Error))
	}
	return conv, true
}

// turned is the request for what goes the other way.
func (r request) turned(from, to types.Type) request {
	r = r.element(from, to)
	if r.at.Direction == ToStore {
		r.at.Direction = FromStore
	} else {
		r.at.Direction = ToStore
	}
	return r
}

// passed is the conversion of an argument or a result of a function that may not be able to say that it failed.
func (p *Planner) passed(r request, sayable bool) plan.Step {
	conv := p.convert(r)
	if !sayable {
		p.unsaid = append(p.unsaid, unsaid{conv: conv, at: r.at, why: "the function returns no error", remedy: "let it return one"})
	}
	return plan.Step{From: r.from, To: r.to, Conv: conv}
}

// changed is the way back of the struct behind a pointer that a function is given; nil where there is none.
func (p *Planner) changed(r request, given, taken types.Type, sayable bool) *plan.Step {
	theirs, ok := pointee(given)
	if !ok || r.at.Reads {
		return nil
	}
	ours, ok := pointee(taken)
	if !ok || types.Identical(theirs, ours) {
		return nil
	}
	if _, ok := ours.Underlying().(*types.Struct); !ok {
		return nil
	}
	back := p.passed(r.element(ours, theirs), sayable)
	return &back
}

// returnsError says whether a function's last result is an error.
func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && isError(sig.Results().At(n-1).Type())
}

// resultsBeforeError counts a function's results other than the error.
func resultsBeforeError(sig *types.Signature) int {
	if returnsError(sig) {
		return sig.Results().Len() - 1
	}
	return sig.Results().Len()
}
