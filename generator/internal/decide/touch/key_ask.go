package touch

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/internal/plan"
)

// AskKey asks for the key of a write.
func AskKey(in *model.Interface, m *model.Method, e *model.Entity) {
	if len(e.Parts) == 0 && e.Said != nil && len(e.Said.Key) > 0 {
		return // its directive was reported
	}
	if len(e.Parts) == 0 {
		if in.Reports.Find("", model.KeyOf(e.Name)) == nil {
			askEntityKey(in, m, e)
		}
		return
	}
	in.AskFor(m, []string{"key none"}, "write "+m.Directive("key", "none")+" "+m.Place()+" if it may touch any "+e.Name+"\n"+strings.Replace(keyRemedy(in, m, e), "else write", "or", 1),
		"cannot tell which %s %s writes: none of its parameters is certainly the key %s", e.Name, m.Name, e.PartNames())
}

// keyRemedy shows how to say which entities a write touches, where it does not touch any: all that it is handed the keys of before each.
func keyRemedy(in *model.Interface, m *model.Method, e *model.Entity) string {
	options, single := keysToChoose(m, e)
	options = append(options, single...)
	if lister := mayList(in, m, e); lister != nil {
		options = append(options, m.Directive("key", "list", lister.Name)+" if what "+lister.Name+" finds is all that it touches")
	} else {
		options = append(options, m.Directive("key", "list", "Method")+" if there is a method that lists what it may touch")
	}
	return "else write " + strings.Join(options, "\nor ")
}

// keysToChoose are the directives that name what may be the key of a write: what it returns, all parameters of the key's type
// together, and each alone.
func keysToChoose(m *model.Method, e *model.Entity) (options, single []string) {
	if len(e.Parts) != 1 {
		return nil, nil
	}
	if results := m.NonError(); len(results) > 0 { // a key is in the first result
		i := results[0]
		r := shape.ElementOf(m.Results[i].Type)
		switch {
		case r.Many:
		case e.Type != nil && types.Identical(r.Type, e.Type):
			options = append(options, m.Directive("key", "result."+e.Parts[0].Name)+" "+m.Place()+" if it writes the one that it returns")
		case types.Identical(m.Results[i].Type, e.Parts[0].Type):
			options = append(options, m.Directive("key", "result")+" "+m.Place()+" if it returns the key of what it writes")
		}
	}
	var names []string
	for _, i := range m.NonContext() {
		c := shape.ElementOf(m.Params[i].Type)
		if types.Identical(m.Params[i].Type, e.Parts[0].Type) || e.Carries(c.Type) && !c.Many {
			names = append(names, m.NameOf(i))
		}
	}
	if len(names) > 1 {
		options = append(options, m.Directive("key", "each", strings.Join(names, ","))+" "+m.Place()+" if it touches each of them")
	}
	for _, name := range names {
		single = append(single, m.Directive("key", name)+" if "+name+" is the key")
	}
	return options, single
}

// mayList is a read that finds entities by nothing but what a write is given, under the same names; or nil.
func mayList(in *model.Interface, m *model.Method, e *model.Entity) *model.Method {
	i := slices.IndexFunc(in.Methods, func(r *model.Method) bool {
		if r.Kind != plan.Read || !r.Levels.Kind.Decided() || !e.GetsOne(r) && !e.Lists(r) || len(r.Required()) == 0 {
			return false
		}
		return !slices.ContainsFunc(r.NonContext(), func(n int) bool {
			given := m.ParamCalled(r.NameOf(n))
			return given < 0 || !types.Identical(m.Params[given].Type, r.Params[n].Type)
		})
	})
	if i < 0 {
		return nil
	}
	return in.Methods[i]
}

// askEntityKey asks what the key of an entity is.
func askEntityKey(in *model.Interface, m *model.Method, e *model.Entity) {
	got, key := entity.FoundBy(in, e)
	example := key
	if example == "" {
		example = "…"
		for _, name := range shape.FieldNames(e.Type) {
			if part, ok := in.Member(e.Type, name); ok && token.IsExported(part.Name) {
				example = part.Name
				break
			}
		}
	}
	remedy := fmt.Sprintf("write //dualgen:entity %s key=%s above the interface, or key=none if there is only one of it", e.Name, example)
	if len(in.TypeParams) > 0 {
		remedy += fmt.Sprintf("\nor, where a type parameter is the key, let its constraint be comparable, or wrap an instantiation: type Strings = %s[string, …]", in.Object.Name())
	}
	if got != "" && key == "" {
		remedy += fmt.Sprintf("\nor, if %[1]s has no field for it, declare a struct that has, and functions over a store that copy it: //dualgen:entity %[1]sRecord key=… get=… put=… delete=…", e.Name)
	}
	d := report.Diagnostic{Pos: m.Pos, Cause: report.Open, About: m.Name, Matter: model.KeyOf(e.Name), Remedy: remedy,
		What: fmt.Sprintf("cannot tell what the key of %s is, which %s writes%s", e.Name, m.Name, got)}
	if example != "…" {
		d.Answers = []report.Answer{{Line: "//dualgen:entity " + e.Name + " key=" + example}}
	}
	in.Reports.Put(d)
}
