package given

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/gotype"
)

// Directives looks directives up and remembers which were of use.
type Directives struct {
	Options Options
	used    map[any]bool // keyed by pointers into options
}

func NewDirectives(options Options) *Directives {
	return &Directives{Options: options, used: map[any]bool{}}
}

// Field merges what all field directives say of a path.
func (d *Directives) Field(path string) Field {
	merged := Field{Path: path}
	for i := range d.Options.Fields {
		f := &d.Options.Fields[i]
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

// Ignored says whether a field of one of a pair's structs is left out on purpose.
func (d *Directives) Ignored(store int, field string, typeNames ...string) bool {
	found := false
	for i := range d.Options.Ignores {
		ignore := &d.Options.Ignores[i]
		name, ok := strings.CutSuffix(ignore.Path, "."+field)
		if ok && slices.Contains(typeNames, name) && (ignore.Side == "" || ignore.Side == SideNames[store]) {
			d.used[ignore] = true
			found = true
		}
	}
	return found
}

// User is the function that a convert directive names for a pair of types.
func (d *Directives) User(from, to types.Type) (*User, bool) {
	for i := range d.Options.Users {
		user := &d.Options.Users[i]
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
	if gotype.TakesContext(sig) {
		ok = params.Len() == 2
	} else {
		ok = params.Len() == 1
	}
	ok = ok && !sig.Variadic() && sig.TypeParams().Len() == 0 &&
		(results.Len() == 1 || results.Len() == 2 && gotype.IsError(results.At(1).Type()))
	if !ok {
		return nil, nil, false
	}
	return params.At(params.Len() - 1).Type(), results.At(0).Type(), true
}

// Reach says whether any directive has structs reached by methods.
func (d *Directives) Reach() bool {
	named := func(f Field) bool { return f.Get+f.Set != "" }
	return len(d.Options.Makers) > 0 || slices.ContainsFunc(d.Options.Fields, named)
}

// Accessors are the field directives that name a method of a type on a side, each with the name of its field.
func (d *Directives) Accessors(side, typeName string) (names []string, said []*Field) {
	for i := range d.Options.Fields {
		f := &d.Options.Fields[i]
		name, ok := strings.CutPrefix(f.Path, typeName+".")
		if ok && f.Side == side && f.Get+f.Set != "" {
			d.used[f] = true
			names, said = append(names, name), append(said, f)
		}
	}
	return names, said
}

// Compare is what compare directives say of one field of a type, or with field "" of the type's value itself.
func (d *Directives) Compare(typeName, field string) (ignore, unordered bool) {
	for i := range d.Options.Compares {
		c := &d.Options.Compares[i]
		if c.Type != "" && c.Type != typeName {
			continue
		}
		d.used[c] = true
		ignore = ignore || field != "" && slices.Contains(c.Ignore, field)
		unordered = unordered || slices.Contains(c.Unordered, field)
	}
	return ignore, unordered
}

// roundOf is the unit that a compare directive names for one field.
type roundOf struct {
	compare *Compare
	field   string
}

// Round is the unit that compare directives name for a field of a type, with field "" for every time.
func (d *Directives) Round(typeName, field string) (round time.Duration) {
	for i := range d.Options.Compares {
		c := &d.Options.Compares[i]
		if unit, ok := c.Round[field]; ok && (c.Type == "" || c.Type == typeName) {
			d.used[c], d.used[roundOf{c, field}] = true, true
			round = max(round, unit)
		}
	}
	return round
}

// Unused reports the directives that matched nothing.
func (d *Directives) Unused(faults *fault.List) {
	for i := range d.Options.Users {
		user := &d.Options.Users[i]
		if _, _, ok := userTypes(user.Func); !ok {
			faults.Add(user.Pos, fmt.Sprintf("convert %s: its signature is none of a conversion's", user.Func.Name()),
				"want func(S) T, func(S) (T, error), or either with a context first; a constructor has a directive of its own: "+
					fault.Say("construct %s", user.Func.Name()))
		} else if !d.used[user] {
			faults.Add(user.Pos, fmt.Sprintf("convert %s: no value is converted between its types", user.Func.Name()),
				"remove the directive, or change the function's types")
		}
	}
	for i := range d.Options.Makers {
		if m := &d.Options.Makers[i]; !d.used[m] {
			faults.Add(m.Pos, fmt.Sprintf("construct %s: nothing that it makes is converted or compared", m.Func.Name()), "remove the directive")
		}
	}
	for i := range d.Options.Fields {
		if f := &d.Options.Fields[i]; !d.used[f] {
			faults.Add(f.Pos, fmt.Sprintf("field %s: no value of that name is converted", strings.TrimPrefix(f.Side+"."+f.Path, ".")),
				"name the interface's type and its field (User.Name), or the method and its parameter (Save.expiry)")
		}
	}
	for i := range d.Options.Ignores {
		if ignore := &d.Options.Ignores[i]; !d.used[ignore] {
			faults.Add(ignore.Pos, fmt.Sprintf("ignore %s: no field of that name lacks a counterpart", strings.TrimPrefix(ignore.Side+"."+ignore.Path, ".")),
				"remove the directive, or name a struct and its field: new.User.Search")
		}
	}
	for i := range d.Options.Compares {
		c := &d.Options.Compares[i]
		if c.Implied {
			continue
		}
		if !d.used[c] && (len(c.Equal)+len(c.Fields) == 0 || len(c.Ignore)+len(c.Round)+len(c.Unordered) > 0) {
			faults.Add(c.Pos, fmt.Sprintf("compare: no value of type %s is compared", c.Type), "remove the directive")
		}
		d.unusedRound(c, faults)
		d.unusedEqual(c, faults)
	}
}

// unusedRound reports the fields that a compare directive rounds, and that are neither a time nor count one.
func (d *Directives) unusedRound(c *Compare, faults *fault.List) {
	for _, field := range slices.Sorted(maps.Keys(c.Round)) {
		if field != "" && d.used[c] && !d.used[roundOf{c, field}] {
			faults.Add(c.Pos, fmt.Sprintf("compare round=%s: no time or duration of that name is compared, and no number that counts one", field),
				"name a field that is, or say the unit of a number: "+fault.Say("field TYPE.%s unit=ms", field))
		}
	}
}

// unusedEqual reports what a compare directive says of types and fields that are not compared so.
func (d *Directives) unusedEqual(c *Compare, faults *fault.List) {
	for i := range c.Equal {
		switch e := &c.Equal[i]; {
		case d.used[e]:
		case e.Func == nil:
			faults.Add(c.Pos, fmt.Sprintf("compare equal=%s: no value of a type %s with a method Equal(%s) bool is compared", e.Name, e.Name, e.Name),
				"name a type that has one, or a function as well: equal="+e.Name+":F, with func F(a, b "+e.Name+") bool")
		case !isEqualFunc(e.Func):
			faults.Add(c.Pos, fmt.Sprintf("compare equal=%s:%s: its signature is none of a comparison's", e.Name, e.Func.Name()),
				"want func(a, b T) bool")
		default:
			t := e.Func.Signature().Params().At(0).Type()
			faults.Add(c.Pos, fmt.Sprintf("compare equal=%s:%s: no value of that name and of type %s is compared", e.Name, e.Func.Name(), t),
				"name the type, or the field that has it")
		}
	}
	for _, name := range c.Fields {
		if !d.used[fieldsOf{c, name}] {
			faults.Add(c.Pos, fmt.Sprintf("compare fields=%s: no value of that type is compared", name), "remove it, or name a type that is")
		}
	}
}

func NameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// SideNames are the positions' names in directives and diagnostics.
var SideNames = [2]string{"old", "new"}
