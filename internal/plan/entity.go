package plan

import (
	"go/token"
	"go/types"
)

// Entity is one kind of thing that the interface stores.
type Entity struct {
	Name        string     // "User": the kind in the journal
	Type        types.Type // its type in the repository interface, without pointer
	Pos         token.Position
	Entry       *Entry    // Type is a struct of the output's own; nil for a type of the user's
	Key         []KeyPart // of the entity's value (Param is 0 and means the entity)
	KeyFunc     *FuncRef  // func(parts...) dual.Key
	ParseFunc   *FuncRef  // func(dual.Key) (parts..., error)
	Diff, Clone *FuncRef

	// Get, Put, PutElse, Delete and Scan say how one entity is copied; nil where the interface offers none.
	Get, Put, PutElse, Delete *EntityCall
	// PutMany stores all entities of a list, whether they are there or not; nil where there is no such method.
	PutMany *EntityCall
	Scan    *ScanCall
	Since   *ScanCall // lists what was stored since a time, which it takes before all others; nil for none
	Field   string    // of the wrapper
	Expires string    // the field of Type that is the moment from which an entity is gone; "" for none
	// Abandon says that a kind which nothing can copy is given up, by directive.
	Abandon bool
}

// Entry is a value and the key that lies beside it, as one struct.
type Entry struct {
	Name   string
	Fields []string   // the parts of the key, then the value
	Value  types.Type // without pointer
}

// EntityCall is a method used to copy an entity: of the repository, of the stores only, or a user's function.
type EntityCall struct {
	Method *Method  // a method of the repository or of the internal store interface
	Func   *FuncRef // or a function: func(ctx, store, …)
	// Pointer: the entity travels as a pointer. Modify: Method takes a function that returns the entity.
	Pointer, Modify bool
}

// ScanForm is the shape of a listing method.
type ScanForm uint8

// The shapes.
const (
	ScanAfterKey ScanForm = iota + 1 // (ctx, after K…, limit int) ([]E, error): keys greater than after
	ScanCursor                       // (ctx, cursor string, limit int) ([]E, string, error)
	ScanAll                          // (ctx) ([]E, error)
	ScanSeq                          // (ctx) iter.Seq2[E, error]
	ScanEach                         // (ctx, func(E) error) error
	ScanMap                          // (ctx) (map[K]V, error), of an Entry
	ScanKeys                         // (ctx) ([]K, error), of an Entry: each is read by Get
)

// ScanCall lists all entities.
type ScanCall struct {
	EntityCall
	Form ScanForm
}
