// Package plan is the data between deciding and printing: every decision about one wrapped interface, every name final.
// The generator fills a Repository; the templates print it and decide nothing.
package plan

import (
	"go/token"
	"go/types"
)

// Repository is one wrapped interface and all that is generated for it.
type Repository struct {
	Interface  *types.TypeName // the interface, or the alias or defined type that names it
	Type       types.Type      // its type as the output spells it (instantiated, or generic over TypeParams)
	TypeParams []*types.TypeParam
	Pos        token.Position // of the directive, for messages
	Doc        []string       // its doc comment, line by line, without comment marks and directives

	Output Output
	Names  Names

	Stores   [2]Store // indexed by position: old, new
	Methods  []*Method
	Entities []*Entity
	Subs     []*SubRepository // the methods that hand out a repository of its own, which are not among the Methods

	// Functions are the generated helpers in printing order: conversions, comparators, clones, key codecs.
	Functions []Function
	// View is the repository inside a transaction; nil where the interface has none.
	View *View
	// Guards make the output refuse to compile when a converted struct's fields change.
	Guards []Guard
	// Exact says that a conversion from a store looks whether it keeps all, where a value is copied or compared.
	Exact bool
	// Assemblies say how the interface's structs are made that directives give a constructor or setters.
	Assemblies []*Assembly
	// Generators draw values for the conformance tests, by directive.
	Generators []Generator
	// Codecs are the type parameters that are written as keys by a codec of the runtime, which the constructor chooses.
	Codecs []ParamCodec
	// Refusals are the errors by which the stores refuse a write for what it is.
	Refusals []Refusal
	Proxy    *Proxy  // the client and the server for other processes; nil for none
	Queued   *Queued // a front whose writes are queued; nil for none
	// TestArgs are what the conformance tests put in the place of the TypeParams.
	TestArgs []TestArg
}

// TestArg is a type that satisfies a type parameter's constraint.
type TestArg struct {
	Type types.Type
	Func *FuncRef // draws its values, a func(*rapid.T) Type, by directive; nil for values of all kinds
}

// Generator draws the values of a field or a parameter: Func is a func(*rapid.T) T.
type Generator struct {
	Name string // of the field ("Email", or "User.Email" for that of one type) or the parameter
	Func *FuncRef
	File string // the user's test file that declares Func; "" where that is part of the package
}

// Output says where the generated code goes.
type Output struct {
	Package  *types.Package // the package the output belongs to; a new one in the import-cycle case
	Name     string         // its name
	Path     string         // its import path
	File     string         // absolute path of the wrapper's file
	TestFile string         // absolute path of the conformance tests, or "" for none

	Ctl     string // absolute path of the console command's file, or "" for none
	CtlName string // the command's name
	CtlPath string // import path of its package

	Constraint string // build constraint of the interface's file, which the output shares: "linux && !cgo", or ""
}

// Names are the identifiers that the generator adds at package scope of the output, allocated against what is there.
type Names struct {
	Wrapper     string // DualUsers
	Constructor string // NewDualUsers
	Stores      string // the internal store interface, or "" where the repository interface itself serves
	Itself      string // of a repository with Subs: the interface without them, "" for others
	Bare        string // of a repository with Subs: the function that makes the wrapper without them
	Conformance string // RunUsersConformance, in the test file
	Receiver    string // of the wrapper's methods, free in every method
	Prefix      string // of helpers, where other wrappers are written into the same package; else ""
}

// Store is one of the two stores.
type Store struct {
	Type types.Type // as the user named it: the constructor's parameter
	Pos  token.Position
	Shim *Shim // nil where the store implements the interface (and Names.Stores) itself
}

// Shim makes a store look like the repository interface.
type Shim struct {
	Name  string // oldUsers
	Field string // the store, inside the shim
}

// View is the type that a transaction's function is given.
type View struct {
	Name               string // usersTx
	Wrapper, Tx, Store string // its fields: the wrapper, the *dual.Tx, the store's own view
}

// Kind is what a method does.
type Kind uint8

// The kinds.
const (
	Read        Kind = iota + 1
	Write            // creates, changes or deletes
	Lifecycle        // called on both stores, errors joined
	Primary          // called on the phase's primary only, never mirrored
	Transaction      // runs a function over the repository itself
)

// MirrorMode is how a write reaches the mirror.
type MirrorMode uint8

// The modes.
const (
	NoMirror MirrorMode = iota
	Replay              // the call is repeated on the mirror
	Copy                // the entity is read from the primary and put in the mirror
	Skip                // the mirror is left alone by directive
)

// KeyForm is how a method's keys are known.
type KeyForm uint8

// The forms.
const (
	KeyNone    KeyForm = iota // not known: the whole entity kind
	KeyOne                    // one entity, from the arguments
	KeyEach                   // one for each element of an argument
	KeyResult                 // made by the primary, found in a result
	KeyOut                    // made by the primary, filled into an argument
	KeyOutEach                // made by the primary, filled into each element of an argument
	KeyListed                 // listed by a method of the user's before the write
)

// Made reports whether the primary makes a key, or may make it.
func (f KeyForm) Made() bool { return f == KeyResult || f == KeyOut || f == KeyOutEach }

// Method is one method of the wrapper.
type Method struct {
	Name    string
	Pos     token.Position // in the user's interface
	Doc     []string       // the user's doc comment
	Reasons []string       // why it is of its kind, key and mirror mode: one sentence each, for the doc comment and explain
	Sig     *types.Signature

	Params  []*Param  // all parameters, context included, with names that collide with nothing
	Results []*Result // all results, the error included
	Context int       // index into Params, or -1
	Error   int       // index into Results, or -1

	Kind   Kind
	Mirror MirrorMode
	// NoEffect are the errors after which nothing of a write stands.
	NoEffect []Refusal
	Delete   bool // a write that removes: a mirrored delete that finds nothing has succeeded
	Entity   *Entity
	Key      Key
	// Also are further kinds that a write touches, or further keys of its own. Its keys are KeyNone, KeyOne and KeyEach then; that of
	// Entity may be KeyResult, where all others are of its kind.
	Also []Touch
	Time *Time // of its keys; nil where it cannot tell, or the interface is not rolled over
	// Paging says where a read that returns page by page has its cursors; nil where it has none.
	Paging *Paging
	// Callback is the function that a transaction runs; nil for other kinds.
	Callback *Callback

	Field string // of the wrapper: its *dual.Method
	// Reading is the wrapper's field with the method's dual.Reading, or "" for a method that is no read, or neither
	// compared nor cloned.
	Reading string
	// Args is how the arguments other than context travel through the runtime; Values the results other than error.
	Args   Bundle
	Values Bundle
	// CloneArgs, CloneValues deep-copy a bundle, nil where nothing in it is mutable. DiffValues compares two, nil where a
	// method is not compared. Absent says whether a result means that there is no such entity, nil where none can.
	CloneArgs, CloneValues, DiffValues, Absent *FuncRef

	Calls [2]StoreCall // how each store is called; used by the shim, and straight where there is none
}

// Touch is a kind that a write touches beside its first.
type Touch struct {
	Entity *Entity
	Key    Key // KeyNone, KeyOne or KeyEach
}

// Touches are all kinds that a write touches, with its keys.
func (m *Method) Touches() []Touch { return append([]Touch{{m.Entity, m.Key}}, m.Also...) }

// Bundle carries several values as one through the runtime's generic functions.
type Bundle struct {
	Name   string     // of the generated struct type; "" for none (empty) or one (the value itself)
	Fields []string   // names of the struct's fields, one a value
	Index  []int      // the parameters (or results) it carries
	Type   types.Type // of the value itself where there is exactly one
}

// Paging says where a method has its cursors: the one that it is given, and the one that it makes.
type Paging struct {
	Param  int        // index into the method's Params
	Result int        // index into Results
	Field  *types.Var // of that result, a struct or a pointer to one; nil for the result itself
	Name   string     // of the wrapper's field
}

// Callback is a function over the repository itself.
type Callback struct {
	Param               int // index into the method's Params
	Context, Repository int // indices of the function's own parameters; Context may be -1
}

// Param is a parameter of a wrapper method.
type Param struct {
	Name     string // final
	Said     string // what directives call it: the user's name, else Name
	Type     types.Type
	Variadic bool
}

// Result is a result of a wrapper method.
type Result struct {
	Name string // final; for locals and named results
	Type types.Type
}

// Key is how a method's key is made.
type Key struct {
	Form   KeyForm
	Func   *FuncRef  // the entity's key function, taking Parts
	Parts  []KeyPart // one for each part of the entity's key
	Lister *Lister   // KeyListed
	// MayBeMade: of KeyOne and KeyEach, a zero key is made by the primary, which fills it in: such a call is one of KeyOut or KeyOutEach.
	MayBeMade bool
	Untold    bool // where it MayBeMade: the entity is handed over by value, and cannot be filled in
}

// Made is the method as it is for a call whose key is yet to be made: see Key.MayBeMade.
func (m *Method) Made() *Method {
	made := *m
	made.Key.Form, made.Key.MayBeMade = KeyOut, false
	if m.Key.Form == KeyEach {
		made.Key.Form = KeyOutEach
	}
	return &made
}

// MakesMany reports whether a write has keys that the primary makes, and several of them, or others beside.
func (m *Method) MakesMany() bool {
	return m.Key.Form == KeyOutEach || m.Key.Form.Made() && len(m.Also) > 0
}

// Lister is what lists the keys that a write may touch: a method of the interface, one that the stores alone have, or a
// function over a store. It returns a slice of entities, or of keys; or one entity.
type Lister struct {
	Method  *Method
	Func    *FuncRef // instead of a method: its first parameters are context and store
	Args    []int    // for each of its other parameters, the write's that it is given; -1 for the context
	Spread  bool     // the last is variadic
	Fails   bool     // it returns an error last
	Keys    bool     // it returns keys, of one part each; else entities
	Pointer bool     // it returns pointers to them
	One     bool     // it returns one entity, not a slice
	Found   bool     // and whether there is one, before the error
}

// Name is what the user calls it.
func (l *Lister) Name() string {
	if l.Method != nil {
		return l.Method.Name
	}
	return l.Func.Name
}

// KeyPart is an expression over a parameter (or a result): a path of fields and getters.
type KeyPart struct {
	Param int        // index into Params; for KeyResult into Results
	Path  []PathStep // from the parameter (for KeyEach: from its element) to the part
	Type  types.Type
	Deref bool // the value at the path's end is a pointer to the part
}

// Time is how a method tells the time of its keys.
type Time struct {
	Part KeyPart // a time.Time, or an integer that counts Unit since 1970
	Each bool    // one for each element of the parameter
	Unit string  // "s", "ms", "us", "ns"; "" for a time.Time
}

// PathStep is one selector.
type PathStep struct {
	Name string
	Call bool // a getter
	Ptr  bool // the value selected from is a pointer that may be nil
}

// StoreCall is one store's own method and the conversions around it.
type StoreCall struct {
	Method   string     // the store's own name for it
	Func     *FuncRef   // a user's function instead of a method: its first parameters are context and store
	Context  bool       // the store's method takes a context first
	Error    bool       // the store's method returns an error last
	Args     []Arg      // one for each of the store's parameters but the context
	Returns  int        // how many results the store's method has, the error not counted
	Results  []Arg      // one for each result of the interface but the error, and but the found flag that the store has not
	Variadic bool       // the last argument is passed with ...
	NotFound *NotFound  // how "absent" is translated
	Errors   []ErrorMap // how other errors are, the first that fits
}

// Arg is one converted value.
type Arg struct {
	Index int  // the parameter (or result) it comes from
	Conv  Conv // how
	// Back converts what the store filled into the value behind its pointer, to be assigned behind the caller's pointer
	// after the call; nil where the store fills nothing in.
	Back Conv
	// Diff compares it with what is there, where the conversion leaves out what the caller's struct keeps to itself: it is
	// assigned only if the store did fill something in. nil where nothing is left out.
	Diff *FuncRef
}

// NotFound translates the store's way to say "absent" into the interface's.
type NotFound struct {
	Store  *FuncRef // the store's sentinel error, or nil if it says so by Nil or Found
	Caller *FuncRef // the interface's sentinel error, or nil likewise
	// StoreTest: Store is a function that tells the error, func(error) bool.
	StoreTest bool
	// Nil: the result is nil. Found: a bool, the last result but the error, is false.
	StoreNil, StoreFound, CallerNil, CallerFound bool
}

// ErrorMap translates one error of a store into one of the interface's, so that callers get both.
type ErrorMap struct {
	Caller *FuncRef
	Store  *FuncRef
	Test   bool // Store is a function that tells the error, func(error) bool
}

// FuncRef names a function, or another package-level value, to be used in the output.
type FuncRef struct {
	Name     string
	Package  *types.Package // nil: the output's own
	Fallible bool           // returns an error last
	Context  bool           // takes a context first

	TypeParams []*types.TypeParam // of a generated helper: those that its types mention
	Codecs     []*types.TypeParam // of a helper for keys: those whose codecs it takes first
}

// Guard pins the fields of a struct.
type Guard struct {
	Type   types.Type
	Fields []*types.Var
}
