package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// guards stop the build when a converted struct has changed since:
//
//	var (
//		_ = struct {
//			Name string
//		}(User{})
//	)
func guards(f *file, repo *plan.Repository) {
	if len(repo.Guards) == 0 {
		return
	}
	var declarations []jen.Code
	for _, guard := range repo.Guards {
		var fields []jen.Code
		for _, field := range guard.Fields {
			if field.Embedded() {
				fields = append(fields, f.typ(field.Type()))
				continue
			}
			fields = append(fields, jen.Id(field.Name()).Add(f.typ(field.Type())))
		}
		declarations = append(declarations,
			jen.Id("_").Op("=").Struct(fields...).Parens(f.typ(guard.Type).Values()))
	}
	f.add(commented(
		[]string{"The structs that are converted, field by field: a change here calls for a new run of dualgen."},
		jen.Var().Defs(declarations...)))
}
