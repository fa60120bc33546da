package build

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// OptionOf recognises a struct with a value and a flag that says whether it is there, such as sql.NullString, sql.Null[T],
// uuid.NullUUID and pgtype's types: an exported field Valid, one exported field beside it, Scan and Value.
func OptionOf(t types.Type) (plan.Option, bool) {
	if gotype.IsNamed(t, gotype.PgtypePath, "Numeric") {
		return plan.Option{Form: plan.OptionStruct, Type: t, Valid: "Valid"}, true
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || !gotype.HasMethod(t, "Value") || !gotype.HasMethod(types.NewPointer(t), "Scan") {
		return plan.Option{}, false
	}
	option := plan.Option{Form: plan.OptionStruct}
	for field := range s.Fields() {
		switch {
		case field.Name() == "Valid" && types.Identical(field.Type(), types.Typ[types.Bool]):
			option.Valid = "Valid"
		case field.Name() == "InfinityModifier":
			option.Infinity = field.Name()
		case field.Exported() && option.Value == "":
			option.Value, option.Type = field.Name(), field.Type()
		default:
			return plan.Option{}, false
		}
	}
	return option, option.Valid != "" && option.Value != ""
}
