package given

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// makerWant describes constructors in messages.
const makerWant = "want func(parts...) T, func(parts...) (T, error), or either with *T, of a struct T; a context may come first"

// Made is the struct that a constructor makes; nil where it makes none. pointer says that it returns a pointer to it.
func (m *Maker) Made() (t types.Type, pointer bool) {
	sig := m.Func.Signature()
	results := sig.Results()
	if sig.TypeParams().Len() > 0 || results.Len() == 0 || results.Len() > 2 || results.Len() == 2 && !gotype.IsError(results.At(1).Type()) {
		return nil, false
	}
	t = types.Unalias(results.At(0).Type())
	if elem, ok := t.(*types.Pointer); ok {
		t, pointer = types.Unalias(elem.Elem()), true
	}
	if _, named := t.(*types.Named); !named {
		return nil, false
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return nil, false
	}
	return t, pointer
}

// Parts are what a constructor takes, without a context.
func (m *Maker) Parts() []*types.Var {
	var parts []*types.Var
	sig := m.Func.Signature()
	for param := range sig.Params().Variables() {
		parts = append(parts, param)
	}
	if gotype.TakesContext(sig) {
		parts = parts[1:]
	}
	return parts
}

// Ref is how a constructor is called.
func (m *Maker) Ref() *plan.FuncRef {
	sig := m.Func.Signature()
	return &plan.FuncRef{Name: m.Func.Name(), Package: m.Func.Pkg(), Fallible: sig.Results().Len() == 2, Context: gotype.TakesContext(sig)}
}

// Maker is the constructor that a directive gives a struct, or nil.
func (d *Directives) Maker(t types.Type) *Maker {
	m := d.makerOf(t)
	if m != nil {
		d.used[m] = true
	}
	return m
}

// CheckMakers reports the construct directives that name no constructor, or a second one of a struct.
func (d *Directives) CheckMakers(faults *fault.List) {
	for i := range d.Options.Makers {
		m := &d.Options.Makers[i]
		made, _ := m.Made()
		switch first := d.makerOf(made); {
		case made == nil:
			faults.Add(m.Pos, fmt.Sprintf("construct %s: it is no constructor of a struct", m.Func.Name()), makerWant)
		case first != m:
			faults.Add(m.Pos, fmt.Sprintf("construct %s: %s makes a %s already", m.Func.Name(), first.Func.Name(), gotype.TypeName(made)), "keep one of the two")
		}
	}
}

// makerOf is maker without noting that it was of use.
func (d *Directives) makerOf(t types.Type) *Maker {
	for i := range d.Options.Makers {
		m := &d.Options.Makers[i]
		if made, _ := m.Made(); made != nil && t != nil && types.Identical(made, t) {
			return m
		}
	}
	return nil
}
