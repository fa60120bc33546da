package directive

import (
	"slices"

	"github.com/dualgen/dualgen/internal/plan"
)

// Row describes one directive. Where it may stand is where there is something to attach it to.
type Row struct {
	Verb  string
	Usage string // after //dualgen:, one form or several with | between
	Help  string // one line

	parse  func(*arguments) Directive
	method attachment // above a method; nil where it may not stand there
	// all attaches it where it stands above the interface and speaks of it. Where it is nil, the first argument names the methods
	// that it speaks of.
	all attachment
}

// OnMethod reports whether the directive may stand above a method.
func (r *Row) OnMethod() bool { return r.method != nil }

// Named reports whether the directive, above the interface, names the methods that it speaks of.
func (r *Row) Named() bool { return r.all == nil }

// Rows are all directives, in the order of the documentation.
func Rows() []Row {
	kind := toMethod(func(m *Method) **Kind { return &m.Kind })
	return []Row{
		{"read", "read", "the method reads", kindParser(plan.Read, false), kind, nil},
		{"write", "write", "the method writes", kindParser(plan.Write, false), kind, nil},
		{"delete", "delete", "the method deletes: its mirror may find nothing", kindParser(plan.Write, true), kind, nil},
		{"lifecycle", "lifecycle", "the method is called on both stores", kindParser(plan.Lifecycle, false), kind, nil},
		{"primary", "primary", "the method is called on the primary alone", kindParser(plan.Primary, false), kind, nil},
		{"transaction", "transaction", "the method runs a function over the repository in one transaction", kindParser(plan.Transaction, false), kind, nil},
		{"entity", "entity User key=ID get=Get put=Save delete=Delete scan=Scan methods=Rename,Ban | entity Event key=ID appendonly | entity Mark key=id writeonly abandon | entity User shared", "how an entity is copied; above a method, which one it touches",
			parseEntity, toMethod(func(m *Method) **Of { return &m.Of }), attachEntity},
		{"key", "key id | key each users.ID | key each from,to | key result.ID | key out u.ID | key out each users.ID | key list Method | key none | key Code=code.ID Request=none", "which entities the method touches",
			parseKey, toMethod(func(m *Method) **Key { return &m.Key }), nil},
		{"mirror", "mirror replay | mirror copy | mirror skip", "how a write reaches the mirror",
			parseMirror, toMethod(func(m *Method) **Mirror { return &m.Mirror }), nil},
		{"compare", "compare ignore=UpdatedAt round=CreatedAt:1ms unordered | compare equal=PublicKey:sameKey fields=Plan | compare none", "when two results are equal",
			parseCompare, toMethod(func(m *Method) **Compare { return &m.Compare }), toAll(func(s *Set) *[]*Compare { return &s.Compares })},
		{"call", "call old=FindByID new=ByID", "the stores' own names for the method",
			parseCall, callToMethod, nil},
		{"field", "field User.FullName old=name new=full_name get=Name set=SetName", "which fields correspond, and how their values do",
			parseField, nil, toAll(func(s *Set) *[]*Field { return &s.Fields })},
		{"ignore", "ignore new.User.Search", "a field that is left out on purpose",
			parseIgnore, nil, toAll(func(s *Set) *[]*Ignore { return &s.Ignores })},
		{"convert", "convert TextToEmail", "functions that convert",
			parseConvert, nil, toAll(func(s *Set) *[]*Convert { return &s.Converts })},
		{"construct", "construct NewUser", "functions that make a value of an opaque type",
			parseConstruct, nil, toAll(func(s *Set) *[]*Construct { return &s.Constructs })},
		{"notfound", "notfound ErrNotFound old=sql.ErrNoRows new=gocql.ErrNotFound", "by which errors callers and stores say that there is no such entity",
			parseNotFound, toMethod(func(m *Method) **NotFound { return &m.NotFound }), toAll(func(s *Set) *[]*NotFound { return &s.NotFounds })},
		{"error", "error ErrExists old=pg.ErrDuplicate new=none", "by which of their errors the stores say one of the interface's",
			parseError, eachToMethod(func(m *Method) *[]*Error { return &m.Errors }), toAll(func(s *Set) *[]*Error { return &s.Errors })},
		{"refused", "refused ErrTaken pg.IsTooLong", "by which errors a store refuses a write for what it is, so that nothing of it is under way",
			parseRefused, nil, toAll(func(s *Set) *[]*Refused { return &s.Refusals })},
		{"noeffect", "noeffect ErrTaken pg.IsTooLong", "by which errors a store says that nothing of the method's write stands",
			parseNoEffect, toMethod(func(m *Method) **NoEffect { return &m.NoEffect }), nil},
		{"idempotent", "idempotent", "a write that a queue may repeat: it means the same twice in a row as once",
			parseIdempotent, toMethod(func(m *Method) **Idempotent { return &m.Idempotent }), nil},
		{"ttl", "ttl Session.Expires Extend.until", "the field that says when an entity is gone, and parameters that set it",
			parseTTL, nil, toAll(func(s *Set) *[]*TTL { return &s.TTLs })},
		{"rollover", "rollover Day unit=s", "the time that a key carries, for timed rollover",
			parseRollover, toMethod(func(m *Method) **Rollover { return &m.Rollover }), toAll(func(s *Set) *[]*Rollover { return &s.Rollovers })},
		{"cursor", "cursor token | cursor token next | cursor token result.Next", "a cursor that only the store that made it understands",
			parseCursor, toMethod(func(m *Method) **Cursor { return &m.Cursor }), nil},
		{"canonical", "canonical User.Email=strings.ToLower", "how the stores normalise a part of a key",
			parseCanonical, nil, toAll(func(s *Set) *[]*Canonical { return &s.Canonicals })},
		{"gen", "gen Email=randomEmail", "how generated tests make values of a field",
			parseGen, nil, toAll(func(s *Set) *[]*Gen { return &s.Gens })},
	}
}

// Verbs are the names of all directives.
func Verbs() []string {
	var names []string
	for _, row := range Rows() {
		names = append(names, row.Verb)
	}
	return names
}

// rowOf is the row of a directive, or nil.
func rowOf(verb string) *Row {
	rows := Rows()
	if i := slices.IndexFunc(rows, func(r Row) bool { return r.Verb == verb }); i >= 0 {
		return &rows[i]
	}
	return nil
}
