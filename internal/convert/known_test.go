package convert_test

import (
	"go/types"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/convert/given"
)

// TestDriversTimes: what a driver's type of integers counts is known by its name; of another type, a directive must say it.
func TestDriversTimes(t *testing.T) {
	moment := casesPackage(t).Scope().Lookup("Epoch").Type().Underlying().(*types.Struct).Field(0).Type()
	for path, known := range map[string]bool{
		"go.mongodb.org/mongo-driver/v2/bson": true, "go.mongodb.org/mongo-driver/bson/primitive": true, "example.org/bson": false,
	} {
		named := types.NewNamed(types.NewTypeName(0, types.NewPackage(path, "bson"), "DateTime", nil), types.Typ[types.Int64], nil)
		inStore(t, moment, named, known)
	}
	for path, known := range map[string]bool{"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue": true, "example.org/attributevalue": false} {
		named := types.NewNamed(types.NewTypeName(0, types.NewPackage(path, "attributevalue"), "UnixTime", nil), moment.Underlying(), nil)
		inStore(t, moment, named, known)
	}
}

// inStore plans both directions between a type of ours and one of the store.
func inStore(t *testing.T, moment, named types.Type, known bool) {
	for direction, pair := range map[given.Direction][2]types.Type{given.ToStore: {moment, named}, given.FromStore: {named, moment}} {
		planner := newPlanner(t, given.Options{})
		_, faults := planner.Value(wrapped(pair[0]), wrapped(pair[1]), given.At{Direction: direction, Path: "Save.v"})
		require.Equal(t, known, len(faults) == 0, "%v: %v", named, messages(faults))
		if known {
			assert.Equal(t, "time as number or text", planner.Conversions()[0].Rule)
		}
	}
}
