package copies

import (
	"fmt"
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/copier"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// first are the keys that the first page of a listing after keys may begin after, the least that there can be first. A store
// whose column is narrower than the key's type may refuse that one, so that the next one follows:
//
//	[]dual.Key{userKey(math.MinInt64), userKey(math.MinInt32)}
func first(c *copier.Copier) *jen.Statement {
	if !scansAfterKey(c) || !keysHaveLeast(c) {
		return nil
	}
	var keys []jen.Code
	for _, bits := range widths(c) {
		args := conv.Codecs(c.File, c.Entity.KeyFunc)
		for _, part := range c.Entity.Key {
			args = append(args, least(c, part.Type, bits))
		}
		keys = append(keys, c.Ref(c.Entity.KeyFunc).Call(args...))
	}
	return printing.Brief(jen.Index().Add(c.Dual("Key")), keys...)
}

// gap says why a listing after keys may leave some out.
func gap(c *copier.Copier) *jen.Statement {
	if !scansAfterKey(c) || keysHaveLeast(c) {
		return nil
	}
	for _, part := range c.Entity.Key {
		if !hasLeast(part.Type) {
			return jen.Lit(fmt.Sprintf("its first page begins after the zero value of %s, and which keys lie below that is not known",
				types.TypeString(part.Type, func(p *types.Package) string { return p.Name() })))
		}
	}
	return nil
}

func scansAfterKey(c *copier.Copier) bool {
	return c.Entity.Scan != nil && c.Entity.Scan.Form == plan.ScanAfterKey
}

// keysHaveLeast reports whether there is a least key.
func keysHaveLeast(c *copier.Copier) bool {
	for _, part := range c.Entity.Key {
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
func widths(c *copier.Copier) []int {
	for _, part := range c.Entity.Key {
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
func least(c *copier.Copier, t types.Type, bits int) *jen.Statement {
	basic, ok := t.Underlying().(*types.Basic)
	if !ok || signedBits(basic) == 0 {
		return c.Zero(t)
	}
	name := fmt.Sprintf("MinInt%d", min(bits, signedBits(basic)))
	if basic.Kind() == types.Int && bits == 64 {
		name = "MinInt"
	}
	return c.Std("math", name)
}
