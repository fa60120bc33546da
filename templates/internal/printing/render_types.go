package printing

import (
	"go/types"
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
)

// Typ writes a type as this file spells it.
func (f *File) Typ(t types.Type) *jen.Statement {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return f.Std("unsafe", "Pointer")
		}
		return jen.Id(t.Name())
	case *types.Alias:
		if !f.Reaches(t.Obj()) {
			return f.Typ(types.Unalias(t))
		}
		return f.In(t.Obj().Pkg(), t.Obj().Name()).Add(f.typeArgs(t.TypeArgs()))
	case *types.Named:
		if t.TypeArgs().Len() == 0 && t.TypeParams().Len() > 0 { // the generic type itself, inside its own declaration
			return f.In(t.Obj().Pkg(), t.Obj().Name()).Add(TypeParamNames(slices.Collect(t.TypeParams().TypeParams())))
		}
		return f.In(t.Obj().Pkg(), t.Obj().Name()).Add(f.typeArgs(t.TypeArgs()))
	case *types.TypeParam:
		return jen.Id(t.Obj().Name())
	case *types.Pointer:
		return jen.Op("*").Add(f.Typ(t.Elem()))
	case *types.Slice:
		return jen.Index().Add(f.Typ(t.Elem()))
	case *types.Array:
		return jen.Index(jen.Id(strconv.FormatInt(t.Len(), 10))).Add(f.Typ(t.Elem()))
	case *types.Map:
		return jen.Map(f.Typ(t.Key())).Add(f.Typ(t.Elem()))
	case *types.Chan:
		return f.chanType(t)
	case *types.Signature:
		return jen.Func().Add(f.Signature(t))
	case *types.Struct:
		return f.structType(t)
	case *types.Interface:
		return f.interfaceType(t)
	case *types.Union:
		return f.union(t)
	default:
		panic("templates: a type of no kind: " + t.String())
	}
}

// Reaches reports whether the file can name obj.
func (f *File) Reaches(obj types.Object) bool {
	return obj.Pkg() == nil || obj.Pkg().Path() == f.Path || obj.Exported() && obj.Parent() == obj.Pkg().Scope()
}

func (f *File) typeArgs(args *types.TypeList) *jen.Statement {
	if args.Len() == 0 {
		return jen.Null()
	}
	var list []jen.Code
	for arg := range args.Types() {
		list = append(list, f.Typ(arg))
	}
	return jen.Types(list...)
}

func (f *File) chanType(t *types.Chan) *jen.Statement {
	elem := f.Typ(t.Elem())
	if inner, ok := t.Elem().(*types.Chan); ok && inner.Dir() == types.RecvOnly {
		elem = jen.Parens(elem)
	}
	switch t.Dir() {
	case types.RecvOnly:
		return jen.Op("<-").Chan().Add(elem)
	case types.SendOnly:
		return jen.Chan().Op("<-").Add(elem)
	default:
		return jen.Chan().Add(elem)
	}
}

// Signature writes parameters and results of a function type or an interface's method, without names.
func (f *File) Signature(sig *types.Signature) *jen.Statement {
	var params []jen.Code
	for i := range sig.Params().Len() {
		params = append(params, f.ParamType(sig.Params().At(i).Type(), sig.Variadic() && i == sig.Params().Len()-1))
	}
	var results []jen.Code
	for v := range sig.Results().Variables() {
		results = append(results, f.Typ(v.Type()))
	}
	return jen.Params(params...).Add(ResultList(results))
}

// ParamType writes the type of a parameter; a variadic one's type is the slice.
func (f *File) ParamType(t types.Type, variadic bool) *jen.Statement {
	if slice, ok := t.Underlying().(*types.Slice); ok && variadic {
		return jen.Op("...").Add(f.Typ(slice.Elem()))
	}
	return f.Typ(t)
}

// ResultList writes result types; a single one has no parentheses.
func ResultList(results []jen.Code) *jen.Statement {
	switch len(results) {
	case 0:
		return jen.Null()
	case 1:
		return jen.Add(results[0])
	default:
		return jen.Params(results...)
	}
}

func (f *File) structType(t *types.Struct) *jen.Statement {
	if t.NumFields() == 0 {
		return jen.Struct()
	}
	var fields []jen.Code
	for i := range t.NumFields() {
		field := jen.Null()
		if !t.Field(i).Embedded() {
			field.Id(t.Field(i).Name())
		}
		field.Add(f.Typ(t.Field(i).Type()))
		if tag := t.Tag(i); tag != "" {
			field.Id(quoteTag(tag))
		}
		fields = append(fields, field)
	}
	return jen.Struct(fields...)
}

func quoteTag(tag string) string {
	if strconv.CanBackquote(tag) {
		return "`" + tag + "`"
	}
	return strconv.Quote(tag)
}

func (f *File) interfaceType(t *types.Interface) *jen.Statement {
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 1 && t.IsImplicit() { // [T int | string]
		return f.Typ(t.EmbeddedType(0))
	}
	if t.NumExplicitMethods() == 0 && t.NumEmbeddeds() == 0 {
		return jen.Id("any")
	}
	var items []jen.Code
	for m := range t.ExplicitMethods() {
		items = append(items, jen.Id(m.Name()).Add(f.Signature(m.Signature())))
	}
	for e := range t.EmbeddedTypes() {
		items = append(items, f.Typ(e))
	}
	return jen.Interface(items...)
}

func (f *File) union(t *types.Union) *jen.Statement {
	s := jen.Null()
	for i := range t.Len() {
		if i > 0 {
			s.Op("|")
		}
		if t.Term(i).Tilde() {
			s.Op("~")
		}
		s.Add(f.Typ(t.Term(i).Type()))
	}
	return s
}

// TypeParams declares the type parameters of a generic declaration: [K comparable, V any]. Without any it is nothing.
func (f *File) TypeParams(params []*types.TypeParam) *jen.Statement {
	if len(params) == 0 {
		return jen.Null()
	}
	var list []jen.Code
	for _, p := range params {
		list = append(list, jen.Id(p.Obj().Name()).Add(f.Typ(p.Constraint())))
	}
	return jen.Types(list...)
}

// Instance is a declaration's name with the type parameters as its arguments: DualUsers[K, V].
func Instance(name string, params []*types.TypeParam) *jen.Statement {
	return jen.Id(name).Add(TypeParamNames(params))
}

// TypeParamNames hands type parameters on: [K, V].
func TypeParamNames(params []*types.TypeParam) *jen.Statement {
	if len(params) == 0 {
		return jen.Null()
	}
	var list []jen.Code
	for _, p := range params {
		list = append(list, jen.Id(p.Obj().Name()))
	}
	return jen.Types(list...)
}

// param declares one parameter: ids ...string.
func (f *File) param(p *plan.Param) *jen.Statement {
	return jen.Id(p.Name).Add(f.ParamType(p.Type, p.Variadic))
}

// Params declares the parameters of a method. Neighbours of one type share it, as a person would write them: name, maintainer
// string.
func (f *File) Params(params []*plan.Param) []jen.Code {
	var list []jen.Code
	for i, p := range params {
		if i+1 < len(params) && !p.Variadic && !params[i+1].Variadic && types.Identical(p.Type, params[i+1].Type) {
			list = append(list, jen.Id(p.Name))
			continue
		}
		list = append(list, f.param(p))
	}
	return list
}

// Results declares the results of a method, without names.
func (f *File) Results(results []*plan.Result) *jen.Statement {
	var list []jen.Code
	for _, r := range results {
		list = append(list, f.Typ(r.Type))
	}
	return ResultList(list)
}

// Pass hands parameters on to a call: ctx, id, ids...
func Pass(params []*plan.Param) []jen.Code {
	var list []jen.Code
	for _, p := range params {
		arg := jen.Id(p.Name)
		if p.Variadic {
			arg.Op("...")
		}
		list = append(list, arg)
	}
	return list
}

// IsContext reports whether a type is context.Context.
func IsContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Context" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "context"
}
