package collect

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// Iterator converts iterators: each value, and of pairs each key. A conversion that fails is yielded as an error, which
// only an iter.Seq2 of values and errors can do.
func Iterator(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, to := gotype.IteratorArgs(r.From), gotype.IteratorArgs(r.To)
	if len(from) == 0 || len(from) != len(to) {
		return nil, false
	}
	conv := plan.Each{From: r.From, To: r.To}
	switch {
	case len(from) == 1:
		conv.Shape = plan.SeqShape
		conv.Elem = yielded(p, r, from[0], to[0])
	case gotype.IsError(from[1]) && gotype.IsError(to[1]):
		conv.Shape = plan.ResultsShape
		conv.Elem = plan.Step{From: from[0], To: to[0], Conv: p.Convert(r.Element(from[0], to[0]))}
	default:
		key := yielded(p, r, from[0], to[0])
		conv.Shape, conv.Key = plan.PairsShape, &key
		conv.Elem = yielded(p, r, from[1], to[1])
	}
	return conv, true
}

// yielded is the conversion of what an iterator yields without an error beside it.
func yielded(p *rule.Planner, r rule.Request, from, to types.Type) plan.Step {
	conv := p.Convert(r.Element(from, to))
	p.Unsaid = append(p.Unsaid, rule.Unsaid{Conv: conv, At: r.At, Why: "what it yields has no error beside it", Remedy: "yield errors too: iter.Seq2[T, error]"})
	return plan.Step{From: from, To: to, Conv: conv}
}

// Function makes a function over the one side's types of one over the other's: what it is given goes the other way than
// what it returns. What it changes behind a pointer goes back, except in a read.
func Function(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, ok := r.From.Underlying().(*types.Signature)
	if !ok {
		return nil, false
	}
	to, ok := r.To.Underlying().(*types.Signature)
	if !ok {
		return nil, false
	}
	if from.Params().Len() != to.Params().Len() || from.Results().Len() != to.Results().Len() ||
		from.Variadic() != to.Variadic() || returnsError(from) != returnsError(to) {
		return p.Refuse(r, "the functions differ in more than the types of their values", p.SayConvert(r)), true
	}
	conv := plan.Func{To: r.To, Error: returnsError(to), Variadic: to.Variadic()}
	for i := range to.Params().Len() {
		given, taken := to.Params().At(i).Type(), from.Params().At(i).Type()
		conv.Args = append(conv.Args, passed(p, r.Turned(given, taken), conv.Error))
		conv.Back = append(conv.Back, changed(p, r, given, taken, conv.Error))
	}
	for i := range resultsBeforeError(to) {
		conv.Results = append(conv.Results, passed(p, r.Element(from.Results().At(i).Type(), to.Results().At(i).Type()), conv.Error))
	}
	return conv, true
}

// passed is the conversion of an argument or a result of a function that may not be able to say that it failed.
func passed(p *rule.Planner, r rule.Request, sayable bool) plan.Step {
	conv := p.Convert(r)
	if !sayable {
		p.Unsaid = append(p.Unsaid, rule.Unsaid{Conv: conv, At: r.At, Why: "the function returns no error", Remedy: "let it return one"})
	}
	return plan.Step{From: r.From, To: r.To, Conv: conv}
}

// changed is the way back of the struct behind a pointer that a function is given; nil where there is none.
func changed(p *rule.Planner, r rule.Request, given, taken types.Type, sayable bool) *plan.Step {
	theirs, ok := gotype.Pointee(given)
	if !ok || r.At.Reads {
		return nil
	}
	ours, ok := gotype.Pointee(taken)
	if !ok || types.Identical(theirs, ours) {
		return nil
	}
	if _, ok := ours.Underlying().(*types.Struct); !ok {
		return nil
	}
	back := passed(p, r.Element(ours, theirs), sayable)
	return &back
}

// returnsError says whether a function's last result is an error.
func returnsError(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && gotype.IsError(sig.Results().At(n-1).Type())
}

// resultsBeforeError counts a function's results other than the error.
func resultsBeforeError(sig *types.Signature) int {
	if returnsError(sig) {
		return sig.Results().Len() - 1
	}
	return sig.Results().Len()
}
