package dual

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// sqlError is an error of a driver with an SQLSTATE.
type sqlError string

func (e sqlError) Error() string    { return "refused with " + string(e) }
func (e sqlError) SQLState() string { return string(e) }

// cqlError is an error of a driver with a code of Cassandra.
type cqlError int

func (e cqlError) Error() string   { return "refused" }
func (e cqlError) Code() int       { return int(e) }
func (e cqlError) Message() string { return "refused" }

// meant is what convert.Meaning makes: a store's error that another one names.
type meant struct{ caller, store error }

func (e meant) Error() string   { return e.caller.Error() }
func (e meant) Unwrap() []error { return []error{e.caller, e.store} }
func (e meant) Meant() error    { return e.store }

func meaning(caller, store error) error { return meant{caller, store} }

func TestRefusalOf(t *testing.T) {
	wrap := func(err error) error { return fmt.Errorf("save: %w", err) }
	own := errors.New("own")
	for _, c := range []struct {
		err  error
		want refusal
	}{
		{nil, notRefused},
		{sqlError("23505"), refused}, {sqlError("22003"), refused}, {sqlError("44000"), refused}, {sqlError("54000"), refused},
		{sqlError("P0001"), refused}, {sqlError("22P02"), malformed}, {sqlError("22021"), malformed},
		{sqlError("57014"), notRefused}, {sqlError("40001"), notRefused}, {sqlError("08006"), notRefused}, {sqlError("53300"), notRefused},
		{sqlError("42501"), notRefused}, {sqlError(""), notRefused},
		{cqlError(0x2200), malformed}, {cqlError(0x1100), notRefused}, {cqlError(0x1000), notRefused},
		{errors.New("Error 1062 (23000): Duplicate entry 'a' for key 'PRIMARY'"), refused},
		{errors.New("Error 1406 (22001): Data too long for column 'name' at row 1"), refused},
		{errors.New("Error 1366 (HY000): Incorrect integer value"), refused},
		{errors.New("Error 3819: Check constraint 'c' is violated"), refused},
		{errors.New("Error 1205 (HY000): Lock wait timeout exceeded"), notRefused},
		{errors.New("Error 1213 (40001): Deadlock found"), notRefused},
		{errors.New("Error reading: 23000"), notRefused},
		{errors.New("constraint failed: UNIQUE constraint failed: users.id (1555)"), refused},
		{errors.New("UNIQUE constraint failed: users.id"), refused},
		{errors.New("database is locked (5) (SQLITE_BUSY)"), notRefused},
		{errors.New("failed to encode args[0]: unable to encode"), malformed},
		{errors.New("marshal int: value 1099511627776 out of range"), malformed}, {errors.New(`invalid UUID "no uuid"`), malformed},
		{errors.New("Error 1054 (42S22): Unknown column 'NaN' in 'VALUES'"), refused}, {errors.New("unmarshal int: value 1099511627776 out of range"), notRefused},
		{errors.New("the proxy failed to encode args[0]"), notRefused},
		{context.DeadlineExceeded, notRefused}, {own, refused},
		{errors.Join(sqlError("23505"), context.Canceled), notRefused},
		{errors.Join(sqlError("23505"), sqlError("22P02")), refused},
		{errors.Join(sqlError("22P02"), sqlError("22021")), malformed},
		{fmt.Errorf("%w: %w", sqlError("23505"), context.Canceled), notRefused},
		{meaning(errors.New("exists"), sqlError("23505")), refused}, {meaning(errors.New("exists"), own), refused},
		{meaning(own, context.Canceled), notRefused}, {meaning(errors.New("stale"), errors.New("version")), notRefused},
	} {
		also := func(err error) bool { return err == own }
		assert.Equal(t, c.want, refusalOf(c.err, also), "%v", c.err)
		if c.err != nil {
			assert.Equal(t, c.want, refusalOf(wrap(wrap(c.err)), also), "%v, wrapped", c.err)
		}
	}
}
