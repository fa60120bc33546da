package convert_test

import (
	"math"
	"math/big"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/convert"
)

// TestFarTimes: what drivers would count beyond, and come back with another time, is an error.
func TestFarTimes(t *testing.T) {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		far := int64(1) << 62 / int64(unit/time.Microsecond)
		for _, n := range []int64{0, 1, -1, far, -far} {
			at, err := convert.TryFromEpoch(n, unit)
			require.NoError(t, err)
			back, err := convert.Epoch(at, unit)
			require.NoError(t, err)
			assert.Equal(t, n, back)
		}
		for _, n := range []int64{far + 1, -far - 1, math.MaxInt64, math.MinInt64} {
			_, err := convert.TryFromEpoch(n, unit)
			assert.ErrorIs(t, err, convert.ErrRange, n)
		}
	}
}

// TestBrokenText: the encoder would put another character in the place of bytes that are not UTF-8.
func TestBrokenText(t *testing.T) {
	type inner struct {
		Text   string
		Map    map[string]any
		hidden string
	}
	for _, broken := range []any{"\xff", []string{"a", "\xff"}, map[string]int{"\xff": 1}, inner{Text: "\xff"}, inner{Map: map[string]any{"a": []any{"\xff"}}}, &inner{Text: "\xff"}} {
		_, err := convert.ToJSON(broken)
		assert.ErrorIs(t, err, convert.ErrSyntax, "%q", broken)
	}
	for _, sound := range []any{"\ufffd", "", `\ufffd`, nil, inner{Text: `\ufffd`, hidden: "\xff"}, []byte{0xff}} {
		_, err := convert.ToJSON(sound)
		assert.NoError(t, err, "%q", sound)
	}
}

// TestAddresses: an address comes back as it was, or is refused.
func TestAddresses(t *testing.T) {
	for _, text := range []string{"", "0.0.0.0", "192.0.2.1", "::", "::1", "2001:db8::1"} {
		var a netip.Addr
		require.NoError(t, a.UnmarshalText([]byte(text)))
		ip, err := convert.IPFromAddr(a)
		require.NoError(t, err)
		back, err := convert.AddrFromIP(ip)
		require.NoError(t, err)
		assert.Equal(t, a, back)
	}
	for _, text := range []string{"::ffff:192.0.2.1", "fe80::1%eth0"} {
		_, err := convert.IPFromAddr(netip.MustParseAddr(text))
		assert.ErrorIs(t, err, convert.ErrRange, text)
	}
	a, err := convert.AddrFromIP(net.IPv4(192, 0, 2, 1)) // in 16 bytes
	require.NoError(t, err)
	assert.Equal(t, "192.0.2.1", a.String())
	_, err = convert.AddrFromIP(net.IP{1, 2, 3})
	assert.ErrorIs(t, err, convert.ErrSyntax)
}

// TestBoolAsNumber: 1 and 0, and nothing else.
func TestBoolAsNumber(t *testing.T) {
	for _, want := range []bool{false, true} {
		got, err := convert.IntToBool(convert.BoolToInt[int8](want))
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	for _, n := range []int8{-1, 2, math.MaxInt8} {
		_, err := convert.IntToBool(n)
		assert.ErrorIs(t, err, convert.ErrRange)
	}
}

// TestCloneSetValue: a copy shares no memory with what it is a copy of.
func TestCloneSetValue(t *testing.T) {
	x := *new(big.Int).Lsh(big.NewInt(3), 100)
	copied := convert.CloneSetValue(x)
	x.Bits()[0]++
	assert.Equal(t, 0, copied.Cmp(new(big.Int).Lsh(big.NewInt(3), 100)))
}
