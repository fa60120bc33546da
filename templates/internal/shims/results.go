package shims

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// storeResults are the locals with what the store returned.
type storeResults struct {
	values []string // "" for one that is not used
	found  string   // the flag that says whether there is something, or ""
}

// invokeInto calls the store and keeps what it returns:
//
//	row, found, err := d.store.Find(ctx, id)
func (s *shimCall) invokeInto(invoke *jen.Statement) storeResults {
	r := storeResults{values: make([]string, s.call.Returns)}
	for i, result := range s.call.Results {
		r.values[result.Index] = s.Local(s.rowName(i, result))
	}
	if n := s.call.NotFound; n != nil && n.StoreFound {
		last := len(r.values) - 1
		if r.values[last] == "" {
			r.values[last] = s.Local("found")
		}
		r.found = r.values[last]
	}
	var left []jen.Code
	used := false // a new variable stands on the left
	for _, name := range r.values {
		used = used || name != ""
		left = append(left, jen.Id(nameOr(name, "_")))
	}
	if s.call.Error {
		used = used || !s.Declared
		left = append(left, jen.Id(s.Err))
	}
	switch {
	case len(left) == 0:
		s.Add(invoke)
	case used:
		s.Add(jen.List(left...).Op(":=").Add(invoke))
	default:
		s.Add(jen.List(left...).Op("=").Add(invoke))
	}
	return r
}

func nameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// rowName is a name for what the store returned: the result's own where it needs no conversion.
func (s *shimCall) rowName(i int, result plan.Arg) string {
	if _, same := result.Conv.(plan.Same); same {
		return s.resultName(i)
	}
	t := s.values()[i].Type
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Slice:
		return "rows"
	case *types.Struct:
		return "row"
	default:
		return "stored"
	}
}

// resultName is the local name of a result of the method.
func (s *shimCall) resultName(i int) string {
	if name := s.values()[i].Name; name != "" && name != "_" {
		return name
	}
	return "result"
}

// values are the method's results but the error.
func (s *shimCall) values() []*plan.Result {
	var values []*plan.Result
	for i, r := range s.method.Results {
		if i != s.method.Error {
			values = append(values, r)
		}
	}
	return values
}

// translateErrors returns what the store's "absent" is to the caller, and other errors as they are:
//
//	if errors.Is(err, sql.ErrNoRows) {
//		return User{}, ErrNotFound
//	}
//	if err != nil {
//		return User{}, err
//	}
//	if row == nil {
//		return User{}, ErrNotFound
//	}
func (s *shimCall) translateErrors(r storeResults) {
	n := s.call.NotFound
	if n != nil && n.Store != nil && s.call.Error && s.translates() {
		s.Add(jen.If(s.tells(n.Store, n.StoreTest)).Block(s.returnAbsent(n)))
	}
	s.mapErrors()
	if s.call.Error && !s.onlyError() {
		s.Add(jen.If(jen.Id(s.Err).Op("!=").Nil()).Block(s.returnError(jen.Id(s.Err))))
	}
	switch {
	case n == nil:
	case n.StoreFound:
		s.Add(jen.If(jen.Op("!").Id(r.found)).Block(s.returnAbsent(n)))
	case n.StoreNil && s.translates():
		s.Add(jen.If(jen.Id(r.values[0]).Op("==").Nil()).Block(s.returnAbsent(n)))
	}
}

// mapErrors returns an error of the store that means one of the interface's as both, so that each is found in it:
//
//	if errors.Is(err, pg.ErrDuplicate) {
//		return convert.Meaning(ErrExists, err)
//	}
func (s *shimCall) mapErrors() {
	if !s.call.Error || s.method.Error < 0 {
		return
	}
	for _, e := range s.call.Errors {
		if !e.Test && sameRef(e.Store, e.Caller) {
			continue
		}
		both := s.Convert("Meaning").Call(s.Ref(e.Caller), jen.Id(s.Err))
		s.Add(jen.If(s.tells(e.Store, e.Test)).Block(s.returnError(both)))
	}
}

// tells is the condition that the store's error is one: errors.Is(err, sql.ErrNoRows), or isMissing(err).
func (s *shimCall) tells(store *plan.FuncRef, test bool) *jen.Statement {
	if test {
		return jen.Id(s.Err).Op("!=").Nil().Op("&&").Add(s.Ref(store)).Call(jen.Id(s.Err))
	}
	return s.Std("errors", "Is").Call(jen.Id(s.Err), s.Ref(store))
}

// onlyError says whether the store's error can be returned at the end, with nothing to be done before.
func (s *shimCall) onlyError() bool {
	for _, arg := range s.call.Args {
		if arg.Back != nil {
			return false
		}
	}
	return len(s.call.Results) == 0 && s.method.Error >= 0 && (s.call.NotFound == nil || !s.call.NotFound.StoreFound)
}

// returnError returns an error and zero values.
func (s *shimCall) returnError(err jen.Code) jen.Code {
	var results []jen.Code
	for i, r := range s.method.Results {
		if i == s.method.Error {
			results = append(results, err)
		} else {
			results = append(results, s.Zero(r.Type))
		}
	}
	return jen.Return(results...)
}

// returnAbsent returns what says to the caller that there is nothing.
func (s *shimCall) returnAbsent(n *plan.NotFound) jen.Code {
	if n.Caller != nil {
		return s.returnError(s.Ref(n.Caller))
	}
	return s.returnError(jen.Nil())
}

// returnResults converts and returns what the store returned.
func (s *shimCall) returnResults(r storeResults) {
	var results []jen.Code
	for i, result := range s.call.Results {
		if r.found != "" && r.values[result.Index] == r.found {
			results = append(results, jen.True())
			continue
		}
		conv, x := result.Conv, jen.Id(r.values[result.Index])
		if n := s.call.NotFound; n != nil && n.StoreNil && s.translates() && result.Index == 0 {
			conv, x = dereferenced(conv, x)
		}
		results = append(results, s.Value(conv, x, s.resultName(i), "result"))
	}
	if len(s.call.Results) < len(s.values()) {
		results = append(results, jen.True())
	}
	switch {
	case s.method.Error < 0:
	case s.call.Error && s.onlyError():
		results = append(results, jen.Id(s.Err))
	default:
		results = append(results, jen.Nil())
	}
	if len(results) > 0 {
		s.Add(jen.Return(results...))
	}
}

// dereferenced takes the test for nil out of a conversion whose pointer was found not to be nil.
func dereferenced(c plan.Conv, x *jen.Statement) (plan.Conv, *jen.Statement) {
	switch first := conv.Flat(c)[0].(type) {
	case plan.Each:
		if first.Shape == plan.ValueShape {
			return plan.Chain(append([]plan.Conv{first.Elem.Conv}, conv.Flat(c)[1:]...)), conv.Deref(first.Elem.Conv, x)
		}
	case plan.Apply:
		if first.Func.Package != nil && first.Func.Package.Path() == printing.ConvertPath && first.Func.Name == "Value" {
			return plan.Chain(append([]plan.Conv{plan.Same{}}, conv.Flat(c)[1:]...)), jen.Op("*").Add(x)
		}
	}
	return c, x
}
