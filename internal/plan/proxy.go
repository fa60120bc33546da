package plan

import "go/types"

// Proxy is a client and a server of the interface for callers in other processes.
type Proxy struct {
	File string // absolute path
	Name string // of its package
	Path string // its import path

	Methods []*ProxyMethod
	Wires   []*Wire
	Errors  []*types.Var // that the interface's package declares
	Client  string       // UsersClient
	Prefix  string       // of what is unexported: users
}

// ProxyMethod is one method as it is carried.
type ProxyMethod struct {
	*Method
	Args, Returns []*Carried // without the context and the error
	Shape         string     // stands for the types of the arguments, with all that they hold
	Fills         bool       // an argument refers to what the call may change
	Sequence      *WireForm  // of an element, of a method that returns an iter.Seq2[T, error]; nil for others
	Local         bool       // it ends the client, and is not carried
}

// Carried is a parameter or a result on its way.
type Carried struct {
	Index  int    // into the method's Params or Results
	Field  string // of the struct that carries it
	Form   *WireForm
	Refers bool // a parameter refers to memory that the caller shares
	Knots  bool // a value may hold itself, and is looked at before it is converted
}

// Wire is a struct that stands for another one on the way: with all fields, and without tags and methods.
type Wire struct {
	Name     string
	Type     types.Type
	To, From string // the functions between the two
	Fields   []WireField
}

// WireField is one field of a Wire.
type WireField struct {
	Name string
	Form *WireForm
}

// WireForm is the form that values of a type have on the way. One with neither Wire, Elem nor Under is that of the type itself.
type WireForm struct {
	Type  types.Type
	Wire  *Wire      // of a struct
	Elem  *WireForm  // of a slice, a map or a pointer
	Under types.Type // of a type that says itself how it is written: what is below it
}

// AsIs reports whether values travel as they are.
func (f *WireForm) AsIs() bool { return f.Wire == nil && f.Elem == nil && f.Under == nil }

// Elsewhere reports whether a file of the output belongs to another package than the wrapper: the command's, or the proxy's.
func (r *Repository) Elsewhere(file string) bool {
	return file == r.Output.Ctl || r.Proxy != nil && file == r.Proxy.File
}
