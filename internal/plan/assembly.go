package plan

import "go/types"

// Assembly says how a struct is made that no literal fills: by a constructor, by setters, or by both.
type Assembly struct {
	Type      types.Type
	Construct *FuncRef // nil for none: the zero value is filled
	Pointer   bool     // the constructor returns a pointer
	Spread    bool     // its last parameter is variadic, and among the parts
	Parts     []Part   // what the constructor takes, in its order; then what is set afterwards
}

// Part is one value that an Assembly is made of.
type Part struct {
	Name  string     // as directives and errors call it
	Type  types.Type // that is taken
	Param bool       // the constructor takes it
	Set   *Setter    // that takes it; nil for a field that is assigned
	Field []string   // selectors of that field
}

// Setter is a method that takes a value: x.Name(value).
type Setter struct {
	Name     string
	Fallible bool // it returns an error
	Returns  bool // it leaves x as it is and returns the changed copy
}

// CanFail says whether making the struct can fail, whatever its parts are.
func (a *Assembly) CanFail() bool {
	if a.Construct != nil && (a.Construct.Fallible || a.Pointer) {
		return true // a constructor may return nil
	}
	for _, part := range a.Parts {
		if part.Set != nil && part.Set.Fallible {
			return true
		}
	}
	return false
}
