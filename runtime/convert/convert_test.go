package convert_test

import (
	"errors"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/convert"
	"github.com/dualgen/dualgen/runtime/dual"
)

func TestInt(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func() (any, error)
		want any // nil: an error
	}{
		{"fits", func() (any, error) { return convert.Int[int8](int64(-128)) }, int8(-128)},
		{"too great", func() (any, error) { return convert.Int[int8](int64(128)) }, nil},
		{"too small", func() (any, error) { return convert.Int[int8](int64(-129)) }, nil},
		{"negative to unsigned", func() (any, error) { return convert.Int[uint64](int64(-1)) }, nil},
		{"unsigned to negative", func() (any, error) { return convert.Int[int64](uint64(math.MaxUint64)) }, nil},
		{"wraps to the same sign", func() (any, error) { return convert.Int[uint8](uint16(257)) }, nil},
		{"greatest", func() (any, error) { return convert.Int[uint32](int64(math.MaxUint32)) }, uint32(math.MaxUint32)},
		{"float exact", func() (any, error) { return convert.FloatToInt[int64](float64(1 << 53)) }, int64(1 << 53)},
		{"float with fraction", func() (any, error) { return convert.FloatToInt[int64](0.5) }, nil},
		{"float beyond", func() (any, error) { return convert.FloatToInt[int64](math.Ldexp(1, 63)) }, nil},
		{"float least", func() (any, error) { return convert.FloatToInt[int64](-math.Ldexp(1, 63)) }, int64(math.MinInt64)},
		{"NaN", func() (any, error) { return convert.FloatToInt[int64](math.NaN()) }, nil},
		{"infinity to unsigned", func() (any, error) { return convert.FloatToInt[uint64](math.Inf(1)) }, nil},
		{"int to float exact", func() (any, error) { return convert.IntToFloat[float64](int64(1) << 60) }, math.Ldexp(1, 60)},
		{"int to float inexact", func() (any, error) { return convert.IntToFloat[float64](int64(1)<<53 + 1) }, nil},
		{"int to float at the edge", func() (any, error) { return convert.IntToFloat[float64](int64(math.MaxInt64)) }, nil},
		{"float narrows", func() (any, error) { return convert.Narrow[float32](0.25) }, float32(0.25)},
		{"float does not narrow", func() (any, error) { return convert.Narrow[float32](0.1) }, nil},
		{"infinity narrows", func() (any, error) { return convert.Narrow[float32](math.Inf(-1)) }, float32(math.Inf(-1))},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.do()
			if c.want == nil {
				require.ErrorIs(t, err, convert.ErrRange)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
	_, err := convert.Int[int8](int64(300))
	assert.EqualError(t, err, "300 as int8: out of range")
	nan, err := convert.Narrow[float32](math.NaN())
	require.NoError(t, err)
	assert.True(t, convert.SameFloat(nan, float32(math.NaN())))
}

func TestPathsCompose(t *testing.T) {
	cause := errors.New("out of reach")
	err := convert.At("rows", convert.AtIndex(3, convert.At("price", convert.At("unit", cause))))
	assert.EqualError(t, err, "rows[3].price.unit: out of reach")
	assert.ErrorIs(t, err, cause)
	assert.EqualError(t, convert.InCall("Users.Save", "u", convert.At("Age", cause)), "Users.Save: u.Age: out of reach")
	assert.EqualError(t, convert.At("m", convert.AtKey("k", cause)), "m[k]: out of reach")
	assert.NoError(t, convert.At("field", nil))
	_, err = convert.TrySlice([][]int64{{1}, {2, 300}}, func(xs []int64) ([]int8, error) { return convert.TrySlice(xs, convert.Int[int8]) })
	var at *convert.PathError
	require.ErrorAs(t, err, &at)
	assert.Equal(t, "[1][1]", at.Path)
}

func TestNilStaysNil(t *testing.T) {
	assert.Nil(t, convert.Slice[int, int](nil, convert.Keep))
	assert.NotNil(t, convert.Slice([]int{}, convert.Keep[int]))
	assert.Nil(t, convert.Map[string, string, int, int](nil, convert.Keep, convert.Keep))
	assert.Nil(t, convert.Pointer[int, int](nil, convert.Keep))
	assert.Nil(t, convert.SetToSlice[string, string](nil, convert.Keep))
	assert.Nil(t, convert.SliceToSet[string, string](nil, convert.Keep))
	_, err := convert.Value[int](nil)
	assert.ErrorIs(t, err, convert.ErrNull)
}

func TestKeysThatCollapseAreRefused(t *testing.T) {
	fold := func(string) (string, error) { return "one", nil }
	_, err := convert.TryMap(map[string]int{"a": 1, "b": 2}, fold, convert.TryKeep[int])
	assert.ErrorIs(t, err, convert.ErrRange)
}

func TestTime(t *testing.T) {
	local := time.Date(2024, 1, 1, 1, 0, 0, 1_999_999, time.FixedZone("", 3600))
	assert.Equal(t, time.Date(2024, 1, 1, 0, 0, 0, 1_999_999, time.UTC), convert.UTC(local))
	assert.Equal(t, time.Time{}, convert.UTC(time.Time{}.In(time.FixedZone("", 1))))
	for _, at := range []time.Time{local, time.Unix(-1, 999_999_999), time.Unix(0, 0), time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
			n, err := convert.Epoch(at, unit)
			require.NoError(t, err)
			back := convert.FromEpoch(n, unit)
			assert.True(t, !back.After(at) && at.Sub(back) < unit, "%v in %v: %v", at, unit, back)
		}
	}
	_, err := convert.Epoch(time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), time.Nanosecond)
	assert.ErrorIs(t, err, convert.ErrRange)
	_, err = convert.FormatTime(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))
	assert.ErrorIs(t, err, convert.ErrRange)
	_, err = convert.Units(1500*time.Millisecond, time.Second)
	assert.ErrorIs(t, err, convert.ErrRange)
	_, err = convert.FromUnits(math.MaxInt64, time.Second)
	assert.ErrorIs(t, err, convert.ErrRange)
}

func TestSameJSON(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{`{"a":1,"b":[1,2]}`, ` { "b" : [1.0, 2e0], "a":1 } `, true},
		{`{"a":1}`, `{"a":2}`, false},
		{`[1,2]`, `[2,1]`, false},
		{``, `null`, true},
		{`"\u0041"`, `"A"`, true},
		{`100`, `1e2`, true},
		{`-0`, `0`, true},
		{`12345678901234567890`, `12345678901234567891`, false},
		{`1e999999999`, `1e999999998`, false},
		{`{"a":1}x`, `{"a":1}`, false},
		{`x`, `y`, false},
		{`x`, `x`, true},
	} {
		assert.Equal(t, c.same, convert.SameJSON(c.a, c.b), "%s and %s", c.a, c.b)
	}
}

func TestDiffs(t *testing.T) {
	int1 := convert.DiffSame[int]
	paths := func(differences []dual.Difference) []string {
		var all []string
		for _, d := range differences {
			all = append(all, d.Path)
		}
		return all
	}
	assert.Empty(t, convert.DiffSlices(nil, []int{}, int1))
	assert.Empty(t, convert.DiffMaps(nil, map[string]int{}, int1))
	assert.Equal(t, []string{"Xs[1]"}, paths(convert.Within("Xs", convert.DiffSlices([]int{1, 2}, []int{1, 3}, int1))))
	assert.Equal(t, []string{"Xs"}, paths(convert.Within("Xs", convert.DiffSlices([]int{1}, nil, int1))))
	assert.Equal(t, []string{"[a]", "[c]"}, paths(convert.DiffMaps(map[string]int{"a": 1, "b": 2}, map[string]int{"b": 2, "c": 0}, int1)))
	assert.Empty(t, convert.DiffUnordered([]int{1, 2, 2}, []int{2, 1, 2}, int1))
	assert.NotEmpty(t, convert.DiffUnordered([]int{1, 2, 2}, []int{1, 1, 2}, int1))
	assert.Empty(t, convert.DiffSets([]int{1, 2, 2}, []int{2, 1}, int1))
	assert.NotEmpty(t, convert.DiffSets([]int{1, 2}, []int{1}, int1))
	one, other := 1, 1
	assert.Empty(t, convert.DiffPointers(&one, &other, int1))
	assert.Equal(t, []dual.Difference{{Old: 1}}, convert.DiffPointers(&one, nil, int1))
	assert.True(t, convert.SameNumber(big.NewInt(5), big.NewInt(5)))
	assert.False(t, convert.SameNumber(big.NewInt(5), nil))
	assert.True(t, convert.SameNumber[big.Int](nil, nil))
}

// TestNearerThanTheUnit: a store that rounds and one that cuts off hold two values less than a unit apart, on either side of
// any border.
func TestNearerThanTheUnit(t *testing.T) {
	for _, nano := range []int64{0, 1, 499_999, 500_000, 999_999, 1_000_000, -1, -500_000} {
		at := time.Unix(0, nano)
		assert.True(t, convert.SameTime(at, at.Round(time.Millisecond), time.Millisecond), nano)
		assert.True(t, convert.SameTime(at.Truncate(time.Millisecond), at, time.Millisecond), nano)
		assert.False(t, convert.SameTime(at, at.Add(time.Millisecond), time.Millisecond), nano)
		assert.False(t, convert.SameTime(at.Add(2*time.Millisecond), at, time.Millisecond), nano)
		assert.False(t, convert.SameTime(at, at.Add(1), 0), nano)
		d := time.Duration(nano)
		assert.True(t, convert.SameDuration(d, d.Round(time.Millisecond), time.Millisecond), nano)
		assert.False(t, convert.SameDuration(d, d+time.Millisecond, time.Millisecond), nano)
	}
	far := time.Unix(1<<40, 0)
	assert.False(t, convert.SameTime(far, time.Unix(-1<<40, 0), time.Hour), "further apart than a duration holds")
	assert.True(t, convert.SameTime(far, far.In(time.FixedZone("", 3600)), 0), "one instant")
	assert.False(t, convert.SameDuration(math.MaxInt64, math.MinInt64, time.Hour))
	assert.True(t, convert.SameUnits(int64(-1), 998, 1000))
	assert.False(t, convert.SameUnits(int64(-1), 999, 1000))
	assert.False(t, convert.SameUnits(int64(math.MinInt64), math.MaxInt64, 1000))
	assert.True(t, convert.SameUnits(uint8(250), 255, 10))
}

// TestEqualValuesCostNothing: a comparison that finds no difference allocates nothing.
func TestEqualValuesCostNothing(t *testing.T) {
	a, b := []string{"x", "y"}, []string{"x", "y"}
	allocations := testing.AllocsPerRun(100, func() {
		if len(convert.Within("Tags", convert.DiffSlices(a, b, convert.DiffSame[string]))) != 0 {
			t.Error("different")
		}
	})
	assert.Zero(t, allocations)
}

func TestKeys(t *testing.T) {
	assert.Equal(t, "tenant/id", convert.JoinKey("tenant", "id"))
	assert.Equal(t, "a/b", convert.JoinKey("a/b"), "a single part is the text itself")
	assert.Equal(t, "a%2Fb/50%25", convert.JoinKey("a/b", "50%"))
	for _, bad := range []string{"a", "a/b/c", "a%2f/b", "%/b", "a%41/b"} {
		_, err := convert.SplitKey(bad, 2)
		assert.ErrorIs(t, err, convert.ErrSyntax, bad)
	}
	for _, bad := range []string{"", "+1", "01", "-0", "300", "1 "} {
		_, err := convert.ParseInt[int8](bad)
		assert.Error(t, err, bad)
	}
}
