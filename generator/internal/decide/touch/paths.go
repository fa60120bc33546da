package touch

import (
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/internal/plan"
)

// Paths writes a key's parts as expressions.
func Paths(m *model.Method, parts []plan.KeyPart) string {
	var all []string
	for _, p := range parts {
		path := m.Params[p.Param].Name
		for _, step := range p.Path {
			path += "." + step.Name
		}
		all = append(all, path)
	}
	return strings.Join(all, ", ")
}
