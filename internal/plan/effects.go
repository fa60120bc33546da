package plan

import "slices"

// Fallible says whether a conversion can fail: its expression has an error as second result.
func Fallible(c Conv) bool {
	switch c := c.(type) {
	case Apply:
		return c.Func.Fallible
	case Getter:
		return c.Fallible
	case Codec:
		return c.Parse
	case Chain:
		return anyConv(c, Fallible)
	case Each:
		return !c.lazy() && (c.Shape == ValueShape || anyConv(c.steps(), Fallible))
	case Lossy:
		return Fallible(c.Conv)
	}
	return false
}

// NeedsContext says whether a conversion calls something that takes a context.
func NeedsContext(c Conv) bool {
	switch c := c.(type) {
	case Apply:
		return c.Func.Context
	case OverStore:
		return slices.Contains(c.Params, -1)
	case Chain:
		return anyConv(c, NeedsContext)
	case Func:
		return anyConv(c.steps(), NeedsContext)
	case Each:
		return anyConv(c.steps(), NeedsContext)
	case Lossy:
		return NeedsContext(c.Conv)
	}
	return false
}

// Notes lists what a conversion may lose or refuse. It does not follow generated functions.
func Notes(c Conv) []string {
	switch c := c.(type) {
	case Apply:
		if c.Note != "" {
			return []string{c.Note}
		}
	case Chain:
		var all []string
		for _, step := range c {
			all = append(all, Notes(step)...)
		}
		return all
	case Each:
		return Notes(Chain(c.steps()))
	case Func:
		return Notes(Chain(c.steps()))
	case Lossy:
		return append(Notes(c.Conv), c.Note)
	}
	return nil
}

// Convs lists the conversions inside a generated function.
func Convs(f Function) []Conv {
	switch f := f.(type) {
	case *StructFunc:
		return fieldConvs(f.Fields)
	case *OptionFunc:
		return []Conv{f.Elem}
	}
	return nil
}

func fieldConvs(fields []FieldConv) []Conv {
	var convs []Conv
	for _, field := range fields {
		if field.Conv != nil {
			convs = append(convs, field.Conv)
		}
		convs = append(convs, fieldConvs(field.Nested)...)
	}
	return convs
}

func (e Each) steps() []Conv {
	steps := []Conv{e.Elem.Conv}
	if e.Key != nil {
		steps = append(steps, e.Key.Conv)
	}
	return steps
}

// lazy says whether the elements are converted only when they are asked for.
func (e Each) lazy() bool {
	return e.Shape == SeqShape || e.Shape == PairsShape || e.Shape == ResultsShape
}

// ElemFallible says whether the conversion of one element can fail.
func (e Each) ElemFallible() bool { return anyConv(e.steps(), Fallible) }

func (f Func) steps() []Conv {
	var steps []Conv
	for _, step := range slices.Concat(f.Args, f.Results) {
		steps = append(steps, step.Conv)
	}
	for _, back := range f.Back {
		if back != nil {
			steps = append(steps, back.Conv)
		}
	}
	return steps
}

func anyConv(convs []Conv, is func(Conv) bool) bool {
	for _, c := range convs {
		if is(c) {
			return true
		}
	}
	return false
}

// Ref is how a generated function is called.
func Ref(f Function) *FuncRef {
	switch f := f.(type) {
	case *StructFunc:
		return f.Ref
	case *OptionFunc:
		return f.Ref
	case *EnumFunc:
		return f.Ref
	case *DiffFunc:
		return f.Ref
	case *CloneFunc:
		return f.Ref
	case *KeyFunc:
		return f.Ref
	case *ParseKeyFunc:
		return f.Ref
	default:
		panic("plan: a function of no kind")
	}
}
