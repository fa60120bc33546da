package access

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// getter is a method that reads a part of a struct.
type getter struct {
	Name string
	Form getterForm
	Typ  types.Type // of the value
	ptr  bool       // its receiver is a pointer
}

// getterForm says what a getter returns beside the value.
type getterForm uint8

const (
	GetsValue getterForm = iota // nothing
	getsError                   // an error
	getsFound                   // whether there is one
)

// getterWant describes getters in messages.
const getterWant = "a getter is a func() T, func() (T, error) or func() (T, bool)"

// getterOf sees a method as a getter.
func getterOf(f *types.Func) (*getter, bool) {
	params, results := f.Signature().Params(), f.Signature().Results()
	if params.Len() != 0 || results.Len() == 0 || results.Len() > 2 || gotype.IsError(results.At(0).Type()) {
		return nil, false
	}
	_, pointer := gotype.Pointee(f.Signature().Recv().Type())
	g := &getter{Name: f.Name(), Typ: results.At(0).Type(), ptr: pointer}
	if results.Len() == 1 {
		return g, true
	}
	switch beside := results.At(1).Type(); {
	case gotype.IsError(beside):
		g.Form = getsError
	case types.Identical(beside, types.Typ[types.Bool]):
		g.Form = getsFound
	default:
		return nil, false
	}
	return g, true
}

// reads is the getter as the first step of a conversion, and the type that it gives: a pointer where the value may be missing.
func (g *getter) reads() (plan.Conv, types.Type) {
	switch g.Form {
	case getsError:
		return plan.Getter{Name: g.Name, Fallible: true, Pointer: g.ptr}, g.Typ
	case getsFound:
		return plan.Chain{plan.Getter{Name: g.Name, Pointer: g.ptr}, plan.Apply{Func: build.Leaf("Maybe")}}, types.NewPointer(g.Typ)
	default:
		return plan.Getter{Name: g.Name, Pointer: g.ptr}, g.Typ
	}
}

// Compares is how a comparator reads a part of a struct. It cannot fail: what a getter gives that can is kept with its error.
func (g *getter) Compares(name string) plan.FieldCompare {
	if g.Form == getsError {
		read := plan.Chain{plan.Getter{Name: g.Name, Pointer: g.ptr}, plan.Apply{Func: build.Leaf("Got")}}
		return plan.FieldCompare{Name: name, Read: read, Got: true, Type: g.Typ}
	}
	read, typ := g.reads()
	return plan.FieldCompare{Name: name, Read: read, Type: typ}
}

// setter is a method that writes a part of a struct.
type setter struct {
	plan.Setter
	Typ types.Type // of the value
}

// setterWant describes setters in messages.
const setterWant = "a setter is a func(T) or func(T) error with a pointer receiver, or a func(T) that returns the changed struct"

// setterOf sees a method as a setter of a struct; lost says that it would be one but for its receiver, a value.
func setterOf(f *types.Func, owner types.Type) (s *setter, lost, ok bool) {
	sig := f.Signature()
	results := sig.Results()
	if sig.Params().Len() != 1 || sig.Variadic() || results.Len() > 1 {
		return nil, false, false
	}
	s = &setter{Setter: plan.Setter{Name: f.Name()}, Typ: sig.Params().At(0).Type()}
	if results.Len() == 1 {
		s.Fallible = gotype.IsError(results.At(0).Type())
		s.Returns = types.Identical(results.At(0).Type(), owner)
		if !s.Fallible && !s.Returns {
			return nil, false, false
		}
	}
	_, pointer := gotype.Pointee(sig.Recv().Type())
	return s, !pointer && !s.Returns, true
}

// Accessor is the method of a struct of that name, or nil. One that is promoted through an embedded pointer is none: it
// would panic where that is nil.
func (p *Planner) Accessor(t types.Type, name string) *types.Func {
	var pkg *types.Package
	if named, ok := types.Unalias(t).(*types.Named); ok {
		pkg = named.Obj().Pkg()
	}
	object, _, indirect := types.LookupFieldOrMethod(t, true, pkg, name)
	f, ok := object.(*types.Func)
	if !ok || indirect || !p.Reaches(f) {
		return nil
	}
	return f
}

// accessorNames are the names of a struct's methods that are as asked.
func (p *Planner) accessorNames(t types.Type, is func(*types.Func) bool) []string {
	var names []string
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if f := p.Accessor(t, selection.Obj().Name()); f != nil && is(f) {
			names = append(names, f.Name())
		}
	}
	return names
}

// isGetter says whether a method is a getter.
func isGetter(f *types.Func) bool {
	_, ok := getterOf(f)
	return ok
}

// getterFor finds the method that reads what is called name: Name, GetName, or for a bool IsName. Several are none.
func (p *Planner) getterFor(t types.Type, name string) (found *getter, several []string) {
	for _, candidate := range p.accessorNames(t, isGetter) {
		g, _ := getterOf(p.Accessor(t, candidate))
		bare := gotype.Normal(candidate)
		switch want := gotype.Normal(name); {
		case bare == want, bare == "get"+want:
		case bare == "is"+want && gotype.IsBool(g.Typ):
		default:
			continue
		}
		found = g
		if gotype.Normal(candidate) == gotype.Normal(name) { // the likeliest first
			several = slices.Insert(several, 0, candidate)
			continue
		}
		several = append(several, candidate)
	}
	if len(several) > 1 {
		return nil, several
	}
	return found, nil
}

// settersOf are the methods SetName of a struct, and the names of what they set.
func (p *Planner) settersOf(t types.Type) (names []string, setters []*setter) {
	methods := p.accessorNames(t, func(f *types.Func) bool {
		_, lost, ok := setterOf(f, t)
		return ok && !lost && len(f.Name()) > len("Set")
	})
	for _, method := range methods {
		name, ok := strings.CutPrefix(method, "Set")
		if !ok {
			name, ok = strings.CutPrefix(method, "set")
		}
		if !ok || name != identifier.UpperFirst(name) {
			continue
		}
		s, _, _ := setterOf(p.Accessor(t, method), t)
		names, setters = append(names, name), append(setters, s)
	}
	return names, setters
}
