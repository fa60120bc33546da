package draw

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// maxTestArgs bounds the search for types that satisfy a generic interface's constraints together.
const maxTestArgs = 20_000

// chooseTestArgs finds types for the conformance tests to put in the place of the type parameters: by gen directives, else
// the first that satisfy the constraints, of some predeclared types and those of the interface's package.
func (v *values) chooseTestArgs() []plan.TestArg {
	candidates := make([][]plan.TestArg, len(v.in.TypeParams))
	for i, p := range v.in.TypeParams {
		candidates[i] = v.testCandidates(p)
		if v.isKeyParam(p) && !v.keepKeys(p, &candidates[i]) {
			return nil
		}
	}
	tries := 0
	chosen, worst := v.satisfy(candidates, nil, &tries)
	if chosen == nil {
		name := v.in.TypeParams[worst].Obj().Name()
		if only := candidates[worst]; len(only) == 1 {
			v.in.Reports.Addf(v.in.Pos, "draw values of a type that does", "%s draws values of %s, which does not satisfy the constraint of %s",
				only[0].Func.Name, shape.String(only[0].Type), name)
			return nil
		}
		v.in.Reports.Addf(v.in.Pos, "name a function that draws them, in a test file of the package: //dualgen:gen "+name+"=some"+name+
			", with func some"+name+"(t *rapid.T) YourType\nor leave the tests out: -test=false",
			"the conformance tests of %s need values of %s, and no type of the package satisfies its constraint", v.in.Object.Name(), name)
		return nil
	}
	return chosen
}

// isKeyParam reports whether a type parameter is a part of a key, which the runtime finds out how to write.
func (v *values) isKeyParam(p *types.TypeParam) bool {
	return plan.NeedsCodec(p) && slices.ContainsFunc(v.in.Entities, func(e *model.Entity) bool {
		return slices.ContainsFunc(e.Parts, func(part model.KeyField) bool { return slices.Contains(plan.TypeParamsIn(part.Type), p) })
	})
}

// keepKeys leaves only types that can be keys, and reports a directive's that cannot.
func (v *values) keepKeys(p *types.TypeParam, candidates *[]plan.TestArg) bool {
	all := *candidates
	*candidates = slices.DeleteFunc(slices.Clone(all), func(arg plan.TestArg) bool { return !plan.HasKeyText(arg.Type) })
	if len(all) != 1 || all[0].Func == nil || len(*candidates) == 1 {
		return true
	}
	v.in.Reports.Addf(v.in.Pos, "draw text, integers, bools, UUIDs, times, arrays of bytes, structs of exported fields of these, or what has MarshalText, and UnmarshalText for its pointer",
		"%s draws values of %s for %s, which cannot be keys", all[0].Func.Name, shape.String(all[0].Type), p.Obj().Name())
	return false
}

// testCandidates are the types that may satisfy a type parameter's constraint.
func (v *values) testCandidates(p *types.TypeParam) []plan.TestArg {
	for _, arg := range v.said {
		if arg.param == p {
			return []plan.TestArg{arg.TestArg}
		}
	}
	var list []plan.TestArg
	for _, kind := range []types.BasicKind{types.String, types.Int, types.Int64, types.Int32, types.Uint64, types.Float64, types.Bool} {
		list = append(list, plan.TestArg{Type: types.Typ[kind]})
	}
	scope := v.in.Package.Scope()
	for _, name := range scope.Names() {
		object, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || object.IsAlias() || types.IsInterface(object.Type()) || len(load.TypeParams(object.Type())) > 0 ||
			v.in.Output != v.in.Package && !object.Exported() {
			continue
		}
		list = append(list, plan.TestArg{Type: object.Type()})
		if _, ok := object.Type().Underlying().(*types.Struct); ok {
			list = append(list, plan.TestArg{Type: types.NewPointer(object.Type())})
		}
	}
	return list
}

// satisfy tries the candidates for one parameter after the other. It returns those that satisfy all constraints, or nil and
// the parameter that none was found for.
func (v *values) satisfy(candidates [][]plan.TestArg, chosen []plan.TestArg, tries *int) (all []plan.TestArg, worst int) {
	if len(chosen) == len(candidates) {
		args := make([]types.Type, len(chosen))
		for i, arg := range chosen {
			args[i] = arg.Type
		}
		_, err := types.Instantiate(nil, v.in.Object.Type(), args, true)
		if failed, ok := err.(*types.ArgumentError); ok {
			return nil, failed.Index
		}
		return chosen, 0
	}
	for _, candidate := range candidates[len(chosen)] {
		if *tries++; *tries > maxTestArgs {
			break
		}
		found, at := v.satisfy(candidates, append(slices.Clip(chosen), candidate), tries)
		if found != nil {
			return found, 0
		}
		worst = max(worst, at)
	}
	return nil, worst
}

// saidArg is what a gen directive says of a type parameter.
type saidArg struct {
	param *types.TypeParam
	plan.TestArg
}

// sayTestArg notes that a function draws the values of a type parameter, and reports whether the name is one's.
func (v *values) sayTestArg(name string, at text.Word, ref *plan.FuncRef, file string) bool {
	i := slices.IndexFunc(v.in.TypeParams, func(p *types.TypeParam) bool { return p.Obj().Name() == name })
	if i < 0 {
		return false
	}
	t := v.drawnType(ref.Name, file)
	if t == nil {
		v.in.Reports.Addf(at.Pos, "declare func "+ref.Name+"(t *rapid.T) T, T being a predeclared type or one of the package",
			"cannot tell what %s draws for %s", ref.Name, name)
		return true
	}
	v.said = append(v.said, saidArg{v.in.TypeParams[i], plan.TestArg{Type: t, Func: ref}})
	return true
}

// drawnType is the result of a function of the package, or, where a file is named, of one of its test files.
func (v *values) drawnType(name, file string) types.Type {
	if f, ok := v.in.Package.Scope().Lookup(name).(*types.Func); ok {
		if results := f.Signature().Results(); results.Len() == 1 {
			return results.At(0).Type()
		}
		return nil
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	for _, declaration := range syntax.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.Name != name || f.Type.Results.NumFields() != 1 {
			continue
		}
		found, err := types.Eval(v.subject.Program.Fset, v.in.Package, token.NoPos, types.ExprString(f.Type.Results.List[0].Type))
		if err == nil && found.IsType() {
			return found.Type
		}
	}
	return nil
}
