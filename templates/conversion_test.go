package templates

import (
	"go/token"
	"go/types"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/keys"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/helpers"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// TestConversionsRun generates the conversions between two structs with one field for each pair of types that two stores
// have, and runs them: round trips, refusals, clones, comparators, keys.
func TestConversionsRun(t *testing.T) {
	dir, pkg := loadCase(t, "pairs")
	field := func(f given.Field) given.Field { f.Path = "Ours." + f.Path; return f }
	planner := convert.New(given.Options{
		Name:      freshNames(),
		Package:   pkg,
		Precision: [2]time.Duration{time.Millisecond, time.Microsecond},
		Fields: []given.Field{
			field(given.Field{Path: "Zeroed", Null: "zero"}),
			field(given.Field{Path: "Gone", Null: "zero"}),
			field(given.Field{Path: "Epoch", Unit: "ms"}),
			field(given.Field{Path: "Stamp", As: "rfc3339"}),
			field(given.Field{Path: "Took", Unit: "s"}),
			field(given.Field{Path: "Place", As: "json"}),
			field(given.Field{Path: "List", Lossy: true}),
			field(given.Field{Path: "Level", Enum: "name"}),
			field(given.Field{Path: "PgID", Null: "error"}),
			field(given.Field{Path: "PgValue", Null: "error"}),
			field(given.Field{Path: "PgPrice", Null: "error"}),
		},
	})
	ours, row := pkg.Scope().Lookup("Ours").Type(), pkg.Scope().Lookup("Row").Type()
	for _, way := range []struct {
		from, to  types.Type
		direction given.Direction
	}{{ours, row, given.ToStore}, {row, ours, given.FromStore}} {
		_, faults := planner.Value(way.from, way.to, given.At{Direction: way.direction, Path: "Save.o"})
		require.Empty(t, faults)
	}
	_, faults := planner.Diff(ours, token.Position{})
	require.Empty(t, faults)
	_, faults = planner.Clone(ours, token.Position{})
	require.Empty(t, faults)
	_, faults = planner.Key("Ours", []keys.Part{
		{Name: "id", Type: ours.Underlying().(*types.Struct).Field(0).Type()}, {Name: "name", Type: types.Typ[types.String]},
		{Name: "n", Type: types.Typ[types.Int8]}, {Name: "at", Type: fieldType(ours, "At")},
	}, token.Position{})
	require.Empty(t, faults)
	functionsOnly := &plan.Repository{
		Output:    plan.Output{Package: pkg, Name: pkg.Name(), Path: pkg.Path()},
		Functions: planner.Functions(), Guards: planner.Guards(),
	}
	require.Empty(t, planner.Unused())
	source := renderFunctions(t, functionsOnly)
	runCase(t, dir, source)
}

// renderFunctions prints the helpers of a plan alone.
func renderFunctions(t *testing.T, repo *plan.Repository) []byte {
	f := printing.NewFile(repo, printing.PackageScope(repo))
	helpers.Functions(f, repo)
	helpers.Guards(f, repo)
	printed, err := f.Finish(token.NewFileSet(), "")
	require.NoError(t, err)
	return printed.Source
}

func fieldType(t types.Type, name string) types.Type {
	for field := range t.Underlying().(*types.Struct).Fields() {
		if field.Name() == name {
			return field.Type()
		}
	}
	return nil
}

// freshNames allocates names that are distinct.
func freshNames() func(string) string {
	taken := map[string]bool{}
	return func(base string) string {
		name := base
		for n := 2; taken[name]; n++ {
			name = base + strconv.Itoa(n)
		}
		taken[name] = true
		return name
	}
}
