package model

// Level says how a decision was come to.
type Level uint8

// The levels, the weakest first. There is no fourth way to decide: what is asked isn't decided, and what is likely isn't
// either until a person has looked at it.
const (
	Asked   Level = iota // nobody knows: a question says what would answer it
	Likely               // a proposal, which a person reviews
	Certain              // follows from types and a closed list of forms, with one candidate and no doubt against it
	Stated               // a directive says so
)

// String is the level's name in explain.
func (l Level) String() string { return [...]string{"asked", "likely", "certain", "stated"}[l] }

// Decided reports whether nobody has to look at a decision of the level.
func (l Level) Decided() bool { return l >= Certain }
