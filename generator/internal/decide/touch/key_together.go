package touch

import (
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// saidTogether resolves several keys of one kind: each from,to. It returns none where a directive says nothing of the kind.
func saidTogether(in *model.Interface, m *model.Method) (k Keys, also []plan.Touch) {
	said, e := m.Said.Key, m.Owner
	if said == nil || said.Form != plan.KeyEach || e == nil || m.Kind != plan.Write || len(e.Parts) == 0 {
		return Keys{}, nil
	}
	groups := keyGroups(m, said, e)
	if len(groups) < 2 {
		return Keys{}, nil
	}
	k.Level = model.Stated
	var names []string
	for n, group := range groups {
		key := keyOfGroup(in, m, e, group)
		if key.Parts == nil {
			return Keys{Level: model.Stated}, []plan.Touch{{Entity: e.Entity}} // reported
		}
		if key.Form == plan.KeyResult && n > 0 {
			in.Reports.Addf(group[0].Pos, "name it first: //dualgen:key each "+group[0].Text+",…", "the key that the primary makes stands behind others")
		}
		names = append(names, joined(group))
		if n == 0 {
			k.Key = key
			continue
		}
		also = append(also, plan.Touch{Entity: e.Entity, Key: key})
	}
	k.because("Keys: %s, by directive.", strings.Join(names, " and "))
	return k, also
}

// keyGroups are the paths of each key that a directive names: one for an entity, or for each part of the key. It is nil where there
// are too few or too many of them.
func keyGroups(m *model.Method, said *directive.Key, e *model.Entity) (groups [][]text.Word) {
	for rest := said.Parts; len(rest) > 0; {
		n := len(e.Parts)
		if wholeEntity(m, formOfPath(m, rest[:1]), e) {
			n = 1
		}
		if n > len(rest) {
			return nil
		}
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return groups
}

// keyOfGroup resolves one of the keys.
func keyOfGroup(in *model.Interface, m *model.Method, e *model.Entity, group []text.Word) plan.Key {
	one := *m
	one.Said.Key = formOfPath(m, group)
	one.Said.Key.Said = m.Said.Key.Said
	parts := saidParts(in, &one, e)
	return plan.Key{Form: one.Said.Key.Form, Parts: parts}
}

// formOfPath is a directive for one key: each of a list, the result, or a value.
func formOfPath(m *model.Method, group []text.Word) *directive.Key {
	said := &directive.Key{Form: plan.KeyOne, Parts: group}
	root := strings.Split(group[0].Text, ".")[0]
	i := m.ParamCalled(root)
	switch {
	case i < 0 && root == "result":
		said.Form = plan.KeyResult
	case i >= 0:
		if _, list := m.Params[i].Type.Underlying().(*types.Slice); list {
			said.Form = plan.KeyEach
		}
	}
	return said
}

// joined writes the paths of one key.
func joined(group []text.Word) string {
	var all []string
	for _, w := range group {
		all = append(all, w.Text)
	}
	return strings.Join(all, ",")
}
