package access

import (
	"slices"
)

func Without(columns []*Column, c *Column) []*Column {
	return slices.DeleteFunc(slices.Clone(columns), func(other *Column) bool { return other == c })
}

func ColumnNames(columns []*Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name()
	}
	return names
}
