package rule

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
)

// directionWords end the names of conversion functions: userFromOld, userToNew.
func (r Request) Suffix() string {
	side := strings.ToUpper(r.Side()[:1]) + r.Side()[1:]
	if r.At.Direction == given.ToStore {
		return "To" + side
	}
	return "From" + side
}

// Request asks for the conversion of one value, maybe inside others.
type Request struct {
	From, To types.Type
	At       given.At
	Path     string      // what a field directive calls the value: "User.Age", "Commit.expiry"
	Field    given.Field // what field directives say of it
	Trail    []frame.Hop // from the outermost value
	Outer    bool        // a parameter or result itself
	Bare     bool        // a struct with a flag inside is taken for its value: the flag was looked at
	Recorded bool        // explain shows it
	Methods  []string    // the methods by which it is read and written, for explain
	Depth    int         // how many values it is inside
	Base     *Request    // of the field or parameter of which directives speak
}

// Inner is the request for a value inside, under the same directives.
func (r Request) Inner(from, to types.Type) Request {
	r.From, r.To = from, to
	r.Outer, r.Recorded, r.Bare, r.Methods = false, false, false, nil
	r.Depth++
	return r
}

// Element is the request for what a collection holds.
func (r Request) Element(from, to types.Type) Request {
	r = r.Inner(from, to)
	r.Trail = append(r.Trail[:len(r.Trail):len(r.Trail)], frame.Hop{Name: "[…]", From: from, To: to})
	return r
}

// Ours is the type on the repository interface's side, theirs the store's.
func (r Request) Ours() types.Type {
	if r.At.Direction == given.ToStore {
		return r.From
	}
	return r.To
}

func (r Request) Theirs() types.Type {
	if r.At.Direction == given.ToStore {
		return r.To
	}
	return r.From
}

// Side is the store's position.
func (r Request) Side() string { return given.SideNames[r.At.Store] }

// AccessIn is how directives have a struct of a request reached; nil where none speaks of it.
func (p *Planner) AccessIn(r Request, t types.Type) *access.Access {
	if types.Identical(t, r.Ours()) {
		return p.AccessOf(t, "")
	}
	return p.AccessOf(t, r.Side())
}

// Prefix is what directives put before the name of a struct of a request: the store's position, for one of a store.
func (r Request) Prefix(t types.Type) string {
	if types.Identical(t, r.Ours()) {
		return ""
	}
	return r.Side() + "."
}

// ColumnsIn are the columns of a struct of a request.
func (p *Planner) ColumnsIn(r Request, t types.Type, inStore bool) []*access.Column {
	if a := p.AccessIn(r, t); a != nil {
		return slices.Clone(a.Columns)
	}
	return p.Columns(t, inStore)
}
