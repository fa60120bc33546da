package convert_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/convert"
)

// FuzzKey: keys read back as they were written, and different parts give different keys.
func FuzzKey(f *testing.F) {
	f.Add("tenant", "id", "tenant/id", "")
	f.Add("a/b", "c", "a", "b/c")
	f.Add("%2F", "/", "/", "%2F")
	f.Add("", "", "%", "%25")
	f.Fuzz(func(t *testing.T, a1, a2, b1, b2 string) {
		a, b := convert.JoinKey(a1, a2), convert.JoinKey(b1, b2)
		if (a == b) != (a1 == b1 && a2 == b2) {
			t.Errorf("%q,%q and %q,%q: %q and %q", a1, a2, b1, b2, a, b)
		}
		parts, err := convert.SplitKey(a, 2)
		if err != nil || !slices.Equal(parts, []string{a1, a2}) {
			t.Errorf("%q reads back as %q, %v", a, parts, err)
		}
		if parts, err := convert.SplitKey(a1, 2); err == nil && convert.JoinKey(parts...) != a1 {
			t.Errorf("%q is read, but not what JoinKey writes", a1)
		}
	})
}

// FuzzInt: what is converted comes back, what does not fit is refused.
func FuzzInt(f *testing.F) {
	f.Add(int64(0))
	f.Add(int64(-129))
	f.Add(int64(1) << 53)
	f.Fuzz(func(t *testing.T, n int64) {
		if small, err := convert.Int[int8](n); (err == nil) != (n >= -128 && n <= 127) || err == nil && int64(small) != n {
			t.Errorf("%d as int8: %d, %v", n, small, err)
		}
		if unsigned, err := convert.Int[uint16](n); (err == nil) != (n >= 0 && n <= 65535) || err == nil && int64(unsigned) != n {
			t.Errorf("%d as uint16: %d, %v", n, unsigned, err)
		}
		if x, err := convert.IntToFloat[float64](n); err == nil {
			if back, err := convert.FloatToInt[int64](x); err != nil || back != n {
				t.Errorf("%d through float64: %d, %v", n, back, err)
			}
		}
		if text := convert.FormatInt(n); text != "" {
			if back, err := convert.ParseInt[int64](text); err != nil || back != n {
				t.Errorf("%d as key: %q, %v", n, text, err)
			}
		}
	})
}

// FuzzUUID: text that parses is written back as its lower case.
func FuzzUUID(f *testing.F) {
	f.Add("0190b2a4-6d5f-7c3e-8f00-0123456789AB")
	f.Add("0190b2a46d5f7c3e8f000123456789ab")
	f.Add("{190b2a4-6d5f-7c3e-8f00-0123456789ab}")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := convert.ParseUUID[[16]byte](s)
		if err != nil {
			return
		}
		text := convert.FormatUUID(id)
		again, err := convert.ParseUUID[[16]byte](text)
		if err != nil || again != id || len(text) != len(s) {
			t.Errorf("%q became %q", s, text)
		}
		back, err := convert.UUIDFromBytes[[16]byte](convert.UUIDBytes(id))
		if err != nil || back != id {
			t.Errorf("%q through bytes: %v", s, err)
		}
	})
}

// FuzzTime: times come back to the precision, or are refused.
func FuzzTime(f *testing.F) {
	f.Add(int64(0), int64(0))
	f.Add(int64(-62135596800), int64(1))
	f.Add(int64(1)<<62, int64(999_999_999))
	f.Fuzz(func(t *testing.T, sec, nsec int64) {
		at := time.Unix(sec, nsec&(1<<29-1)).UTC()
		for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond, time.Nanosecond} {
			n, err := convert.Epoch(at, unit)
			if err != nil {
				continue
			}
			back := convert.FromEpoch(n, unit)
			if rest := at.Sub(back); rest < 0 || rest >= unit {
				t.Errorf("%v in %v: %d, back %v", at, unit, n, back)
			}
		}
		if text, err := convert.FormatTime(at); err == nil {
			if back, err := convert.ParseTime(text); err != nil || !back.Equal(at) {
				t.Errorf("%v as text %q: %v, %v", at, text, back, err)
			}
		}
		if back, err := convert.ParseKeyTime(convert.KeyTime(at)); err != nil || !back.Equal(at) {
			t.Errorf("%v as key: %v, %v", at, back, err)
		}
	})
}

// FuzzJSON: JSON equals what it is when it was decoded and written again, and comparing never panics.
func FuzzJSON(f *testing.F) {
	f.Add(`{"a":[1,2.50,"x",null,true],"b":{}}`, `[]`)
	f.Add(`1e5`, `100000`)
	f.Fuzz(func(t *testing.T, a, b string) {
		if convert.SameJSON(a, b) != convert.SameJSON(b, a) {
			t.Errorf("%q and %q: not symmetric", a, b)
		}
		if !json.Valid([]byte(a)) {
			return
		}
		var compact json.RawMessage
		compact, err := json.Marshal(json.RawMessage(a))
		if err == nil && !convert.SameJSON([]byte(a), []byte(compact)) {
			t.Errorf("%q and its compact form %q differ", a, compact)
		}
	})
}
