package convert_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/convert"
)

type (
	userID  string
	rank    int8
	flag    bool
	day     time.Time
	myUUID  [16]byte
	octet   byte
	digest  [5]octet
	address struct {
		Host string
		Port uint16
	}
	endpoint struct {
		Tenant  userID
		Address address
		Name    label
	}
	empty struct{}
)

// label is written by its own marshaler, in lower case.
type label struct{ text string }

func (l label) MarshalText() ([]byte, error) {
	if l.text == "" {
		return nil, errors.New("empty")
	}
	return []byte("<" + l.text + ">"), nil
}

func (l *label) UnmarshalText(b []byte) error {
	inner, ok := strings.CutSuffix(string(b), ">")
	if !ok || !strings.HasPrefix(inner, "<") {
		return errors.New("no label")
	}
	l.text = inner[1:]
	return nil
}

// ulid is 16 bytes that are no UUID: it says so by a marshaler of its own.
type ulid [16]byte

func (u ulid) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, u[:]), nil }

func (u *ulid) UnmarshalText(b []byte) error {
	_, err := hex.Decode(u[:], b)
	return err
}

// codec is the codec of a type that has one.
func codec[K comparable](t testing.TB) convert.KeyCodec[K] {
	t.Helper()
	c, err := convert.KeyCodecOf[K]()
	require.NoError(t, err)
	return c
}

// TestKeyCodecWritesWhatTheTypesOwnFunctionWould: a generic wrapper and that of an instantiation share a journal.
func TestKeyCodecWritesWhatTheTypesOwnFunctionWould(t *testing.T) {
	id := [16]byte{1, 2, 3, 15: 255}
	at := time.Unix(1_700_000_000, 5).In(time.FixedZone("x", 3600))
	assert.Equal(t, "a/b%", codec[string](t).Text("a/b%"))
	assert.Equal(t, "u1", codec[userID](t).Text("u1"))
	assert.Equal(t, convert.FormatInt(rank(-7)), codec[rank](t).Text(-7))
	assert.Equal(t, "18446744073709551615", codec[uint64](t).Text(1<<64-1))
	assert.Equal(t, "true", codec[flag](t).Text(true))
	assert.Equal(t, convert.FormatUUID(id), codec[[16]byte](t).Text(id))
	assert.Equal(t, convert.FormatUUID(id), codec[myUUID](t).Text(myUUID(id)))
	assert.Equal(t, convert.KeyText(ulid(id)), codec[ulid](t).Text(ulid(id)))
	assert.Equal(t, convert.KeyTime(at), codec[time.Time](t).Text(at))
	assert.Equal(t, convert.KeyTime(at), codec[day](t).Text(day(at)))
	assert.Equal(t, convert.KeyBytes([]byte{1, 2, 3, 4, 255}), codec[digest](t).Text(digest{1, 2, 3, 4, 255}))
	assert.Equal(t, convert.KeyText(label{"x"}), codec[label](t).Text(label{"x"}))
	assert.Equal(t, convert.JoinKey("h", "80"), codec[address](t).Text(address{"h", 80}))
	assert.Equal(t, convert.JoinKey("t", convert.JoinKey("h/", "80"), "<n>"), codec[endpoint](t).Text(endpoint{"t", address{"h/", 80}, label{"n"}}))
	assert.Equal(t, "", codec[empty](t).Text(empty{}))
}

// TestKeyCodecRoundTrips: what is written reads back, and two keys have one text only if they are one.
func TestKeyCodecRoundTrips(t *testing.T) {
	t.Run("text", func(t *testing.T) { roundTrips(t, rapid.String()) })
	t.Run("named text", func(t *testing.T) {
		roundTrips(t, rapid.Map(rapid.String(), func(s string) userID { return userID(s) }))
	})
	t.Run("bool", func(t *testing.T) { roundTrips(t, rapid.Map(rapid.Bool(), func(b bool) flag { return flag(b) })) })
	t.Run("integers", func(t *testing.T) {
		roundTrips(t, rapid.Int())
		roundTrips(t, rapid.Int8())
		roundTrips(t, rapid.Int16())
		roundTrips(t, rapid.Int32())
		roundTrips(t, rapid.Int64())
		roundTrips(t, rapid.Uint())
		roundTrips(t, rapid.Uint8())
		roundTrips(t, rapid.Uint16())
		roundTrips(t, rapid.Uint32())
		roundTrips(t, rapid.Uint64())
	})
	t.Run("UUID", func(t *testing.T) { roundTrips(t, rapid.Map(arrayOf(16), func(b []byte) myUUID { return myUUID(b) })) })
	t.Run("16 bytes with a marshaler", func(t *testing.T) { roundTrips(t, rapid.Map(arrayOf(16), func(b []byte) ulid { return ulid(b) })) })
	t.Run("bytes", func(t *testing.T) {
		roundTrips(t, rapid.Map(arrayOf(20), func(b []byte) [20]byte { return [20]byte(b) }))
		roundTrips(t, rapid.Map(arrayOf(5), func(b []byte) (d digest) {
			for i := range d {
				d[i] = octet(b[i])
			}
			return d
		}))
	})
	t.Run("time", func(t *testing.T) {
		roundTrips(t, rapid.Map(rapid.Int64(), func(n int64) time.Time { return time.Unix(0, n).UTC() }))
		roundTrips(t, rapid.Map(rapid.Int64(), func(n int64) day { return day(time.Unix(0, n).UTC()) }))
	})
	t.Run("struct", func(t *testing.T) {
		roundTrips(t, rapid.Custom(func(t *rapid.T) address { return drawAddress(t) }))
		roundTrips(t, rapid.Custom(func(t *rapid.T) endpoint {
			return endpoint{userID(rapid.String().Draw(t, "tenant")), drawAddress(t), label{rapid.StringN(1, 9, -1).Draw(t, "name")}}
		}))
	})
}

func drawAddress(t *rapid.T) address {
	return address{rapid.StringOf(rapid.SampledFrom([]rune("a/%2F"))).Draw(t, "host"), rapid.Uint16().Draw(t, "port")}
}

func arrayOf(n int) *rapid.Generator[[]byte] { return rapid.SliceOfN(rapid.Byte(), n, n) }

func roundTrips[K comparable](t *testing.T, keys *rapid.Generator[K]) {
	t.Helper()
	c := codec[K](t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := keys.Draw(t, "a"), keys.Draw(t, "b")
		back, err := c.Parse(c.Text(a))
		if err != nil || back != a {
			t.Fatalf("%v is %q, and reads back as %v, %v", a, c.Text(a), back, err)
		}
		if (a == b) != (c.Text(a) == c.Text(b)) {
			t.Fatalf("%v and %v are %q and %q", a, b, c.Text(a), c.Text(b))
		}
	})
}

// FuzzKeyCodec: a text is refused, or is that of the key that it reads as.
func FuzzKeyCodec(f *testing.F) {
	f.Add("t/h%2F80/<n>")
	f.Add("-128")
	f.Add("h/65536")
	f.Add("AQIDBP8")
	f.Add("000000\r0") // base64 with a line end, which no key was written as
	f.Add("1700000000.000000005")
	f.Add("/%2F0/<>") // a label that its unmarshaler accepts and its marshaler refuses
	f.Fuzz(func(t *testing.T, text string) {
		reads[string](t, text)
		reads[rank](t, text)
		reads[uint32](t, text)
		reads[flag](t, text)
		reads[digest](t, text)
		reads[time.Time](t, text)
		reads[address](t, text)
		reads[empty](t, text)
		reads[endpoint](t, text)
	})
}

func reads[K comparable](t *testing.T, text string) {
	c := codec[K](t)
	if key, err := c.Parse(text); err == nil && c.Text(key) != text {
		t.Errorf("%q reads as %v, which is %q", text, key, c.Text(key))
	}
}

type (
	deep     struct{ Point struct{ X float64 } }
	embedded struct {
		label
		Number int
	}
	chosen struct {
		ulid
		Number int
	}
	holder struct{ Key any }
)

// TestKeyCodecRefuses: a type whose values cannot be keys is refused before there is a value of it, with a reason and a way out.
func TestKeyCodecRefuses(t *testing.T) {
	refused[float64](t, "a float64 has no text of its own")
	refused[complex64](t, "a complex64 has no text of its own")
	refused[*string](t, "a *string equals itself in this process only")
	refused[chan int](t, "a chan int equals itself in this process only")
	refused[uintptr](t, "a uintptr equals itself in this process only")
	refused[any](t, "what a interface {} holds is known only when it is there")
	refused[struct{ id string }](t, "its field id is unexported")
	refused[deep](t, "its field Point: its field X: a float64 has no text of its own")
	refused[holder](t, "its field Key: what a interface {} holds is known only when it is there")
	refused[[2]string](t, "a [2]string has no text of its own")
	refused[embedded](t, "its MarshalText may be that of label alone, which is embedded in it")
	refused[chosen](t, "its MarshalText may be that of ulid alone, which is embedded in it")
}

func refused[K comparable](t *testing.T, reason string) {
	t.Helper()
	_, err := convert.KeyCodecOf[K]()
	require.ErrorIs(t, err, convert.ErrKeyType)
	var key K
	assert.Contains(t, err.Error(), strings.TrimPrefix(fmt.Sprintf("%T", &key), "*")+" cannot be a key: "+reason)
	assert.Contains(t, err.Error(), "\n\tput text, an integer")
}

// TestKeyCodecRefusesTexts: what no key is written as does not read as one.
func TestKeyCodecRefusesTexts(t *testing.T) {
	for _, parse := range []func() error{
		func() error { _, err := codec[rank](t).Parse("128"); return err },
		func() error { _, err := codec[uint8](t).Parse("256"); return err },
		func() error { _, err := codec[uint8](t).Parse("-1"); return err },
		func() error { _, err := codec[int](t).Parse("07"); return err },
		func() error { _, err := codec[flag](t).Parse("yes"); return err },
		func() error { _, err := codec[digest](t).Parse("AQID"); return err },
		func() error { _, err := codec[myUUID](t).Parse("x"); return err },
		func() error { _, err := codec[label](t).Parse("x"); return err },
		func() error { _, err := codec[address](t).Parse("h"); return err },
	} {
		assert.Error(t, parse())
	}
	_, err := codec[endpoint](t).Parse("t/h%2Fx/<n>")
	assert.ErrorContains(t, err, "Address.Port: ")
}

// TestKeyCodecCostsNoMoreThanAKnownType: no allocation beside the text.
func TestKeyCodecCostsNoMoreThanAKnownType(t *testing.T) {
	text, number, id := codec[userID](t), codec[int64](t), codec[myUUID](t)
	key, n, u := userID("some-user"), int64(1<<40), myUUID{1}
	var sink string
	assert.Zero(t, testing.AllocsPerRun(100, func() { sink = text.Text(key) }))
	assert.Equal(t, testing.AllocsPerRun(100, func() { sink = convert.FormatInt(n) }), testing.AllocsPerRun(100, func() { sink = number.Text(n) }))
	assert.Equal(t, testing.AllocsPerRun(100, func() { sink = convert.FormatUUID(u) }), testing.AllocsPerRun(100, func() { sink = id.Text(u) }))
	_ = sink
}

func ExampleKeyCodecOf() {
	type Version struct {
		Package string
		Number  int
	}
	keys, err := convert.KeyCodecOf[Version]()
	fmt.Println(keys.Text(Version{"io/fs", 3}), err)
	_, err = convert.KeyCodecOf[float64]()
	fmt.Println(strings.Split(err.Error(), "\n")[0])
	// Output:
	// io%2Ffs/3 <nil>
	// dualgen: float64 cannot be a key: a float64 has no text of its own
}
