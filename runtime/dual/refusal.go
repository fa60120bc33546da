package dual

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A store that refuses a call for what the call is (a violated constraint, a malformed key, a value that is too long) has
// answered: nothing of the call is under way any more, and nothing will come of trying again. So the key of a refused write
// is settled at once. What a store method did before the statement that was refused may stand, so that the key is not taken
// for clean: its entity is compared, and copied if it differs.

// refusal is what an error says about the call that it ends.
type refusal uint8

const (
	notRefused refusal = iota // the outcome is not known
	refused                   // the store did not accept the call for what it is
	malformed                 // and no store of its kind can hold the key, or the call never reached it
)

// AddRefused tells the migration of errors by which the stores of an interface refuse a call for what the call is, beside those that
// are known and Config.Refused. Constructors of wrappers call it; a second call for the interface replaces the first.
func AddRefused(m *Migration, of string, refused func(error) bool) {
	if m.inside != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	all := maps.Clone(*m.refusals.Load())
	all[of] = refused
	m.refusals.Store(&all)
}

// refuses reports errors that are named as refusals.
func (m *Migration) refuses(err error) bool {
	if also := m.config.Refused; also != nil && also(err) {
		return true
	}
	for _, refused := range *m.refusals.Load() {
		if refused(err) {
			return true
		}
	}
	return false
}

// refusalOf looks at an error and whatever it wraps. Errors that are joined must all be refusals: one of a statement whose
// outcome is not known, beside one that was refused, leaves the outcome unknown. Also names further refusals; it may be nil.
func refusalOf(err error, also func(error) bool) refusal {
	for err != nil {
		if r := refusalIn(err); r != notRefused {
			return r
		}
		if also != nil && also(err) {
			return refused
		}
		switch wrapping := err.(type) {
		case interface{ Meant() error }: // convert.Meaning: the interface's error only names the store's
			err = wrapping.Meant()
		case interface{ Unwrap() error }:
			err = wrapping.Unwrap()
		case interface{ Unwrap() []error }:
			return leastRefusal(wrapping.Unwrap(), also)
		default:
			return notRefused
		}
	}
	return notRefused
}

func leastRefusal(errs []error, also func(error) bool) refusal {
	least := malformed
	for _, err := range errs {
		least = min(least, refusalOf(err, also))
	}
	if len(errs) == 0 {
		return notRefused
	}
	return least
}

// refusalIn looks at one error alone. This package imports no driver, so that it knows them by their methods, or by how their
// texts begin.
func refusalIn(err error) refusal {
	switch e := err.(type) {
	case interface{ SQLState() string }: // pgx, lib/pq
		return refusalOfState(e.SQLState())
	case interface{ Unsent() bool }: // convert.CallError
		if e.Unsent() {
			return malformed
		}
		return notRefused
	case interface { // gocql's answers of a server
		Code() int
		Message() string
	}:
		if e.Code() == cassandraInvalid {
			return malformed
		}
		return notRefused
	}
	return refusalOfText(err.Error())
}

// cassandraInvalid: the statement is syntactically right, and cannot be run with these values.
const cassandraInvalid = 0x2200

// malformedStates are the SQLSTATEs of values that have no form which the type knows.
var malformedStates = []string{"22P02", "22P03", "22P05", "22021", "22007"}

// refusalOfState tells by an SQLSTATE: data exception, integrity constraint violation, WITH CHECK OPTION violation, limit
// exceeded (a key too long for an index), and what a trigger raises.
func refusalOfState(state string) refusal {
	switch {
	case slices.Contains(malformedStates, state):
		return malformed
	case len(state) != 5:
		return notRefused
	}
	switch state[:2] {
	case "22", "23", "44", "54":
		return refused
	}
	if state == "P0001" {
		return refused
	}
	return notRefused
}

// mysqlRefusals are the numbers of MySQL whose SQLSTATE does not tell: no default, data truncated, incorrect value, CHECK;
// and an unknown column, as NaN and Inf are taken for where interpolateParams writes them into the statement.
var mysqlRefusals = []int{1054, 1364, 1265, 1366, 3819, 4025}

// malformedTexts begin the errors of drivers that could not send a value.
var malformedTexts = []string{
	"failed to encode args[",   // pgx
	"sql: converting argument", // database/sql
	"can not marshal ",         // gocql, and what follows
	"cannot marshal ",
	"marshal tinyint: value ",
	"marshal smallint: value ",
	"marshal int: value ",
	"marshal bigint: value ",
	"marshal: collection too large",
	`invalid UUID "`,
}

// sqliteRefusals stand in the errors of SQLite's drivers.
var sqliteRefusals = []string{"constraint failed", "datatype mismatch", "string or blob too big"}

// refusalOfText tells by the text of an error that has no method for it.
func refusalOfText(text string) refusal {
	for _, beginning := range malformedTexts {
		if strings.HasPrefix(text, beginning) {
			return malformed
		}
	}
	if rest, ok := strings.CutPrefix(text, "Error "); ok { // go-sql-driver: "Error 1062 (23000): ..."
		return refusalOfMySQL(rest)
	}
	for _, part := range sqliteRefusals {
		if strings.HasPrefix(text, part) || strings.HasPrefix(afterName(text), part) {
			return refused
		}
	}
	return notRefused
}

func refusalOfMySQL(rest string) refusal {
	head, _, ok := strings.Cut(rest, ":")
	number, state, withState := strings.Cut(head, " ")
	code, err := strconv.Atoi(number)
	switch {
	case !ok || err != nil:
		return notRefused
	case slices.Contains(mysqlRefusals, code):
		return refused
	case withState:
		return min(refused, refusalOfState(strings.Trim(state, "()")))
	}
	return notRefused
}

// afterName is what follows the name of a constraint's kind: "UNIQUE constraint failed: users.id".
func afterName(text string) string {
	for _, name := range []string{"UNIQUE ", "NOT NULL ", "CHECK ", "PRIMARY KEY ", "FOREIGN KEY "} {
		if rest, ok := strings.CutPrefix(text, name); ok {
			return rest
		}
	}
	return ""
}
