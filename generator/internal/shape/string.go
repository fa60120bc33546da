package shape

import "go/types"

// String writes a type for messages, packages by their names.
func String(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}

// StringIn writes a type as a package does.
func StringIn(t types.Type, pkg *types.Package) string {
	return types.TypeString(t, func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	})
}
