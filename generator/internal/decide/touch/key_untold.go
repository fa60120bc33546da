package touch

import (
	"fmt"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// tellsNobody doubts the key of a create that is handed an entity by value. Stores number what they insert, and this one could not say which
// number it made: what was created would stand under a key that no copy looks at.
func tellsNobody(in *model.Interface, m *model.Method, key plan.Key) (plan.Key, model.Level, bool) {
	e := m.Owner
	if m.Kind != plan.Write || m.Trait != verb.Creates || key.Form != plan.KeyOne || len(m.NonError()) > 0 || len(e.Parts) != 1 ||
		len(key.Parts) != 1 || len(key.Parts[0].Path) == 0 || !shape.IsInteger(e.Parts[0].Type) || !entity.IsID(e, e.Parts[0].Name) {
		return key, 0, false
	}
	part := e.Parts[0].Name
	why := fmt.Sprintf("the store may make the %s, and %s cannot tell which it made", part, m.Name)
	other := "else write " + m.Directive("key", paths(m, key.Parts)) + " " + m.Place() + ", if the caller makes the " + part +
		fmt.Sprintf("\nor let it return the %s, or take a pointer and fill it in: then one entity is copied, and no other is unclean", part)
	return wide, proposeWide(in, m, why, other), true
}
