package touch

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// requestKeys proposes the key that a request or a response carries: request.User.ID, request.ID, or result.User.ID of a create.
func requestKeys(in *model.Interface, m *model.Method, e *model.Entity) (Keys, bool) {
	speaks := (len(m.Words.Noun) == 0 || calls(m.Words.Noun, e)) && (len(m.Words.First) == 0 || calls(m.Words.First, e))
	if len(e.Parts) != 1 || m.Kind != plan.Write || !speaks {
		return Keys{}, false
	}
	if m.Trait == verb.Creates {
		for _, r := range m.NonError() {
			if path := carriedKey(in, m, m.Results[r].Type, e); path != "" {
				return proposeCarried(in, m, "result."+path, carriedAt{r, m.Results[r].Type, path, plan.KeyResult}), true
			}
		}
	}
	for _, i := range m.NonContext() {
		if path := carriedKey(in, m, m.Params[i].Type, e); path != "" {
			return proposeCarried(in, m, m.NameOf(i)+"."+path, carriedAt{i, m.Params[i].Type, path, plan.KeyOne}), true
		}
	}
	return Keys{}, false
}

// carriedAt is a key inside of a parameter or a result.
type carriedAt struct {
	index int
	typ   types.Type
	path  string
	form  plan.KeyForm
}

// proposeCarried proposes a key that is carried.
func proposeCarried(in *model.Interface, m *model.Method, said string, at carriedAt) Keys {
	in.Propose(&model.Proposal{Method: m, Verb: "key", Args: said, Why: fmt.Sprintf("%s carries it", text.A(shape.String(at.typ)))},
		fmt.Sprintf("%s is likely the key of what %s writes", said, m.Name), "else write "+m.Directive("key", "none")+" "+m.Place())
	k := Keys{Level: model.Likely}
	if part, err := in.Path(at.typ, strings.Split(at.path, ".")); err == nil {
		part.Param = at.index
		k.Key = plan.Key{Form: at.form, Parts: []plan.KeyPart{part}}
	}
	return k
}

// carriedKey is the path from a request, or a response, to the key of an entity; "" where there is none.
func carriedKey(in *model.Interface, m *model.Method, t types.Type, e *model.Entity) string {
	named, s := shape.NamedStruct(shape.ElementOf(t).Type)
	request := named != nil && (shape.IsCarrier(named.Obj().Name()) || in.IsRequest(m, named))
	if !request || shape.IsOptions(named.Obj().Name()) || shape.ElementOf(t).Many {
		return ""
	}
	for field := range s.Fields() {
		carried := shape.ElementOf(field.Type())
		switch {
		case !field.Exported() || carried.Many:
		case e.Carries(carried.Type):
			return field.Name() + "." + e.Parts[0].Name
		case namesPart(field.Name(), e, e.Parts[0].Name) && types.Identical(carried.Type, e.Parts[0].Type):
			return field.Name()
		}
	}
	return ""
}
