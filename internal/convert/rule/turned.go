package rule

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/given"
)

// Turned is the request for what goes the other way.
func (r Request) Turned(from, to types.Type) Request {
	r = r.Element(from, to)
	if r.At.Direction == given.ToStore {
		r.At.Direction = given.FromStore
	} else {
		r.At.Direction = given.ToStore
	}
	return r
}
