package templates

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// first are the keys that the first page of a listing after keys may begin after, the least that there can be first. A store
// whose column is narrower than the key's type may refuse that one, so that the next one follows:
//
//	[]dual.Key{userKey(math.MinInt64), userKey(math.MinInt32)}
func (c *copier) first() *jen.Statement {
	if !c.scansAfterKey() || !c.hasLeast() {
		return nil
	}
	var keys []jen.Code
	for _, bits := range c.widths() {
		args := c.codecs(c.entity.KeyFunc)
		for _, part := range c.entity.Key {
			args = append(args, c.least(part.Type, bits))
		}
		keys = append(keys, c.ref(c.entity.KeyFunc).Call(args...))
	}
	return brief(jen.Index().Add(c.dual("Key")), keys...)
}

// gap says why a listing after keys may leave some out.
func (c *copier) gap() *jen.Statement {
	if !c.scansAfterKey() || c.hasLeast() {
		return nil
	}
	for _, part := range c.entity.Key {
		if !hasLeast(part.Type) {
			return jen.Lit(fmt.Sprintf("its first page begins after the zero value of %s, and which keys lie below that is not known",
				types.TypeString(part.Type, func(p *types.Package) string { return p.Name() })))
		}
	}
	return nil
}

func (c *copier) scansAfterKey() bool {
	return c.entity.Scan != nil && c.entity.Scan.Form == plan.ScanAfterKey
}

// hasLeast reports whether there is a least key.
func (c *copier) hasLeast() bool {
	for _, part := range c.entity.Key {
		if !hasLeast(part.Type) {
			return false
		}
	}
	return true
}

// hasLeast reports whether a type of keys has a least value that can be written down.
func hasLeast(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsInteger|types.IsString|types.IsBoolean) != 0
	case *types.Array:
		elem, ok := u.Elem().Underlying().(*types.Basic)
		return ok && elem.Kind() == types.Uint8
	}
	return false
}

// widths are the widths in bits of signed numbers to try: the one of the key's type, and the narrower one that a column of four
// bytes has. Where no part is such a number, one will do.
func (c *copier) widths() []int {
	for _, part := range c.entity.Key {
		if basic, ok := part.Type.Underlying().(*types.Basic); ok && signedBits(basic) > 32 {
			return []int{64, 32}
		}
	}
	return []int{64}
}

// signedBits is the width of a signed integer type; 0 for any other.
func signedBits(t *types.Basic) int {
	switch t.Kind() {
	case types.Int, types.Int64:
		return 64
	case types.Int32:
		return 32
	case types.Int16:
		return 16
	case types.Int8:
		return 8
	}
	return 0
}

// least is the least value of a type, of a number with at most so many bits: math.MinInt64.
func (c *copier) least(t types.Type, bits int) *jen.Statement {
	basic, ok := t.Underlying().(*types.Basic)
	if !ok || signedBits(basic) == 0 {
		return c.zero(t)
	}
	name := fmt.Sprintf("MinInt%d", min(bits, signedBits(basic)))
	if basic.Kind() == types.Int && bits == 64 {
		name = "MinInt"
	}
	return c.std("math", name)
}
