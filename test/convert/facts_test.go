package convert_test

import (
	"math"
	"net"
	"reflect"
	"regexp"
	"sync"
	"sync/atomic"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/test/convert/cqllite"
	"github.com/dualgen/dualgen/test/convert/litemy"
	"github.com/dualgen/dualgen/test/convert/mypg"
	"github.com/dualgen/dualgen/test/convert/pgcql"
)

// fact says what becomes of some values in some columns.
type fact struct {
	server, column, row, field string           // where it holds; columns by a regular expression; "" for everywhere
	what                       string           // for the documentation
	of                         func(v any) bool // the values, or parts of values, that it concerns
	fails                      error            // the error of package convert by which the shim refuses them
	refused                    bool             // the driver or the server refuses them
	unreadable                 bool             // they are refused when they are read, not when they are written
	copies                     bool             // a copy is refused, with convert.ErrLost
	becomes                    func(v any) any  // what comes back
	unseen                     bool             // no comparison sees that something is lost: the driver has lost it already
	declared                   bool             // the source says so, or the type of a column: the comparator finds no difference
	hits                       atomic.Int32
}

// special are the values of fields whose type alone does not say what to draw.
var special = map[string][]any{
	"pgcql.Coarse": {int64(1716000000000000), int64(0), int64(999), int64(1000), int64(-1), int64(-1000), int64(-1001), int64(1<<62 + 1), int64(math.MinInt64)},
	"cqllite.Day":  {"2024-02-29", "0001-01-01", "1969-12-31", "-0001-01-01", "2024-02-30", "", "today"},
	"mypg.Clock":   {"12:34:56.123456", "12:34:56", "00:00:00", "23:59:59.999999", "-01:00:00", "25:00:00", "noon", ""},
	"mypg.Year":    {1999, 1901, 2155, 0, 1900, 2156, 99},
	"pgcql.Token":  {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "F47AC10B-58CC-4372-A567-0E02B2C3D479", "", "f47ac10b", "f47ac10b-58cc-4372-a567-0e02b2c3d47g"},
}

func init() {
	special["mypg.Pad"] = append([]any{[]byte("eight by")}, drawn[reflect.TypeFor[[]byte]()]...)
	special["pgcql.Fixed"] = append([]any{"ten, ended"}, drawn[reflect.TypeFor[string]()]...)
	draw(pgcql.ColorRed, pgcql.ColorBlue, "", "purple", "Red")
	draw(pgcql.LevelHigh, pgcql.LevelLow, 0, 3, -1, 1<<33)
	draw(mypg.ColorRed, mypg.ColorBlue, "", "purple", "RED")
	draw(mypg.LevelHigh, mypg.LevelNone, 3, 200)
	draw(litemy.ColorRed, litemy.ColorBlue, 0, 4, 255)
	drawn[reflect.TypeFor[litemy.Level]()] = as(reflect.TypeFor[litemy.Level](), drawn[reflect.TypeFor[string]()])
	draw(cqllite.LevelHigh, cqllite.LevelLow, 0, 2, -128)
	draw[net.IP](net.IPv4(192, 0, 2, 1), nil, net.ParseIP("2001:db8::1"), net.IP{1, 2, 3})
	draw(gocql.Duration{Months: 1, Days: 2, Nanoseconds: 3}, gocql.Duration{}, gocql.Duration{Days: -1, Nanoseconds: math.MinInt64}, gocql.Duration{Months: math.MaxInt32, Nanoseconds: 1})
}

// as are values of another type of the same kind.
func as(t reflect.Type, list []any) (all []any) {
	for _, v := range list {
		all = append(all, reflect.ValueOf(v).Convert(t).Interface())
	}
	return all
}

// values are those that are drawn for a pair.
func (p pair) values() []any {
	if list, ok := special[p.name()]; ok {
		return list
	}
	return valuesOf(p.field.Type)
}

// expected is what must come back of a value, and the facts that say so.
func (p pair) expected(side int, v any) (want any, found []*fact) {
	want = v
	for _, f := range facts {
		if !f.holds(p, side) || !anyLeaf(reflect.ValueOf(&want).Elem(), f.of) {
			continue
		}
		f.hits.Add(1)
		found = append(found, f)
		if f.becomes != nil {
			want = mapLeaves(want, f.of, f.becomes)
		}
	}
	return want, found
}

func (f *fact) holds(p pair, side int) bool {
	c := p.columns[side]
	return (f.server == "" || f.server == p.m.servers[side]) && (f.column == "" || matches(f.column, c.Type)) &&
		(f.row == "" || matches(f.row, c.Go.String())) && (f.field == "" || matches(f.field, p.name()))
}

// matches says whether an expression is all of a text.
func matches(expression, text string) bool {
	compiled, _ := expressions.LoadOrStore(expression, regexp.MustCompile("^(?:"+expression+")$"))
	return compiled.(*regexp.Regexp).MatchString(text)
}

var expressions sync.Map

// refusing is the fact by which a value is refused; of what is copied, also those that a copy would lose something of.
func refusing(facts []*fact, copied bool) *fact {
	for _, f := range facts {
		if f.fails != nil || f.refused || f.copies && copied {
			return f
		}
	}
	return nil
}

// anyLeaf says whether one of what a value holds, or the value itself, is such.
func anyLeaf(v reflect.Value, is func(any) bool) bool {
	if !v.IsValid() || !v.CanInterface() {
		return false
	}
	if is(v.Interface()) {
		return true
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && anyLeaf(v.Elem(), is)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if anyLeaf(v.Index(i), is) {
				return true
			}
		}
	case reflect.Map:
		for m := v.MapRange(); m.Next(); {
			if anyLeaf(m.Key(), is) || anyLeaf(m.Value(), is) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if anyLeaf(v.Field(i), is) {
				return true
			}
		}
	}
	return false
}

// mapLeaves is a copy of a value in which such parts are replaced.
func mapLeaves(value any, is func(any) bool, by func(any) any) any {
	if value == nil || is(value) {
		return by(value)
	}
	v := reflect.ValueOf(value)
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().CanInterface() {
			out.Set(reflect.New(v.Type().Elem()))
			assign(out.Elem(), mapLeaves(v.Elem().Interface(), is, by))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanInterface() {
				assign(out.Field(i), mapLeaves(v.Field(i).Interface(), is, by))
			}
		}
	case reflect.Map:
		out.Set(reflect.MakeMap(v.Type()))
		for m := v.MapRange(); m.Next(); {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			assign(key, mapLeaves(m.Key().Interface(), is, by))
			assign(elem, mapLeaves(m.Value().Interface(), is, by))
			out.SetMapIndex(key, elem)
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			assign(out.Index(i), mapLeaves(v.Index(i).Interface(), is, by))
		}
	}
	return out.Interface()
}

// notConstant finds values that are none of their enum's constants.
func notConstant(v any) bool {
	switch v := v.(type) {
	case pgcql.Color:
		return v != pgcql.ColorRed && v != pgcql.ColorGreen && v != pgcql.ColorBlue
	case pgcql.Level:
		return v != pgcql.LevelLow && v != pgcql.LevelHigh
	case mypg.Color:
		return v != mypg.ColorRed && v != mypg.ColorGreen && v != mypg.ColorBlue
	case mypg.Level:
		return v > mypg.LevelHigh
	case litemy.Color:
		return v < litemy.ColorRed || v > litemy.ColorBlue
	case cqllite.Level:
		return v != cqllite.LevelLow && v != cqllite.LevelHigh
	}
	return false
}
