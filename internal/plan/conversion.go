package plan

import (
	"go/types"
	"time"
)

// Conv says how a value of one type becomes a value of another: an expression over that value, here called x. Fallible and
// NeedsContext say what the expression asks of its surroundings; both are final once the planner's Functions was called.
type Conv interface{ conv() }

// The conversions.
type (
	// Same is x itself.
	Same struct{}

	// Cast is To(x).
	Cast struct{ To types.Type }

	// Apply is Func(x, Operands...), with Types as explicit type arguments.
	Apply struct {
		Func     *FuncRef
		Types    []types.Type
		Operands []Operand
		Note     string // what it may lose or refuse, for explain; "" for nothing
	}

	// Getter is x.Name().
	Getter struct {
		Name     string
		Fallible bool
		Pointer  bool // its receiver is a pointer
	}

	// Select is x.Name.
	Select struct{ Name string }

	// Build is Type{Field: x, Valid: true}; without Valid where it is "".
	Build struct {
		Type         types.Type
		Field, Valid string
	}

	// Whole is x[:], of an array.
	Whole struct{}

	// Chain applies one conversion after the other.
	Chain []Conv

	// Each converts what a slice, map, set or pointer holds, by a helper of runtime/convert that has a second form
	// for steps that can fail.
	Each struct {
		Shape    Shape
		From, To types.Type // of the whole
		Elem     Step       // of one element; of a set, one key
		Key      *Step      // of one key of a map, else nil
	}

	// Codec is what a type parameter's codec makes of x: the text of a key, or with Parse the value of a text.
	Codec struct {
		Param *types.TypeParam
		Parse bool
	}

	// OverStore makes a function over the store of one over the repository: func(tx *pg.Users) error { return x(oldUsers{tx}) }.
	OverStore struct {
		To         types.Type // the store's function
		Params     []int      // for each parameter of the repository's function the store's; -1 for the context of outside
		Repository int        // the one that is the repository
		Shim       *Shim      // what the store is put in; nil where it can be the repository as it is
		TypeParams []*types.TypeParam
	}

	// Func makes a function of type To of another: func(r pg.Row) error { return x(userFromOld(r)) }.
	Func struct {
		To       types.Type
		Args     []Step  // what To is given, to what the other takes
		Back     []*Step // what the other may have changed behind a pointer, to what To was given; nil where nothing goes back
		Results  []Step  // without the error
		Error    bool    // both return an error last
		Variadic bool
	}

	// Lossy is Conv, which may lose what Note says.
	Lossy struct {
		Conv Conv
		Note string
	}
)

// Step is a conversion and its two types, so that it can be printed as a function.
type Step struct {
	From, To types.Type
	Conv     Conv
}

// Shape is what an Each goes through.
type Shape uint8

// The shapes.
const (
	SliceShape   Shape = iota + 1 // []A to []B, nil kept
	MapShape                      // map[K]A to map[L]B, nil kept
	SetToSlice                    // map[K]struct{} to []L, in ascending order
	SliceToSet                    // []K to map[L]struct{}
	PointerShape                  // *A to *B, nil kept
	ValueShape                    // *A to B: nil is an error
	SeqShape                      // iter.Seq[A] to iter.Seq[B], nil kept
	PairsShape                    // iter.Seq2[K, A] to iter.Seq2[L, B], nil kept
	ResultsShape                  // iter.Seq2[A, error] to iter.Seq2[B, error], nil kept: a conversion that fails is yielded
)

// Operand is a further argument of an Apply.
type Operand interface{ operand() }

// The operands.
type (
	// DurationOperand is a duration: time.Millisecond, 5*time.Second.
	DurationOperand time.Duration
	// TextOperand is a string literal.
	TextOperand string
	// NumberOperand is a number.
	NumberOperand int64
)

// Function is a generated helper.
type Function interface{ function() }

// The generated helpers. Ref of each is how others call it.
type (
	// StructFunc makes a struct of another. It takes From and returns To, and an error if Ref is Fallible.
	StructFunc struct {
		Ref      *FuncRef
		From, To types.Type
		Whole    bool // the structs differ in nothing but tags: To(x)
		Fields   []FieldConv
		Assembly *Assembly // how To is made of Fields, one for each part; nil for a literal
	}

	// OptionFunc converts between a struct with a value and a flag (sql.NullString, pgtype.Text), a pointer and a value.
	OptionFunc struct {
		Ref      *FuncRef
		From, To types.Type
		In, Out  Option
		Elem     Conv   // of the value inside: In.Type to Out.Type
		Null     Null   // what a missing value becomes where Out is a plain value
		Zero     bool   // a zero value, or Value, becomes a missing one, where In is a plain value
		Value    *Value // what a missing value is instead of the zero value; nil for none
	}

	// EnumFunc converts between enums constant by constant; any other value is an error. Without Pairs, To(x) must be one of
	// Members.
	EnumFunc struct {
		Ref      *FuncRef
		From, To types.Type
		Pairs    []EnumPair
		Members  []*types.Const
	}

	// DiffFunc lists the fields in which two values of Type differ: func(a, b Type) []dual.Difference.
	DiffFunc struct {
		Ref    *FuncRef
		Type   types.Type
		Fields []FieldCompare // of a struct
		Whole  Compare        // of any other type
		Finite bool           // it looks first whether the values end
	}

	// CloneFunc copies a value of Type and all mutable memory that it reaches: func(Type) Type.
	CloneFunc struct {
		Ref    *FuncRef
		Type   types.Type
		Fields []FieldClone // of a struct: the fields that need more than assignment
		Made   *Rebuilt     // of a struct that is made again by its constructor; nil for none
		Items  Conv         // of an array: each of its elements
		Whole  Conv         // of any other type
		Finite bool         // it looks first whether the value ends
	}

	// KeyFunc makes an entity's key of its parts: func(parts...) dual.Key.
	KeyFunc struct {
		Ref   *FuncRef
		Kind  string
		Parts []KeyCodec
	}

	// ParseKeyFunc makes the parts of a key: func(dual.Key) (parts..., error).
	ParseKeyFunc struct {
		Ref   *FuncRef
		Kind  string
		Parts []KeyCodec
	}
)

// FieldConv fills one field of a struct.
type FieldConv struct {
	Name   string      // of the destination's field
	Source []string    // selectors from the source to the value; more than one through embedded structs
	Conv   Conv        // nil where Nested is set; of an assembly's part, nil for the zero value
	Type   types.Type  // of the destination's field
	Nested []FieldConv // of an embedded struct, whose fields are filled one by one
	Path   string      // the field's name in errors
}

// Null says what a missing value becomes where the other side has no way to say it.
type Null uint8

// The policies.
const (
	NullError Null = iota // an error, the default
	NullZero              // the zero value, or the value that a directive names
)

// OptionForm is how a value that may be missing is spelled.
type OptionForm uint8

// The forms.
const (
	OptionValue   OptionForm = iota // it cannot be missing
	OptionPointer                   // nil
	OptionStruct                    // a flag beside it
)

// Option is one side of an OptionFunc.
type Option struct {
	Form     OptionForm
	Type     types.Type // of the value inside
	Value    string     // the field with the value, of a struct; "" if the struct is the value, with a flag inside
	Valid    string     // the field with the flag, of a struct
	Infinity string     // a field that must be zero (pgtype's InfinityModifier), or ""
}

// Value is a constant, or a literal.
type Value struct {
	Const *types.Const
	Text  string
}

// EnumPair are two constants that mean the same.
type EnumPair struct{ From, To *types.Const }

// Compare says when two values a and b of one type are equal.
type Compare interface{ compare() }

// The comparisons.
type (
	// CompareEqual is a == b.
	CompareEqual struct{}
	// CompareMethod is a.Name(b).
	CompareMethod struct{ Name string }
	// CompareTest is Func(a, b, Operands...), which returns a bool.
	CompareTest struct {
		Func     *FuncRef
		Operands []Operand
	}
	// CompareDiff is Func(a, b), which returns []dual.Difference.
	CompareDiff struct{ Func *FuncRef }
	// CompareEach is Func(a, b, Elem[ElemType]), which returns []dual.Difference: a helper of runtime/convert for what a slice,
	// map or pointer holds.
	CompareEach struct {
		Func     *FuncRef
		Elem     *FuncRef
		ElemType types.Type // Elem's type argument, or nil if it takes none
	}
)

// FieldCompare compares one field.
type FieldCompare struct {
	Name    string // "" for what is the whole value of its struct
	Read    Conv   // from the struct to the value; nil for the field itself
	Got     bool   // Read can fail: it gives a convert.Had of the value
	Type    types.Type
	Compare Compare
}

// FieldClone copies one field that holds mutable memory.
type FieldClone struct {
	Name   string
	Type   types.Type
	Conv   Conv
	Getter string  // the method that reads it; "" for the field itself
	Set    *Setter // the method that takes the copy; nil for the field itself
}

// Rebuilt makes a struct again of copies of its parts.
type Rebuilt struct {
	Assembly *Assembly
	Parts    []Conv // from the struct to the copy of each part
}

// KeyCodec writes one part of a key as text and reads it back.
type KeyCodec struct {
	Name   string // of the parameter and of the result
	Type   types.Type
	Canon  *FuncRef // what makes the stores' own form of a value, func(Type) Type; nil for none
	Encode Conv     // to string; cannot fail
	Decode Conv     // from string
}

// Conversion is one planned conversion, for explain.
type Conversion struct {
	Path     string // "User.CreatedAt", from the repository interface's type
	Store    int    // position
	ToStore  bool   // the direction
	From, To types.Type
	Rule     string   // the rule that applied
	Notes    []string // what it may lose or refuse
}

func (Same) conv()      {}
func (Cast) conv()      {}
func (Apply) conv()     {}
func (Getter) conv()    {}
func (Select) conv()    {}
func (Build) conv()     {}
func (Whole) conv()     {}
func (Chain) conv()     {}
func (Each) conv()      {}
func (Codec) conv()     {}
func (OverStore) conv() {}
func (Func) conv()      {}
func (Lossy) conv()     {}

func (DurationOperand) operand() {}
func (TextOperand) operand()     {}
func (NumberOperand) operand()   {}

func (*StructFunc) function()   {}
func (*OptionFunc) function()   {}
func (*EnumFunc) function()     {}
func (*DiffFunc) function()     {}
func (*CloneFunc) function()    {}
func (*KeyFunc) function()      {}
func (*ParseKeyFunc) function() {}

func (CompareEqual) compare()  {}
func (CompareMethod) compare() {}
func (CompareTest) compare()   {}
func (CompareDiff) compare()   {}
func (CompareEach) compare()   {}
