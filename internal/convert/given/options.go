// Package given holds what the planner is given: the directives about values, where a value stands, and which directives were of use.
package given

import (
	"go/token"
	"go/types"
	"time"
)

// Options are what a Planner must know of one repository.
type Options struct {
	// Name allocates an identifier at package scope of the output: base itself if it is free, else a variation.
	Name func(base string) string
	// Package is the package of the output. Unexported fields and constants of other packages are out of its reach.
	Package *types.Package
	// Interface is where the interface stands, and the directives about its values; zero where that is not known.
	Interface token.Position
	// Function is how a directive names a function of the user's over values of some types, and where that is declared; nil for F, in
	// the interface's package.
	Function func(...types.Type) (name, where string)
	// Precision is the unit in which each store keeps timestamps, indexed by position; 0 where it is not known, and nothing
	// is truncated then. StorePrecision knows those of common drivers.
	Precision [2]time.Duration

	Users    []User    // convert directives
	Makers   []Maker   // construct directives
	Fields   []Field   // field directives
	Ignores  []Ignore  // ignore directives
	Compares []Compare // compare directives
}

// User is a user's conversion function: func([ctx,] From) (To[, error]).
type User struct {
	Func *types.Func
	Pos  token.Position
}

// Maker is a constructor: func([ctx,] parts...) (T[, error]), or *T, of a struct T.
type Maker struct {
	Func *types.Func
	Pos  token.Position
}

// Field is a field directive: field User.FullName old=name new=full_name, and what may be said of one value:
//
//	null=zero       a missing value becomes the zero value, and a zero value is stored as missing
//	unit=ms         an integer holds a time or a duration in this unit (ns, us, ms, s)
//	as=rfc3339      a string holds a time
//	as=json         text or bytes hold the value as JSON
//	as=text         text holds the value as its text marshaler writes it
//	as=binary       bytes hold the value as its binary marshaler writes it
//	as=timeuuid     the store's UUID must be one with a time in it
//	as=utc          the new store's column has no zone: it is given UTC
//	enum=name       constants are paired by their names alone, where a store has other values for them; enum=value by their values
//	                alone; enum=open takes any value.
//	                By default they are paired by name if all find a counterpart, else by value
//	lossy           the conversion may lose what it must
//	get=Name        the method that reads it, set=SetName the one that writes it
type Field struct {
	Side  string    // "old" or "new" of a store's struct, whose accessors it names; "" of the interface's type
	Path  string    // "User.FullName", or "Commit.expiry" for a parameter
	Names [2]string // of the field in each store's struct, indexed by position; "" for the same
	Null  string
	Unit  string
	As    string
	Enum  string
	Lossy bool
	Get   string
	Set   string
	Pos   token.Position
}

// Ignore is an ignore directive: a field that is left out on purpose. Side is "old", "new", or "" for the repository
// interface's own type.
type Ignore struct {
	Side string
	Path string // "User.Search"
	Pos  token.Position
}

// Compare is a compare directive's share in one entity or result type.
type Compare struct {
	Type      string // "User"; "" for every type
	Ignore    []string
	Round     map[string]time.Duration // by field; "" for every time
	Unordered []string                 // fields whose order does not matter; "" for the value itself
	Equal     []Equality               // what is compared by a method Equal, or by a function
	Fields    []string                 // types that are compared field by field, whatever their method Equal says
	Pos       token.Position
	Implied   bool // by another directive, of which its own stage says what does not fit
}

// Equality says how the values of a type, or of a field, are compared.
type Equality struct {
	Name string      // of the type, or of the field
	Func *types.Func // func(a, b T) bool; nil for the type's own method Equal
}

// Direction says which way a value travels.
type Direction uint8

// The directions.
const (
	ToStore   Direction = iota + 1 // from the interface's type to the store's
	FromStore                      // from the store's type to the interface's
)

// At says where a conversion stands.
type At struct {
	Store     int // position: 0 old, 1 new
	Direction Direction
	Path      string // "Commit.expiry": the method and its parameter; field directives match it, diagnostics show it
	Reads     bool   // the method reads: what it hands to a function does not come back
	NoError   bool   // the method has no error result: a conversion that can fail is refused, by Unused
	Pos       token.Position
}
