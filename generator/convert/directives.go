package convert

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
	"time"
)

// directives looks directives up and remembers which were of use.
type directives struct {
	options Options
	used    map[any]bool // keyed by pointers into options
}

func newDirectives(options Options) *directives {
	return &directives{options: options, used: map[any]bool{}}
}

// field merges what all field directives say of a path.
func (d *directives) field(path string) Field {
	merged := Field{Path: path}
	for i := range d.options.Fields {
		f := &d.options.Fields[i]
		if f.Path != path || f.Side != "" {
			continue
		}
		d.used[f] = true
		merged.Pos = f.Pos
		for side, name := range f.Names {
			merged.Names[side] = first(name, merged.Names[side])
		}
		merged.Null = first(f.Null, merged.Null)
		merged.Unit = first(f.Unit, merged.Unit)
		merged.As = first(f.As, merged.As)
		merged.Enum = first(f.Enum, merged.Enum)
		merged.Lossy = merged.Lossy || f.Lossy
	}
	return merged
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ignored says whether a field of one of a pair's structs is left out on purpose.
func (d *directives) ignored(store int, field string, typeNames ...string) bool {
	found := false
	for i := range d.options.Ignores {
		ignore := &d.options.Ignores[i]
		name, ok := strings.CutSuffix(ignore.Path, "."+field)
		if ok && slices.Contains(typeNames, name) && (ignore.Side == "" || ignore.Side == sideNames[store]) {
			d.used[ignore] = true
			found = true
		}
	}
	return found
}

// user is the function that a convert directive names for a pair of types.
func (d *directives) user(from, to types.Type) (*User, bool) {
	for i := range d.options.Users {
		user := &d.options.Users[i]
		in, out, ok := userTypes(user.Func)
		if ok && types.Identical(in, from) && types.Identical(out, to) {
			d.used[user] = true
			return user, true
		}
	}
	return nil, false
}

// userTypes are the types between which a function converts: func([ctx,] in) (out[, error]).
func userTypes(f *types.Func) (in, out types.Type, ok bool) {
	sig := f.Signature()
	params, results := sig.Params(), sig.Results()
	if takesContext(sig) {
		ok = params.Len() == 2
	} else {
		ok = params.Len() == 1
	}
	ok = ok && !sig.Variadic() && sig.TypeParams().Len() == 0 &&
		(results.Len() == 1 || results.Len() == 2 && isError(results.At(1).Type()))
	if !ok {
		return nil, nil, false
	}
	return params.At(params.Len() - 1).Type(), results.At(0).Type(), true
}

func takesContext(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && isNamed(sig.Params().At(0).Type(), "context", "Context")
}

// reach says whether any directive has structs reached by methods.
func (d *directives) reach() bool {
	named := func(f Field) bool { return f.Get+f.Set != "" }
	return len(d.options.Makers) > 0 || slices.ContainsFunc(d.options.Fields, named)
}

// accessors are the field directives that name a method of a type on a side, each with the name of its field.
func (d *directives) accessors(side, typeName string) (names []string, said []*Field) {
	for i := range d.options.Fields {
		f := &d.options.Fields[i]
		name, ok := strings.CutPrefix(f.Path, typeName+".")
		if ok && f.Side == side && f.Get+f.Set != "" {
			d.used[f] = true
			names, said = append(names, name), append(said, f)
		}
	}
	return names, said
}

// compare is what compare directives say of one field of a type, or with field "" of the type's value itself.
func (d *directives) compare(typeName, field string) (ignore, unordered bool, round time.Duration) {
	for i := range d.options.Compares {
		c := &d.options.Compares[i]
		if c.Type != "" && c.Type != typeName {
			continue
		}
		d.used[c] = true
		ignore = ignore || field != "" && slices.Contains(c.Ignore, field)
		unordered = unordered || slices.Contains(c.Unordered, field)
		round = max(round, c.Round[field], c.Round[""])
	}
	return ignore, unordered, round
}

// unused reports the directives that matched nothing.
func (d *directives) unused(faults *faults) {
	for i := range d.options.Users {
		user := &d.options.Users[i]
		if _, _, ok := userTypes(user.Func); !ok {
			faults.add(user.Pos, fmt.Sprintf("convert %s: its signature is none of a conversion's", user.Func.Name()),
				"want func(S) T, func(S) (T, error), or either with a context first; a constructor has a directive of its own: "+
					say("construct %s", user.Func.Name()))
		} else if !d.used[user] {
			faults.add(user.Pos, fmt.Sprintf("convert %s: no value is converted between its types", user.Func.Name()),
				"remove the directive, or change the function's types")
		}
	}
	for i := range d.options.Makers {
		if m := &d.options.Makers[i]; !d.used[m] {
			faults.add(m.Pos, fmt.Sprintf("construct %s: nothing that it makes is converted or compared", m.Func.Name()), "remove the directive")
		}
	}
	for i := range d.options.Fields {
		if f := &d.options.Fields[i]; !d.used[f] {
			faults.add(f.Pos, fmt.Sprintf("field %s: no value of that name is converted", strings.TrimPrefix(f.Side+"."+f.Path, ".")),
				"name the interface's type and its field (User.Name), or the method and its parameter (Save.expiry)")
		}
	}
	for i := range d.options.Ignores {
		if ignore := &d.options.Ignores[i]; !d.used[ignore] {
			faults.add(ignore.Pos, fmt.Sprintf("ignore %s: no field of that name lacks a counterpart", strings.TrimPrefix(ignore.Side+"."+ignore.Path, ".")),
				"remove the directive, or name a struct and its field: new.User.Search")
		}
	}
	for i := range d.options.Compares {
		c := &d.options.Compares[i]
		if !d.used[c] && (len(c.Equal)+len(c.Fields) == 0 || len(c.Ignore)+len(c.Round)+len(c.Unordered) > 0) {
			faults.add(c.Pos, fmt.Sprintf("compare: no value of type %s is compared", c.Type), "remove the directive")
		}
		d.unusedEqual(c, faults)
	}
}

// unusedEqual reports what a compare directive says of types and fields that are not compared so.
func (d *directives) unusedEqual(c *Compare, faults *faults) {
	for i := range c.Equal {
		switch e := &c.Equal[i]; {
		case d.used[e]:
		case e.Func == nil:
			faults.add(c.Pos, fmt.Sprintf("compare equal=%s: no value of a type %s with a method Equal(%s) bool is compared", e.Name, e.Name, e.Name),
				"name a type that has one, or a function as well: equal="+e.Name+":F, with func F(a, b "+e.Name+") bool")
		case !isEqualFunc(e.Func):
			faults.add(c.Pos, fmt.Sprintf("compare equal=%s:%s: its signature is none of a comparison's", e.Name, e.Func.Name()),
				"want func(a, b T) bool")
		default:
			t := e.Func.Signature().Params().At(0).Type()
			faults.add(c.Pos, fmt.Sprintf("compare equal=%s:%s: no value of that name and of type %s is compared", e.Name, e.Func.Name(), t),
				"name the type, or the field that has it")
		}
	}
	for _, name := range c.Fields {
		if !d.used[fieldsOf{c, name}] {
			faults.add(c.Pos, fmt.Sprintf("compare fields=%s: no value of that type is compared", name), "remove it, or name a type that is")
		}
	}
}
