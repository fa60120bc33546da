package gotype

import (
	"go/types"
	"strings"
)

func Plural(word string) string {
	switch {
	case strings.HasSuffix(word, "s"):
		return word + "es"
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ey") && !strings.HasSuffix(word, "ay") && !strings.HasSuffix(word, "oy"):
		return strings.TrimSuffix(word, "y") + "ies"
	default:
		return word + "s"
	}
}

// Normal is a name without case and underscores: full_name, FullName and fullName are one.
func Normal(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// TypeKey tells types apart, as the key of a map.
func TypeKey(t types.Type) string { return types.TypeString(types.Unalias(t), nil) }
