package copier

import (
	"fmt"
	"go/types"
	"iter"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// functionFor shows the signature of a user's function for a role.
func functionFor(in *model.Interface, e *model.Entity, s saidRole) string {
	params := []string{"ctx context.Context", "store " + in.Object.Name()}
	results := "error"
	switch s.role {
	case model.Put:
		params = append(params, text.LowerFirst(e.Name)+" "+handed(in, e))
	case model.Scan:
		results = "([]" + handed(in, e) + ", error)"
	default:
		for _, p := range e.Parts {
			params = append(params, text.LowerFirst(p.Name)+" "+shape.StringIn(p.Type, in.Package))
		}
	}
	if s.role == model.Get {
		results = "(value " + typeText(in, e) + ", found bool, err error)"
	}
	return fmt.Sprintf("func %s(%s) %s", in.FunctionName(s.word.Text), strings.Join(params, ", "), results)
}

// example shows a method that can have a role.
func example(in *model.Interface, e *model.Entity, role model.Role) string {
	var keys []string
	for _, p := range e.Parts {
		keys = append(keys, text.LowerFirst(p.Name)+" "+shape.StringIn(p.Type, in.Package))
	}
	key := strings.Join(keys, ", ")
	if len(keys) == 0 && !e.IsSingleton() {
		key = "key K"
	}
	params := strings.TrimSuffix("ctx context.Context, "+key, ", ")
	switch role {
	case model.Get:
		return fmt.Sprintf("Get(%s) (%s, error)", params, handed(in, e))
	case model.Delete:
		return fmt.Sprintf("Delete(%s) error", params)
	case model.Put:
		return fmt.Sprintf("Save(ctx context.Context, %s %s) error", text.LowerFirst(e.Name), handed(in, e))
	}
	return fmt.Sprintf("Scan(ctx context.Context) ([]%s, error)", handed(in, e))
}

// typeText is an entity's type as the interface's package writes it.
func typeText(in *model.Interface, e *model.Entity) string {
	if named, _ := types.Unalias(e.Type).(*types.Named); named != nil && e.Beside == nil && named.Obj().Pkg() != nil {
		return shape.StringIn(named, in.Package)
	}
	return e.Name
}

// handed is an entity as the interface's methods hand it over: by pointer where all of them do.
func handed(in *model.Interface, e *model.Entity) string {
	values, pointers := false, false
	for _, m := range in.Methods {
		for v := range tuples(m.Sig) {
			if c := shape.ElementOf(v.Type()); e.Type != nil && types.Identical(c.Type, e.Type) {
				pointers, values = pointers || c.Pointer, values || !c.Pointer
			}
		}
	}
	if pointers && !values {
		return "*" + typeText(in, e)
	}
	return typeText(in, e)
}

// tuples are what a method takes and returns.
func tuples(sig *types.Signature) iter.Seq[*types.Var] {
	return func(yield func(*types.Var) bool) {
		for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
			for v := range tuple.Variables() {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// Scanners show what can list all entities: a method, and a function over a store.
func Scanners(in *model.Interface, e *model.Entity) (method, function string) {
	return example(in, e, model.Scan), functionFor(in, e, saidRole{model.Scan, text.Word{Text: "scan" + e.Name}})
}
