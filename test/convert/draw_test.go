package convert_test

import (
	"database/sql"
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// drawn are the values of each type that hurt. The first hurts nobody: it is what a field holds while another one is tried.
var drawn = map[reflect.Type][]any{}

func draw[T any](values ...T) {
	for _, v := range values {
		drawn[reflect.TypeFor[T]()] = append(drawn[reflect.TypeFor[T]()], v)
	}
}

// berlin has another date than UTC in the evening of New Year's Eve.
var berlin = time.FixedZone("", 3600)

func init() {
	draw(true, false)
	draw[int](7, 0, -1, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64)
	draw[int8](7, 0, -1, math.MaxInt8, math.MinInt8)
	draw[int16](7, 0, -1, math.MaxInt8+1, math.MaxInt16, math.MinInt16)
	draw[int32](7, 0, -1, math.MaxInt16+1, math.MaxInt32, math.MinInt32)
	draw[int64](7, 0, -1, 1<<31, 1<<53, 1<<53+1, math.MaxInt64, math.MinInt64)
	draw[uint8](7, 0, math.MaxInt8, math.MaxInt8+1, math.MaxUint8)
	draw[uint16](7, 0, math.MaxInt16, math.MaxInt16+1, math.MaxUint16)
	draw[uint32](7, 0, math.MaxInt32, math.MaxInt32+1, math.MaxUint32)
	draw[uint64](7, 0, 1<<53+1, math.MaxInt64, math.MaxInt64+1, math.MaxUint64)
	draw[float32](1.5, 0, float32(math.Copysign(0, -1)), -1, 0.1, 1<<24-1, 16777217.0/3, math.MaxFloat32, math.SmallestNonzeroFloat32, float32(math.Inf(1)), float32(math.NaN()))
	draw[float64](1.5, 0, math.Copysign(0, -1), -1, 0.1, 1<<53-1, 1.0/3, math.MaxFloat64, math.SmallestNonzeroFloat64, 2.2250738585072014e-308, math.Inf(1), math.Inf(-1), math.NaN())
	draw("plain", "", " ", "ends in a space ", "tab\tline\nreturn\r", `'"\%_`, "Größe", "日本語", "👩‍👩‍👧", "e\u0301", "\u00a0", "NULL", strings.Repeat("x", 40), strings.Repeat("ü", 40),
		"a\x00b", "broken \xff\xfe")
	draw([]byte("bytes"), nil, []byte{}, []byte{0}, []byte("\\x00"), []byte{0xff, 0, 0x27, 0x5c}, []byte(strings.Repeat("\x00", 200)))
	draw(uuid.MustParse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), uuid.UUID{}, uuid.MustParse("f47ac10b-58cc-4372-a567-0e02b2c3d479"), uuid.Max)
	draw(decimal.RequireFromString("12.34"), decimal.Decimal{}, decimal.RequireFromString("-0.01"), decimal.RequireFromString("0.1"), decimal.RequireFromString("1.50"),
		decimal.RequireFromString("9007199254740993"), decimal.RequireFromString("9999999999.99"), decimal.RequireFromString("10000000000"), decimal.RequireFromString("0.005"),
		decimal.RequireFromString("123456789012345678901234567890.123456789"), decimal.New(1, 30), decimal.New(1, -30))
	draw(big.NewInt(7), big.NewInt(0), big.NewInt(-1), big.NewInt(math.MaxInt64), new(big.Int).Lsh(big.NewInt(1), 64), new(big.Int).Lsh(big.NewInt(-1), 120), new(big.Int).Lsh(big.NewInt(1), 200))
	draw(netip.MustParseAddr("192.0.2.1"), netip.Addr{}, netip.MustParseAddr("::1"), netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("::ffff:192.0.2.1"), netip.MustParseAddr("fe80::1%eth0"))
	draw(time.Date(2024, 5, 17, 12, 34, 56, 0, time.UTC), time.Time{}, time.Unix(0, 0).UTC(), time.Unix(-1, 0).UTC(), time.Date(2024, 5, 17, 0, 0, 0, 0, time.UTC),
		time.Date(2024, 2, 29, 23, 59, 59, 999_000_000, time.UTC), time.Date(2024, 5, 17, 12, 34, 56, 123_456_000, time.UTC), time.Date(2024, 5, 17, 12, 34, 56, 999_999_999, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC), time.Date(2024, 1, 1, 0, 30, 0, 0, berlin), time.Date(2024, 7, 1, 23, 30, 0, 500, time.FixedZone("", -5*3600-1800)),
		time.Date(1883, 11, 18, 12, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC))
	draw[time.Duration](1500*time.Millisecond, 0, time.Nanosecond, -time.Nanosecond, time.Microsecond, -time.Microsecond, 1234567*time.Microsecond, 25*time.Hour, -time.Hour, 100*24*time.Hour, math.MaxInt64, math.MinInt64)
	draw(json.RawMessage(`{"a": 1}`), nil, json.RawMessage(`null`), json.RawMessage(`"x"`), json.RawMessage(`0`), json.RawMessage(`[]`), json.RawMessage(`{}`), json.RawMessage(`9007199254740993`),
		json.RawMessage(`{"n": 123456789012345678901234567890.123456789, "e": 1e2, "z": 1.50}`), json.RawMessage(`{"b": {"c": [1, null, "\u00fc\ud83d\ude00"]}, "a": true}`), json.RawMessage(`{"a": 1, "a": 2}`),
		json.RawMessage(`"nul \u0000"`), json.RawMessage(`1e400`), json.RawMessage(`broken`))
	draw(map[string]any{"a": 1.0}, nil, map[string]any{}, map[string]any{"b": map[string]any{"c": []any{1.5, nil, "ü😀", true}}}, map[string]any{"empty": map[string]any{}, "list": []any{}, "text": "", "": 0.0},
		map[string]any{"n": float64(1 << 53)}, map[string]any{"f": 0.1, "g": 1e300}, map[string]any{"nul": "\x00"}, map[string]any{"big": json.Number("9007199254740993")}, map[string]any{"inf": math.Inf(1)}, map[string]any{"html": "<&>\u2028"})
	draw(sql.NullString{String: "here", Valid: true}, sql.NullString{}, sql.NullString{Valid: true}, sql.NullString{String: "ü😀", Valid: true})
	draw(sql.Null[int32]{V: 7, Valid: true}, sql.Null[int32]{}, sql.Null[int32]{Valid: true}, sql.Null[int32]{V: math.MinInt32, Valid: true})
}

// valuesOf are the values that are drawn for a type: those of the list above, and what is made of them.
func valuesOf(t reflect.Type) []any {
	if list, ok := drawn[t]; ok {
		return list
	}
	var all []any
	add := func(v reflect.Value) { all = append(all, v.Interface()) }
	switch t.Kind() {
	case reflect.Pointer:
		for i, elem := range valuesOf(t.Elem()) {
			pointer := reflect.New(t.Elem())
			assign(pointer.Elem(), elem)
			if add(pointer); i == 0 {
				add(reflect.Zero(t))
			}
		}
	case reflect.Slice:
		elems := some(valuesOf(t.Elem()))
		whole := reflect.MakeSlice(t, 0, 0)
		for i, elem := range elems {
			one := reflect.MakeSlice(t, 1, 1)
			assign(one.Index(0), elem)
			if add(one); i == 0 {
				add(reflect.Zero(t))
				add(reflect.MakeSlice(t, 0, 0))
				whole = reflect.Append(whole, one.Index(0), one.Index(0))
			}
		}
		add(whole)
	case reflect.Array:
		for _, elem := range some(valuesOf(t.Elem())) {
			array := reflect.New(t).Elem()
			assign(array.Index(t.Len()-1), elem)
			add(array)
		}
	case reflect.Map:
		all = mapsOf(t)
	case reflect.Struct:
		all = structsOf(t)
	default:
		panic("nothing is drawn for " + t.String())
	}
	return all
}

// some leaves out what is tried as a field of its own, so that collections do not take all the time: of many values it keeps the first two,
// one from the middle and the last three.
func some(list []any) []any {
	if len(list) <= 6 {
		return list
	}
	return slices.Concat(list[:2], list[len(list)/2:len(list)/2+1], list[len(list)-3:])
}

// mapsOf are maps with one member each, with each key and each value.
func mapsOf(t reflect.Type) (all []any) {
	keys, elems := some(valuesOf(t.Key())), some(valuesOf(t.Elem()))
	one := func(key, elem any) {
		m := reflect.MakeMap(t)
		k, v := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		assign(k, key)
		assign(v, elem)
		m.SetMapIndex(k, v)
		all = append(all, m.Interface())
	}
	for _, key := range keys {
		one(key, elems[0])
	}
	for _, elem := range elems[1:] {
		one(keys[0], elem)
	}
	return append(all, reflect.Zero(t).Interface(), reflect.MakeMap(t).Interface())
}

// structsOf are structs of which each field has each of its values while the others have their first.
func structsOf(t reflect.Type) (all []any) {
	base := reflect.New(t).Elem()
	for i := range t.NumField() {
		assign(base.Field(i), valuesOf(t.Field(i).Type)[0])
	}
	all = append(all, base.Interface(), reflect.Zero(t).Interface())
	for i := range t.NumField() {
		for _, elem := range some(valuesOf(t.Field(i).Type))[1:] {
			s := reflect.New(t).Elem()
			s.Set(base)
			assign(s.Field(i), elem)
			all = append(all, s.Interface())
		}
	}
	return all
}

// assign sets a value, nil included.
func assign(to reflect.Value, value any) {
	if value == nil {
		to.SetZero()
		return
	}
	to.Set(reflect.ValueOf(value))
}
