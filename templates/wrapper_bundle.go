package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// The arguments of a call, and its results, travel through the runtime's generic functions as one value each: nothing
// as struct{}{}, one as itself, several as a small struct of their own.

// bundles declares the structs in which a method's arguments and results travel:
//
//	// usersRenameArgs are the arguments of one Rename.
//	type usersRenameArgs struct {
//		id   string
//		name string
//	}
func (f *file) bundles(repo *plan.Repository, m *plan.Method) []jen.Code {
	var declarations []jen.Code
	declare := func(b plan.Bundle, what string, fields []jen.Code) {
		if b.Name == "" {
			return
		}
		declarations = append(declarations, commented(
			[]string{b.Name + " are the " + what + " of one " + m.Name + "."},
			jen.Type().Id(b.Name).Add(f.typeParams(repo.TypeParams)).Struct(fields...)))
	}
	var args, values []jen.Code
	for i, field := range m.Args.Fields {
		args = append(args, jen.Id(field).Add(f.typ(m.Params[m.Args.Index[i]].Type)))
	}
	for i, field := range m.Values.Fields {
		values = append(values, jen.Id(field).Add(f.typ(m.Results[m.Values.Index[i]].Type)))
	}
	declare(m.Args, "arguments", args)
	declare(m.Values, "results", values)
	return declarations
}

// bundleType is the type of a bundle.
func (f *file) bundleType(repo *plan.Repository, b plan.Bundle) *jen.Statement {
	switch {
	case b.Name != "":
		return instance(b.Name, repo.TypeParams)
	case len(b.Index) == 1:
		return f.typ(b.Type)
	default:
		return jen.Struct()
	}
}

// pack makes a bundle of expressions, one for each value.
func pack(repo *plan.Repository, b plan.Bundle, values []jen.Code) *jen.Statement {
	switch {
	case b.Name != "":
		return brief(instance(b.Name, repo.TypeParams), values...)
	case len(values) == 1:
		return jen.Add(values[0])
	default:
		return jen.Struct().Values()
	}
}

// unpack lists the values of a bundle that is in a variable.
func unpack(b plan.Bundle, variable string) []jen.Code {
	switch {
	case b.Name == "" && len(b.Index) == 0:
		return nil
	case b.Name == "":
		return []jen.Code{jen.Id(variable)}
	}
	var values []jen.Code
	for _, field := range b.Fields {
		values = append(values, jen.Id(variable).Dot(field))
	}
	return values
}
