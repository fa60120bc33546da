package dualtest

import (
	"math"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"pgregory.net/rapid"
)

// The generators of this file draw any values of a type, and often those that break stores: the smallest and the largest,
// the empty, the ones that a database rounds, trims or folds.

// awkward are texts that stores are known to change or refuse. NUL is not among them: Postgres takes it in no text.
var awkward = []string{
	"", " ", "trailing ", " leading", "NULL", "null", "0", "-1", "true",
	"O'Brien", `back\slash`, `"quoted"`, "%like_", "semi;colon--", "tab\tnewline\nreturn\r",
	"Straße", "STRASSE", "İstanbul", "e\u0301", "\u00e9", "日本語", "\u202eright to left", "\U00010348", "\ufeffmark",
	"{}", "[]", "2024-02-30", "1e400", "a,b", "a/b:c|d",
}

// Text draws strings.
func Text[T ~string]() *rapid.Generator[T] {
	texts := rapid.OneOf(
		rapid.SampledFrom([]string{"", "x"}), // often, so that what is asked for is sometimes there
		rapid.SampledFrom(awkward),
		rapid.StringMatching(`[a-z]{1,8}`),
		rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 && r != '\ufffd' }), 0, 40, -1),
	)
	return rapid.Map(texts, func(s string) T { return T(s) })
}

// ID draws strings that name entities: few, so that calls of one sequence meet on the same entity.
func ID[T ~string]() *rapid.Generator[T] {
	return rapid.SampledFrom([]T{"a", "b", "Ünïcode", "with space/and:more%"})
}

// Integer is any integer type.
type Integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Int draws integers of the whole range of their type.
func Int[T Integer]() *rapid.Generator[T] {
	least, greatest := bounds[T]()
	return rapid.OneOf(
		rapid.SampledFrom([]T{0, 1, least, greatest, greatest - 1}),
		rapid.Map(rapid.Int64(), func(n int64) T { return T(n) }),
	)
}

// bounds returns the least and the greatest value of an integer type.
func bounds[T Integer]() (least, greatest T) {
	ones := ^T(0)
	if ones > 0 {
		return 0, ones
	}
	least = T(1) << (unsafe.Sizeof(ones)*8 - 1)
	return least, ^least
}

// Number draws integers that name entities: few, so that calls of one sequence meet on the same entity, and the zero value
// and one below it among them, where the type has one.
func Number[T Integer]() *rapid.Generator[T] {
	if least, _ := bounds[T](); least == 0 {
		return rapid.SampledFrom([]T{1, 2, 3, 0})
	}
	return rapid.SampledFrom([]T{1, 2, 3, 0, ^T(1)})
}

// Small draws integers from 1 to 5, for counts and limits.
func Small[T Integer]() *rapid.Generator[T] { return rapid.SampledFrom([]T{1, 2, 3, 4, 5}) }

// Float draws finite floating point numbers, negative zero and subnormal ones among them.
func Float[T ~float32 | ~float64]() *rapid.Generator[T] {
	special := []T{0, T(math.Copysign(0, -1)), 0.1, -1.5, 1 << 24, 1<<24 + 1}
	return rapid.OneOf(
		rapid.SampledFrom(special),
		rapid.Map(rapid.Float32(), func(f float32) T { return T(f) }),
	)
}

// Bool draws both.
func Bool[T ~bool]() *rapid.Generator[T] {
	return rapid.Map(rapid.Bool(), func(b bool) T { return T(b) })
}

// Bytes draws nil, empty and other bytes.
func Bytes[T ~[]byte]() *rapid.Generator[T] {
	return rapid.OneOf(
		rapid.SampledFrom([]T{nil, {}, {0}, {0xff, 0xfe, 0}}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 32), func(b []byte) T { return T(b) }),
	)
}

// JSON draws JSON documents.
func JSON[T ~[]byte | ~string]() *rapid.Generator[T] {
	return rapid.SampledFrom([]T{
		T(`null`), T(`{}`), T(`[]`), T(`""`), T(`{"b":1,"a":[true,null]}`), T(`{"a": "Stra\u00dfe"}`), T(`12345678901234567890`),
	})
}

// Any draws what JSON has: null, booleans, numbers, texts, lists and objects, one in the other.
func Any() *rapid.Generator[any] {
	plain := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.SampledFrom([]any{true, false, 0.0, -1.5, 1e21, float64(1<<53 + 2), 12345678901234567890.0, 5e-324, "", "null", "<&>\u2028", "Straße"}),
	)
	values := rapid.OneOf(plain,
		rapid.Map(rapid.SliceOfN(plain, 0, 3), func(list []any) any { return list }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"", "a", "b c", "ü"}), plain, 0, 3), func(object map[string]any) any { return object }))
	return rapid.OneOf(values, rapid.Map(rapid.SliceOfN(values, 0, 2), func(list []any) any { return list }))
}

// Time draws instants from the year 1 to the year 9999, with every precision and in several zones.
func Time() *rapid.Generator[time.Time] {
	east := time.FixedZone("east", 5*3600+45*60)
	return rapid.OneOf(
		rapid.SampledFrom([]time.Time{
			{},
			time.Unix(0, 0).UTC(),
			time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC),
			time.Date(2024, 2, 29, 12, 0, 0, 1_000, time.UTC),
			time.Date(2024, 2, 29, 12, 0, 0, 1, east),
			time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC),
		}),
		rapid.Map(rapid.Int64Range(0, 4_102_444_800_000), func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }),
	)
}

// started is when the tests began, so that one draw gives one moment however often it is made.
var started = time.Now().Truncate(time.Hour)

// Future draws moments that do not come while the tests run, to the millisecond: of a day mostly, and of the next hundred years.
func Future(t *rapid.T) time.Time {
	const hour = 3_600_000 // ms
	most := int64(24 * hour)
	if rapid.IntRange(0, 3).Draw(t, "far") == 0 {
		most = 100 * 365 * 24 * hour
	}
	return started.Add(time.Duration(rapid.Int64Range(3*hour, most).Draw(t, "ahead")) * time.Millisecond).UTC()
}

// Duration draws durations of either sign.
func Duration[T ~int64]() *rapid.Generator[T] {
	return rapid.SampledFrom([]T{0, 1, T(time.Microsecond), T(time.Millisecond), T(time.Hour) + 1, -T(time.Second)})
}

// Slice draws nil, empty and short slices.
func Slice[T any](element *rapid.Generator[T]) *rapid.Generator[[]T] {
	short := rapid.SliceOfN(element, 1, 4)
	if kind := reflect.TypeFor[T]().Kind(); kind != reflect.Pointer && kind != reflect.Interface {
		short = rapid.Map(short, twice[T])
	}
	return rapid.OneOf(rapid.SampledFrom([][]T{nil, {}}), short)
}

// twice makes the last two of three values the same.
func twice[T any](list []T) []T {
	if len(list) == 3 {
		list[2] = deep(list[1])
	}
	return list
}

// Map draws nil, empty and small maps.
func Map[K comparable, V any](key *rapid.Generator[K], value *rapid.Generator[V]) *rapid.Generator[map[K]V] {
	return rapid.OneOf(rapid.SampledFrom([]map[K]V{nil, {}}), rapid.MapOfN(key, value, 1, 3))
}

// Few draws from few values of a generator, so that calls of one sequence meet on the same entity.
func Few[T any](all *rapid.Generator[T]) *rapid.Generator[T] {
	few := make([]T, 4)
	for seed := range few {
		few[seed] = all.Example(seed)
	}
	return rapid.SampledFrom(few)
}

// OrZero draws the zero value as often as others.
func OrZero[T any](others *rapid.Generator[T]) *rapid.Generator[T] {
	var zero T
	return rapid.OneOf(rapid.Just(zero), others)
}

// Distinct draws one to three values, no two with the same key.
func Distinct[T any, K comparable](one *rapid.Generator[T], key func(T) K) *rapid.Generator[[]T] {
	return rapid.SliceOfNDistinct(one, 1, 3, key)
}

// CopiedEach is a list of pointers to copies, for a store that may fill them in.
func CopiedEach[S ~[]*E, E any](list S) S {
	copies := slices.Clone(list)
	for i, value := range copies {
		if value != nil {
			copies[i] = Copied(*value)
		}
	}
	return copies
}

// Copied is a pointer to a copy, for a store that may fill it in.
func Copied[T any](value T) *T { return &value }
