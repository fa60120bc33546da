package directive

import "go/token"

// Set is what is said of an interface.
type Set struct {
	Methods    map[string]*Method
	Entities   []*Entity
	Fields     []*Field
	Ignores    []*Ignore
	Converts   []*Convert
	Constructs []*Construct
	Compares   []*Compare
	NotFounds  []*NotFound
	Errors     []*Error
	Refusals   []*Refused
	Rollovers  []*Rollover
	TTLs       []*TTL
	Gens       []*Gen
	Canonicals []*Canonical
	// Proposed are the positions of the directives that still have a question mark.
	Proposed []token.Position
}

// Method is what is said of one method.
type Method struct {
	Kind     *Kind
	Key      *Key
	Mirror   *Mirror
	Call     *Call
	Of       *Of
	Compare  *Compare
	NotFound *NotFound
	Errors   []*Error
	NoEffect *NoEffect
	// Idempotent says that the write means the same twice in a row as once.
	Idempotent *Idempotent
	Rollover   *Rollover
	Cursor     *Cursor
	Bad        bool // one of its directives could not be read
}

// Of is what is said of a method; empty where nothing is.
func (s *Set) Of(method string) *Method {
	m := s.Methods[method]
	if m == nil {
		m = &Method{}
		if s.Methods == nil {
			s.Methods = map[string]*Method{}
		}
		s.Methods[method] = m
	}
	return m
}
