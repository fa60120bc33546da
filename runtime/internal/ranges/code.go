package ranges

import (
	"math"
	"math/big"
	"strings"
)

// code maps the IDs of keys to numbers.
type code struct {
	parse func(id string) (*big.Int, bool)
	text  func(n *big.Int) string
	top   *big.Int // no key that it makes is greater
}

// codeOf returns the code that all IDs are in, or nil.
func codeOf(ids []string) *code {
	for _, c := range []*code{&decimal, &uuid} {
		if c.all(ids) {
			return c
		}
	}
	return nil
}

func (c *code) all(ids []string) bool {
	for _, id := range ids {
		if n, ok := c.parse(id); !ok || c.text(n) != id {
			return false
		}
	}
	return true
}

// decimal is the code of whole numbers of 64 bits.
var decimal = code{
	parse: func(id string) (*big.Int, bool) {
		if len(id) > 20 {
			return nil, false
		}
		return new(big.Int).SetString(id, 10)
	},
	text: (*big.Int).String,
	top:  big.NewInt(math.MaxInt64),
}

// uuid is the code of UUIDs as they are usually written.
var uuid = code{
	parse: func(id string) (*big.Int, bool) {
		if len(id) != 36 || strings.Count(id, "-") != 4 {
			return nil, false
		}
		return new(big.Int).SetString(strings.ReplaceAll(id, "-", ""), 16)
	},
	text: func(n *big.Int) string {
		hex := n.Text(16)
		hex = strings.Repeat("0", max(0, 32-len(hex))) + hex
		return hex[:8] + "-" + hex[8:12] + "-" + hex[12:16] + "-" + hex[16:20] + "-" + hex[20:]
	},
	top: new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), big.NewInt(1)),
}
