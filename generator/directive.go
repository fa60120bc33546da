package generator

import (
	"go/token"
	"time"

	"github.com/dualgen/dualgen/generator/plan"
)

// directive is one //dualgen: comment, typed. The set is closed.
type directive interface {
	verb() string
	position() token.Position
}

// said is what all directives have: their verb and where they stand.
type said struct {
	name string
	pos  token.Position
}

func (s said) verb() string             { return s.name }
func (s said) position() token.Position { return s.pos }

// The directives that speak of one method.
type (
	// kindDirective: read, write, delete, lifecycle, primary, transaction.
	kindDirective struct {
		said
		kind    plan.Kind
		deletes bool
	}

	// keyDirective: key id; key each users.ID; key result.ID; key out u.ID; key list Expired; key none.
	keyDirective struct {
		said
		form plan.KeyForm
		// parts are paths, a parameter's name and the fields or getters behind it; for KeyListed the method's name.
		parts []word
	}

	// mirrorDirective: mirror replay, copy, skip.
	mirrorDirective struct {
		said
		mode plan.MirrorMode
	}

	// cursorDirective: cursor token; cursor token next; cursor token result.Next.
	cursorDirective struct {
		said
		given, made word // made may be ""
	}

	// callDirective: call old=FindByID new=ByID.
	callDirective struct {
		said
		names [2]word
	}

	// kindOfDirective: entity User, above a method.
	kindOfDirective struct {
		said
		entity word
	}
)

// The directives that speak of the interface, or of its types.
type (
	// entityDirective: entity User key=ID get=Get put=Save delete=Delete scan=Scan methods=Rename,Ban.
	entityDirective struct {
		said
		entity  word
		key     []word
		get     word
		put     []word // the second serves where the first finds nothing, or finds one already
		delete  word
		scan    word
		methods []word // those that touch it, where that is not certain
	}

	// fieldDirective: field User.FullName old=name new=full_name null=zero unit=ms as=json enum=name lossy get=Name set=SetName.
	fieldDirective struct {
		said
		side                 string // of a store's struct, of which only get and set can be said
		path                 word
		get, set             string
		names                [2]string
		null, unit, as, enum string
		lossy                bool
	}

	// ignoreDirective: ignore new.User.Search.
	ignoreDirective struct {
		said
		side string
		path word
	}

	// convertDirective: convert TextToEmail.
	convertDirective struct {
		said
		functions []word
	}

	// constructDirective: construct NewUser pg.NewRow.
	constructDirective struct {
		said
		functions []word
	}

	// genDirective: gen Email=randomEmail.
	genDirective struct {
		said
		field, function word
	}
)

// The directives that speak of one method, or of all.
type (
	// compareDirective: compare ignore=UpdatedAt round=CreatedAt:1ms unordered.
	compareDirective struct {
		said
		ignore    []string
		round     map[string]time.Duration
		unordered []string
	}

	// rolloverDirective: rollover Day, rollover Reading.At unit=ms; above a method, rollover day.
	rolloverDirective struct {
		said
		path word
		unit string
		used bool // it speaks of an entity
	}

	// notFoundDirective: notfound ErrNotFound old=sql.ErrNoRows new=gocql.ErrNotFound.
	notFoundDirective struct {
		said
		caller word
		stores [2]word
	}
)

// placement says where a directive may stand.
type placement uint8

const (
	onMethod placement = 1 << iota
	onInterface
)

// verbSpec describes one directive.
type verbSpec struct {
	name  string
	where placement
	// named: above the interface, the first argument names the methods it speaks of.
	named bool
	usage string // after //dualgen:
	parse func(*arguments) directive
}

// verbSpecs are all directives, in the order of the documentation.
func verbSpecs() []verbSpec {
	return []verbSpec{
		{"read", onMethod | onInterface, true, "read", kindParser(plan.Read, false)},
		{"write", onMethod | onInterface, true, "write", kindParser(plan.Write, false)},
		{"delete", onMethod | onInterface, true, "delete", kindParser(plan.Write, true)},
		{"lifecycle", onMethod | onInterface, true, "lifecycle", kindParser(plan.Lifecycle, false)},
		{"primary", onMethod | onInterface, true, "primary", kindParser(plan.Primary, false)},
		{"transaction", onMethod | onInterface, true, "transaction", kindParser(plan.Transaction, false)},
		{"entity", onMethod | onInterface, false, "entity User key=ID get=Get put=Save delete=Delete scan=Scan methods=Rename,Ban", parseEntity},
		{"key", onMethod | onInterface, true, "key id | key each users.ID | key result.ID | key out u.ID | key list Method | key none", parseKey},
		{"mirror", onMethod | onInterface, true, "mirror replay | mirror copy | mirror skip", parseMirror},
		{"compare", onMethod | onInterface, false, "compare ignore=UpdatedAt round=CreatedAt:1ms unordered", parseCompare},
		{"call", onMethod | onInterface, true, "call old=FindByID new=ByID", parseCall},
		{"field", onInterface, false, "field User.FullName old=name new=full_name get=Name set=SetName", parseField},
		{"ignore", onInterface, false, "ignore new.User.Search", parseIgnore},
		{"convert", onInterface, false, "convert TextToEmail", parseConvert},
		{"construct", onInterface, false, "construct NewUser", parseConstruct},
		{"notfound", onMethod | onInterface, false, "notfound ErrNotFound old=sql.ErrNoRows new=gocql.ErrNotFound", parseNotFound},
		{"rollover", onMethod | onInterface, false, "rollover Day unit=s", parseRollover},
		{"cursor", onMethod | onInterface, true, "cursor token | cursor token next | cursor token result.Next", parseCursor},
		{"gen", onInterface, false, "gen Email=randomEmail", parseGen},
	}
}

// verbNames are the names of all directives.
func verbNames() []string {
	var names []string
	for _, spec := range verbSpecs() {
		names = append(names, spec.name)
	}
	return names
}
