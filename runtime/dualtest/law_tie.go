package dualtest

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// fill sees to it that there is an entity of every kind, and puts some more. What one refers to may have to be there first, so that a kind
// whose put is refused has its turn again.
func (r *treeRun[P]) fill(t *rapid.T) {
	for range 2 {
		for _, kind := range r.drawn {
			if r.anyOf(t, kind.name) == nil {
				r.putTied(t, kind)
			}
		}
	}
	for range rapid.IntRange(1, 3).Draw(t, "more") {
		r.putTied(t, r.drawn[rapid.IntRange(0, len(r.drawn)-1).Draw(t, "of kind")])
	}
}

// anyOf chooses an entity of a kind that is there, or nil.
func (r *treeRun[P]) anyOf(t *rapid.T, kind string) *dual.Row {
	var there []dual.Row
	now := r.now()
	for _, key := range now.keys {
		if got := now.rows[key]; key.Kind == kind && got.found && got.err == nil {
			there = append(there, got.row)
		}
	}
	if len(there) == 0 {
		return nil
	}
	slices.SortFunc(there, func(a, b dual.Row) int { return strings.Compare(a.Key.ID, b.Key.ID) })
	return &there[rapid.IntRange(0, len(there)-1).Draw(t, "one of "+kind)]
}

// putTied puts an entity, mostly one that refers to others. Where a store refuses that, it is put as it was drawn.
func (r *treeRun[P]) putTied(t *rapid.T, kind lawKind) {
	row := r.draw(t, kind)
	if tied, ok := r.tie(t, kind, row); ok && r.putMet(kind, tied) == nil {
		return
	}
	_ = r.putMet(kind, row) // one that the store refuses is not there: the kind's own suite says so
}

// putMet puts a row in both stores, and has glances look at its key from then on.
func (r *treeRun[P]) putMet(kind lawKind, row dual.Row) error {
	r.meet(row.Key)
	r.did("put %s", Show(row.Value()))
	err := r.putRow(kind, row)
	if err == nil {
		err = kind.copier.Copy(context.Background(), row.Key, r.at)
	}
	if err != nil {
		r.did("  which is refused: %v", err)
	}
	return err
}

// tie gives an entity's fields the values of other entities, so that it belongs to them: a field that is named for a kind, as TeamID is for
// Team, gets the key of one; now and then any field gets any value of one. It reports whether any did.
func (r *treeRun[P]) tie(t *rapid.T, kind lawKind, row dual.Row) (dual.Row, bool) {
	entity := reflect.New(reflect.TypeOf(row.Value())).Elem()
	entity.Set(reflect.ValueOf(kind.clone(row.Value())))
	fields := leavesOf("", entity, nil)
	tied := false
	for _, other := range r.drawn {
		if other.name == kind.name || len(fields) == 0 {
			continue
		}
		one := r.anyOf(t, other.name)
		if one == nil {
			continue
		}
		how := rapid.IntRange(0, 2).Draw(t, "tie to "+other.name)
		if how == 0 {
			continue
		}
		relative := relativeOf(other, *one)
		for _, field := range fields {
			if value := relative.named(field); value.IsValid() {
				field.value.Set(value.Convert(field.value.Type()))
				tied = true
			}
		}
		if how == 2 && tieAny(t, fields, relative) {
			tied = true
		}
	}
	if !tied {
		return row, false
	}
	made, err := kind.copier.RowOf(entity.Interface())
	return made, err == nil && (!kind.makes || !kind.isZero(made))
}

// tieAny gives one field a value of a relative's, mostly of its key, and reports whether any fits.
func tieAny(t *rapid.T, fields []leaf, relative relative) bool {
	field := fields[rapid.IntRange(0, len(fields)-1).Draw(t, "field")]
	keys := rapid.IntRange(0, 3).Draw(t, "of its key") > 0
	var fit []leaf
	for _, l := range relative.leaves {
		if fits(field.value, l.value) && (l.key || !keys) {
			fit = append(fit, l)
		}
	}
	if len(fit) == 0 {
		return false
	}
	field.value.Set(fit[rapid.IntRange(0, len(fit)-1).Draw(t, "value")].value.Convert(field.value.Type()))
	return true
}

// leaf is a field that can name something: text, a whole number, an array of bytes.
type leaf struct {
	name  string // "Owner.TeamID"
	value reflect.Value
	key   bool // a part of its entity's key
}

// deepest is how far down fields are looked for.
const deepest = 4

// leavesOf lists the fields that can name something, and that can be set.
func leavesOf(name string, v reflect.Value, all []leaf) []leaf {
	if !v.CanSet() || strings.Count(name, ".") > deepest {
		return all
	}
	switch kind := v.Kind(); {
	case kind == reflect.String || v.CanInt() || v.CanUint() || kind == reflect.Array && v.Type().Elem().Kind() == reflect.Uint8:
		return append(all, leaf{name: name, value: v})
	case kind == reflect.Pointer && !v.IsNil():
		return leavesOf(name, v.Elem(), all)
	case kind == reflect.Slice && v.Len() > 0 && v.Type().Elem().Kind() != reflect.Uint8:
		return leavesOf(name, v.Index(0), all)
	case kind == reflect.Struct:
		for field, value := range v.Fields() {
			all = leavesOf(strings.TrimPrefix(name+"."+field.Name, "."), value, all)
		}
	}
	return all
}

// relative is an entity that others may refer to.
type relative struct {
	kind   string
	leaves []leaf
}

// relativeOf finds which fields of an entity are its key: those whose change makes another key.
func relativeOf(kind lawKind, row dual.Row) relative {
	entity := reflect.New(reflect.TypeOf(row.Value())).Elem()
	entity.Set(reflect.ValueOf(kind.clone(row.Value())))
	r := relative{kind.name, leavesOf("", entity, nil)}
	for i, l := range r.leaves {
		had := reflect.New(l.value.Type()).Elem()
		had.Set(l.value)
		alter(l.value)
		other, err := kind.copier.RowOf(entity.Interface())
		r.leaves[i].key = err != nil || other.Key != row.Key
		l.value.Set(had)
	}
	return r
}

// alter makes a value another one.
func alter(v reflect.Value) {
	switch {
	case v.Kind() == reflect.String:
		v.SetString(v.String() + "x")
	case v.CanInt():
		v.SetInt(v.Int() ^ 1)
	case v.CanUint():
		v.SetUint(v.Uint() ^ 1)
	case v.Len() > 0:
		v.Index(0).SetUint(v.Index(0).Uint() ^ 1)
	}
}

// named is the part of the relative's key that a field refers to by its name: TeamID and Team.ID of a Team, Tenant where that is one of the
// parts of its key. It is invalid where the field refers to something else.
func (r relative) named(field leaf) reflect.Value {
	lower := strings.ToLower(field.name)
	var keys []leaf
	for _, l := range r.leaves {
		if l.key && fits(field.value, l.value) {
			keys = append(keys, l)
		}
	}
	for _, l := range keys {
		if len(keys) > 1 && l.name == field.name || lower == strings.ToLower(r.kind+l.name) {
			return l.value
		}
	}
	if len(keys) > 0 && strings.Contains(lower, strings.ToLower(r.kind)) {
		return keys[0].value
	}
	return reflect.Value{}
}

// fits reports whether a field can have a value.
func fits(field, value reflect.Value) bool {
	return field.Kind() == value.Kind() && value.Type().ConvertibleTo(field.Type())
}
