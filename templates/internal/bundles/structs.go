// Package bundles writes the structs in which arguments and results travel. They pass through the runtime's generic functions as one
// value each: nothing as struct{}{}, one as itself, several as a small struct of their own.
package bundles

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Bundles declares the structs in which a method's arguments and results travel:
//
//	// usersRenameArgs are the arguments of one Rename.
//	type usersRenameArgs struct {
//		id   string
//		name string
//	}
func Bundles(f *printing.File, repo *plan.Repository, m *plan.Method) []jen.Code {
	var declarations []jen.Code
	declare := func(b plan.Bundle, what string, fields []jen.Code) {
		if b.Name == "" {
			return
		}
		declarations = append(declarations, printing.Commented(
			[]string{b.Name + " are the " + what + " of one " + m.Name + "."},
			jen.Type().Id(b.Name).Add(f.TypeParams(repo.TypeParams)).Struct(fields...)))
	}
	var args, values []jen.Code
	for i, field := range m.Args.Fields {
		args = append(args, jen.Id(field).Add(f.Typ(m.Params[m.Args.Index[i]].Type)))
	}
	for i, field := range m.Values.Fields {
		values = append(values, jen.Id(field).Add(f.Typ(m.Results[m.Values.Index[i]].Type)))
	}
	declare(m.Args, "arguments", args)
	declare(m.Values, "results", values)
	return declarations
}

// BundleType is the type of a bundle.
func BundleType(f *printing.File, repo *plan.Repository, b plan.Bundle) *jen.Statement {
	switch {
	case b.Name != "":
		return printing.Instance(b.Name, repo.TypeParams)
	case len(b.Index) == 1:
		return f.Typ(b.Type)
	default:
		return jen.Struct()
	}
}

// Pack makes a bundle of expressions, one for each value.
func Pack(repo *plan.Repository, b plan.Bundle, values []jen.Code) *jen.Statement {
	switch {
	case b.Name != "":
		return printing.Brief(printing.Instance(b.Name, repo.TypeParams), values...)
	case len(values) == 1:
		return jen.Add(values[0])
	default:
		return jen.Struct().Values()
	}
}

// Unpack lists the values of a bundle that is in a variable.
func Unpack(b plan.Bundle, variable string) []jen.Code {
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
