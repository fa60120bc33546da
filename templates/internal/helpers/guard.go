package helpers

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Guards stop the build when a converted struct has changed since:
//
//	var (
//		_ = struct {
//			Name string
//		}(User{})
//	)
func Guards(f *printing.File, repo *plan.Repository) {
	if len(repo.Guards) == 0 {
		return
	}
	var declarations []jen.Code
	for _, guard := range repo.Guards {
		var fields []jen.Code
		for _, field := range guard.Fields {
			if field.Embedded() {
				fields = append(fields, f.Typ(field.Type()))
				continue
			}
			fields = append(fields, jen.Id(field.Name()).Add(f.Typ(field.Type())))
		}
		declarations = append(declarations,
			jen.Id("_").Op("=").Struct(fields...).Parens(f.Typ(guard.Type).Values()))
	}
	f.Put(printing.Commented(
		[]string{"The structs that are converted, field by field: a change here calls for a new run of dualgen."},
		jen.Var().Defs(declarations...)))
}
