// Package directive reads //dualgen: comments into typed values. One table says of each directive how it is written, where it may
// stand, what of the set it fills, and how its arguments are parsed.
package directive

import (
	"go/token"
	"time"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Directive is one //dualgen: comment, typed. The set is closed.
type Directive interface {
	common() Said
}

// Said is what all directives have: their verb and where they stand.
type Said struct {
	Verb     string
	Pos      token.Position
	Proposed bool // it has a question mark behind its verb: nobody has decided yet
}

func (s Said) common() Said { return s }

// The directives that speak of one method.
type (
	// Kind is read, write, delete, lifecycle, primary, transaction.
	Kind struct {
		Said
		Kind    plan.Kind
		Deletes bool
	}

	// Key is key id; key each users.ID; key result.ID; key out u.ID; key list Expired; key none.
	Key struct {
		Said
		Form plan.KeyForm
		// Parts are paths, a parameter's name and the fields or getters behind it; for KeyListed the method's name.
		Parts []text.Word
		// Of are the keys of a write on several kinds, each with its kind's name: key Code=code.ID Request=none. Form is KeyNone then.
		Of []KeyOf
	}

	// KeyOf is what a key directive says of one kind.
	KeyOf struct {
		Kind  text.Word
		Parts []text.Word // nil for none: the whole kind
	}

	// Mirror is mirror replay, copy, skip.
	Mirror struct {
		Said
		Mode plan.MirrorMode
	}

	// Idempotent is idempotent.
	Idempotent struct{ Said }

	// Cursor is cursor token; cursor token next; cursor token result.Next.
	Cursor struct {
		Said
		Given, Made text.Word // Made may be ""
	}

	// Call is call old=FindByID new=ByID.
	Call struct {
		Said
		Names [2]text.Word
	}

	// Of is entity User, or entity User,Post, above a method.
	Of struct {
		Said
		Entity text.Word
		Also   []text.Word // the further kinds that a write touches
		Listed bool        // it was said by methods= of the entity's own directive, as others may say too
	}
)

// The directives that speak of the interface, or of its types.
type (
	// Entity is entity User key=ID get=Get put=Save delete=Delete scan=Scan methods=Rename,Ban.
	Entity struct {
		Said
		Entity  text.Word
		Type    text.Word // of its values, where entities of one type are kept apart
		Key     []text.Word
		Get     text.Word
		Put     []text.Word // the second serves where the first finds nothing, or finds one already
		Delete  text.Word
		Scan    text.Word
		Since   text.Word   // lists what was stored since a time
		Methods []text.Word // those that touch it, where that is not certain
		Abandon bool        // what one store alone has of it may be lost
		Shared  bool        // another repository that is handed out beside it has the same rows
	}

	// Field is field User.FullName old=name new=full_name null=zero unit=ms as=json enum=name lossy get=Name set=SetName.
	Field struct {
		Said
		Side                 string // of a store's struct, of which only get and set can be said
		Path                 text.Word
		Get, Set             string
		Names                [2]string
		Null, Unit, As, Enum string
		Lossy                bool
	}

	// Ignore is ignore new.User.Search.
	Ignore struct {
		Said
		Side string
		Path text.Word
	}

	// Convert is convert TextToEmail.
	Convert struct {
		Said
		Functions []text.Word
	}

	// Construct is construct NewUser pg.NewRow.
	Construct struct {
		Said
		Functions []text.Word
	}

	// Canonical is canonical User.Email=strings.ToLower.
	Canonical struct {
		Said
		Entity, Part, Function text.Word
	}

	// NoEffect is noeffect ErrTaken pg.IsTooLong, above a method.
	NoEffect struct {
		Said
		Errors []text.Word
	}

	// Refused is refused ErrTaken pg.IsTooLong.
	Refused struct {
		Said
		Errors []text.Word
	}

	// Gen is gen Email=randomEmail.
	Gen struct {
		Said
		Field, Function text.Word
	}
)

// The directives that speak of one method, or of all.
type (
	// Compare is compare ignore=UpdatedAt round=CreatedAt:1ms unordered equal=PublicKey:sameKey fields=Plan.
	Compare struct {
		Said
		Ignore    []string
		Round     map[string]time.Duration
		Unordered []string
		Equal     []text.Word // Type, Type:Function, Field:Function
		Fields    []string
		None      bool // the method's results cannot be compared
	}

	// TTL is ttl Session.Expires Extend.until.
	TTL struct {
		Said
		Field  text.Word
		Params []text.Word // that such a moment is given by
	}

	// Rollover is rollover Day, rollover Reading.At unit=ms; above a method, rollover day.
	Rollover struct {
		Said
		Path text.Word
		Unit string
		Used bool // it speaks of an entity
	}

	// NotFound is notfound ErrNotFound old=sql.ErrNoRows new=gocql.ErrNotFound.
	NotFound struct {
		Said
		Caller text.Word
		Stores [2]text.Word
	}

	// Error is error ErrExists old=pg.ErrDuplicate new=none.
	Error struct {
		Said
		Caller text.Word
		Stores [2]text.Word // "" where the store returns the interface's own; none where it never says so
	}
)
