package convert_test

import (
	"encoding/json"
	"math"
	"math/big"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/dualgen/dualgen/runtime/convert"
)

// facts are what the shims refuse, and what drivers and servers make of values.
var facts = []*fact{
	// What shims refuse.
	{field: `litemy\.Color`, row: "string", what: "no constant of the enum, says its marshaler", of: notConstant, refused: true},
	{field: `mypg\.(Color|Level)`, what: "no constant of the enum", of: notConstant, fails: convert.ErrUnknown},
	{field: `pgcql\.Level`, row: `cqlstore\.Level`, what: "no constant of the enum", of: notConstant, fails: convert.ErrUnknown},
	{field: `pgcql\.Color`, column: "color", what: "no constant of the column's enum", of: notConstant, refused: true},
	{row: "int16", what: "more than 16 bits", of: beyond(math.MinInt16, math.MaxInt16), fails: convert.ErrRange},
	{row: `(\[\])?int32|\*int32`, what: "more than 32 bits", of: beyond(math.MinInt32, math.MaxInt32), fails: convert.ErrRange},
	{row: "int64", what: "more than 63 bits without a sign", of: beyond(math.MinInt64, math.MaxInt64), fails: convert.ErrRange},
	{field: `pgcql\.TimeKey|cqllite\.When`, row: ".*UUID", what: "a UUID without a time in it", of: is(func(id uuid.UUID) bool { return id.Version() != 1 }), fails: convert.ErrRange},
	{field: `pgcql\.(Took|Clock)`, row: "int64|pgtype.Time", what: "no whole microseconds", of: is(func(d time.Duration) bool { return d%time.Microsecond != 0 }), fails: convert.ErrRange},
	{field: `.*\.Wait`, row: "int64", what: "no whole milliseconds", of: is(func(d time.Duration) bool { return d%time.Millisecond != 0 }), fails: convert.ErrRange},
	{field: `mypg\.Length|cqllite\.Took`, row: "u?int.*", column: "int.*|bigint|INTEGER", what: "no whole seconds", of: is(func(d time.Duration) bool { return d%time.Second != 0 }), fails: convert.ErrRange},
	{field: `.*\.Millis`, row: "int64", what: "cut off to the unit", of: is(finer(time.Millisecond)), becomes: to(cut(time.Millisecond)), declared: true},
	{field: `litemy\.Expires`, row: `\*int64`, what: "cut off to the unit", of: is(finer(time.Second)), becomes: to(cut(time.Second)), declared: true},
	{field: `litemy\.Nanos`, what: "a time before 1678 or after 2262", of: is(func(t time.Time) bool { return t.Year() < 1678 || t.Year() > 2261 }), fails: convert.ErrRange},
	{field: `cqllite\.Host`, what: "an address of 3 bytes", of: is(func(ip net.IP) bool { return len(ip) == 3 }), refused: true},
	{field: `.*\.Unix`, what: "a time beyond what drivers count", of: is(func(n int64) bool { return n > 1<<42 || n < -1<<42 }), fails: convert.ErrRange},
	{field: `.*\.(Micros|Coarse)`, row: `time\.Time`, what: "a time beyond what drivers count", of: is(func(n int64) bool { return n > 1<<62 || n < -1<<62 }), fails: convert.ErrRange},
	{field: `.*\.Stamp|mypg\.Text|cqllite\.Date`, row: "string", what: "a year of five digits", of: is(func(t time.Time) bool { return t.Year() < 0 || t.Year() > 9999 }), fails: convert.ErrRange},
	{field: `.*\.Token`, row: `gocql\.UUID|uuid\.UUID`, what: "no UUID", of: is(noUUID), fails: convert.ErrSyntax},
	{field: `.*\.Token`, row: "string", column: "uuid", what: "no UUID", of: is(noUUID), refused: true},
	{field: `.*\.Token`, column: "uuid", what: "upper case becomes lower", of: is(func(s string) bool { return s != strings.ToLower(s) }), becomes: to(strings.ToLower)},
	{field: asJSON, row: `json\.RawMessage|\[\]uint8|string`, what: "text that is not UTF-8", of: is(func(s string) bool { return !utf8.ValidString(s) }), fails: convert.ErrSyntax},
	{field: asJSON, row: `json\.RawMessage|\[\]uint8|string`, what: "JSON has no times beyond the year 9999", of: is(func(t time.Time) bool { return t.Year() < 0 || t.Year() > 9999 }), refused: true},
	{field: asJSON + "|pgcql.Loose", what: "JSON has no infinite numbers", of: is(func(f float64) bool { return math.IsInf(f, 0) }), refused: true},
	{field: `cqllite\.Attrs`, what: "a number above 2^53 in a map[string]any is read as a float64: declared lossy", of: is(func(json.Number) bool { return true }),
		becomes: func(n any) any { f, _ := n.(json.Number).Float64(); return f }, declared: true},
	{field: `(pgcql|mypg|litemy)\.(Attrs|Loose|Home)`, row: `json\.RawMessage|\[\]uint8|string`, what: "a number above 2^53 in a map[string]any is read as a float64", of: is(func(json.Number) bool { return true }),
		becomes: func(n any) any { f, _ := n.(json.Number).Float64(); return f }, copies: true},
	{row: `net\.IP`, what: "a zone", of: is(func(a netip.Addr) bool { return a.Zone() != "" }), fails: convert.ErrRange},
	{row: `net\.IP`, what: "an IPv4 address in the form of an IPv6 address", of: is(netip.Addr.Is4In6), fails: convert.ErrRange},

	// Postgres.
	{server: postgres, column: "jsonb", row: "map.*", what: "a number above 2^53 is read as a float64 by the driver, and no comparison sees it", unseen: true, of: is(func(json.Number) bool { return true }),
		becomes: func(n any) any { f, _ := n.(json.Number).Float64(); return f }},
	{server: postgres, column: `(text|varchar|character|color).*`, what: "text with a NUL, or that is not UTF-8", of: is(func(s string) bool { return strings.Contains(s, "\x00") || !utf8.ValidString(s) }), refused: true},
	{server: postgres, column: "jsonb", what: "a NUL in JSON", of: is(func(s string) bool { return strings.Contains(s, "\x00") }), refused: true},
	{server: postgres, column: "jsonb", what: "a NUL in JSON", of: is(func(m json.RawMessage) bool { return strings.Contains(string(m), `\u0000`) }), refused: true},
	{server: postgres, column: "jsonb", row: "map.*", what: "text that is not UTF-8: the driver replaces what is broken", unseen: true, of: is(func(s string) bool { return !utf8.ValidString(s) }),
		becomes: to(func(s string) string { return strings.ReplaceAll(s, "\xff\xfe", "\ufffd\ufffd") })},
	{server: postgres, column: "jsonb?", what: "text that is no JSON", of: is(func(m json.RawMessage) bool { return m != nil && !json.Valid(m) }), refused: true},
	{server: postgres, column: `character\(10\)`, what: "more than 10 characters", of: is(func(s string) bool { return utf8.RuneCountInString(strings.TrimRight(s, " ")) > 10 }), refused: true},
	{server: postgres, column: `character\(10\)`, what: "padded with spaces", of: is(func(s string) bool { return padded(s) != s }), becomes: to(padded)},
	{server: postgres, column: `numeric\(12,2\)`, what: "too large", of: is(func(d decimal.Decimal) bool { return d.Abs().Round(2).Cmp(decimal.New(1, 10)) >= 0 }), refused: true},
	{server: postgres, column: `numeric\(12,2\)`, what: "rounded to two places", of: is(func(d decimal.Decimal) bool { return !d.Round(2).Equal(d) }), becomes: to(func(d decimal.Decimal) decimal.Decimal { return d.Round(2) })},
	{server: postgres, column: `numeric\(40,0\)`, what: "too large", of: is(func(i *big.Int) bool { return i.BitLen() > 132 }), refused: true},
	{server: postgres, column: "timestamp", what: "the clock on the wall, without its zone", of: is(hasZone), becomes: to(wall)},
	{server: postgres, column: `timestamp(tz)?(\[\])?`, row: ".*", what: "cut off to microseconds", of: is(finer(time.Microsecond)), becomes: to(cut(time.Microsecond)), declared: true},
	{server: postgres, column: "date", what: "the day on the wall, without the time of day", of: is(func(t time.Time) bool { return !wallDay(t).Equal(t) }), becomes: to(wallDay)},
	{server: postgres, column: "interval", what: "cut off to microseconds", of: is(func(d time.Duration) bool { return d%time.Microsecond != 0 }), becomes: to(func(d time.Duration) time.Duration { return d.Truncate(time.Microsecond) }), declared: true},
	{server: postgres, column: "time", what: "more than a day, or less than nothing", of: is(func(d time.Duration) bool { return d < 0 || d > 24*time.Hour }), refused: true},
	{server: postgres, column: "inet", what: "without its zone", of: is(func(a netip.Addr) bool { return a.Zone() != "" }), becomes: to(func(a netip.Addr) netip.Addr { return a.WithZone("") })},
	{server: postgres, column: `text\[\]`, what: "empty lists in a list", of: is(func(l [][]string) bool { return len(l) > 0 && len(l[0]) == 0 }), becomes: func(any) any { return [][]string{} }},
	{server: postgres, column: "bigint", field: `.*\.Second`, what: "cut off to the unit", of: is(finer(time.Second)), becomes: to(cut(time.Second)), declared: true},

	{server: postgres, column: `timestamptz\(0\)`, what: "rounded to seconds", of: is(finer(time.Second)), becomes: to(func(t time.Time) time.Time { return cut(time.Microsecond)(t).Round(time.Second) }), declared: true},
	{server: postgres, column: `numeric\(20,4\)`, what: "too large", of: is(larger(16, 4)), refused: true},
	{server: postgres, column: `numeric\(20,4\)`, what: "rounded to four places", of: is(longer(4)), becomes: to(places(4))},
	{server: postgres, column: "time", row: "string", what: "more than a day, or no time", of: is(func(s string) bool { return len(s) < 8 || s > "24" || s < "00" }), refused: true},
	{server: postgres, column: "time", row: "string", what: "without zeros at its end", of: is(func(s string) bool { return strings.HasSuffix(s, ".000000") }), becomes: to(func(s string) string { return strings.TrimSuffix(s, ".000000") })},

	// MariaDB.
	{server: mariadb, column: "(text|longtext|varchar|char).*", row: ".*[sS]tring", what: "text that is not UTF-8", of: text(func(s string) bool { return !utf8.ValidString(s) }), refused: true},
	{server: mariadb, column: ".*latin1", what: "letters that the character set does not have", of: text(func(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r > 0xff }) }), refused: true},
	{server: mariadb, column: `varchar\(20\)`, what: "too long", of: text(func(s string) bool { return utf8.RuneCountInString(s) > 20 }), refused: true},
	{server: mariadb, column: `char\(40\)`, what: "without the spaces at its end", of: is(func(s string) bool { return strings.HasSuffix(s, " ") }), becomes: to(func(s string) string { return strings.TrimRight(s, " ") })},
	{server: mariadb, column: `binary\(8\)`, what: "padded with zeros", of: is(func(b []byte) bool { return b != nil && len(b) < 8 }), becomes: to(func(b []byte) []byte { return append(slices.Clone(b), make([]byte, 8-len(b))...) })},
	{server: mariadb, column: `binary\(8\)`, what: "too long", of: is(func(b []byte) bool { return len(b) > 8 }), refused: true},
	{server: mariadb, column: "json", what: "text that is no JSON", of: is(func(m json.RawMessage) bool { return m != nil && !json.Valid(m) }), refused: true},
	{server: mariadb, column: `decimal\(20,4\)`, what: "too large", of: is(larger(16, 4)), refused: true},
	{server: mariadb, column: `decimal\(20,4\)`, what: "rounded to four places", of: is(longer(4)), becomes: to(places(4))},
	{server: mariadb, column: `decimal\(12,2\)`, what: "too large", of: is(larger(10, 2)), refused: true},
	{server: mariadb, column: `decimal\(12,2\)`, what: "rounded to two places", of: is(longer(2)), becomes: to(places(2))},
	{server: mariadb, column: `decimal\(40,10\)`, what: "too large", of: is(larger(30, 10)), refused: true},
	{server: mariadb, column: `decimal\(40,10\)`, what: "rounded to ten places", of: is(longer(10)), becomes: to(places(10))},
	{server: mariadb, column: `decimal\(60,0\)`, what: "too large", of: is(func(i *big.Int) bool { return i.BitLen() > 199 }), refused: true},
	{server: mariadb, column: "double|float", what: "neither a number", of: float(func(f float64) bool { return math.IsNaN(f) || math.IsInf(f, 0) }), refused: true},
	{server: mariadb, column: "double|float", what: "without the sign of a zero", of: float(negativeZero), becomes: zero, declared: true},
	{server: mariadb, column: `datetime.*|date`, what: "a year below 1 or above 9999", of: is(outOfYears), refused: true},
	{server: mariadb, column: `timestamp.*`, what: "a time before 1970 or after 2038", of: is(func(t time.Time) bool { return !t.IsZero() && (t.Unix() < 1 || t.Unix() > math.MaxInt32) }), refused: true},
	{server: mariadb, column: `datetime\(6\)`, what: "cut off to microseconds", of: is(finer(time.Microsecond)), becomes: to(cut(time.Microsecond)), declared: true},
	{server: mariadb, column: `datetime\(3\)`, what: "cut off to milliseconds", of: is(finer(time.Millisecond)), becomes: to(cut(time.Millisecond)), declared: true},
	{server: mariadb, column: `timestamp\(3\).*`, what: "cut off to milliseconds", of: is(finer(time.Millisecond)), becomes: to(cut(time.Millisecond))},
	{server: mariadb, field: `mypg\.Second`, what: "cut off to seconds", of: is(finer(time.Second)), becomes: to(cut(time.Second)), declared: true},
	{server: mariadb, field: `mypg\.Zero`, what: "cut off to seconds", of: is(finer(time.Second)), becomes: to(cut(time.Second))},
	{server: mariadb, column: "date", what: "the day in UTC, without the time of day", of: is(func(t time.Time) bool { return !cut(24 * time.Hour)(t).Equal(t) }), becomes: to(cut(24 * time.Hour))},
	{server: mariadb, column: `time\(6\)`, what: "no time", of: is(func(s string) bool { return len(s) < 8 }), refused: true},
	{server: mariadb, column: `time\(6\)`, what: "written with all six digits", of: is(func(s string) bool { return !strings.Contains(s, ".") }), becomes: to(func(s string) string { return s + ".000000" })},
	{server: mariadb, column: "mediumint", what: "more than 24 bits", of: beyond(-1<<23, 1<<23-1), refused: true},
	{server: mariadb, column: "int unsigned", row: "int32", what: "less than nothing", of: is(func(d time.Duration) bool { return d < 0 }), refused: true},
	{server: mariadb, column: "year", what: "a year below 1901 or above 2155", of: is(func(y int) bool { return y < 0 || y > 2155 || y > 99 && y < 1901 }), refused: true},
	{server: mariadb, column: "year", what: "a year of two digits is one of this century or the last", of: is(func(y int) bool { return y > 0 && y <= 99 }), becomes: to(func(y int) int { return 1900 + y + 100*((170-y)/101) })},

	// SQLite.
	{server: sqlite, column: "DATE|DATETIME|TIMESTAMP", what: "a time with a zone that has no name, or a year of other than four digits, is written and cannot be read", of: is(unread), refused: true, unreadable: true},
	{server: sqlite, column: "REAL|DOUBLE|NUMERIC", what: "without the sign of a zero", of: float(negativeZero), becomes: zero, declared: true},
	{server: sqlite, column: "REAL|DOUBLE|NUMERIC", what: "NaN is written as NULL and cannot be read", of: float(math.IsNaN), refused: true, unreadable: true},
	{server: sqlite, column: "TEXT", row: `json\.RawMessage`, what: "nil is written as NULL and cannot be read", of: is(func(m json.RawMessage) bool { return m == nil }), refused: true, unreadable: true},

	// Cassandra.
	{server: cassandra, column: "date", row: "string", what: "no day", of: is(func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err != nil }), refused: true},
	{server: cassandra, column: "set<uuid>", what: "each only once", of: is(func(ids []uuid.UUID) bool { return len(ids) == 2 }), becomes: to(func(ids []uuid.UUID) []uuid.UUID { return ids[:1] })},
	{server: cassandra, column: "inet", row: "string", what: "no address at all", of: is(func(ip net.IP) bool { return ip == nil }), refused: true},
	{server: cassandra, column: ".*(text|varchar|line).*", what: "text that is not UTF-8", of: is(func(s string) bool { return !utf8.ValidString(s) }), refused: true},
	{server: cassandra, column: ".*address.*", what: "text that is not UTF-8", of: is(func(s string) bool { return !utf8.ValidString(s) }), refused: true},
	{server: cassandra, column: "date|list<timestamp>", what: "the zero time", of: is(time.Time.IsZero), refused: true},
	{server: cassandra, column: "list<frozen<list<text>>>", what: "an empty list in a list", of: is(func(l [][]string) bool { return len(l) > 0 && l[0] == nil }), refused: true},
	{server: cassandra, column: "ascii", what: "more than ASCII", of: is(func(s string) bool { return strings.ContainsFunc(s, func(r rune) bool { return r > 127 }) }), refused: true},
	{server: cassandra, column: ".*timestamp.*", row: `.*time\.Time`, what: "cut off to milliseconds", of: is(finer(time.Millisecond)), becomes: to(cut(time.Millisecond)), declared: true},
	{server: cassandra, field: `pgcql\.Coarse`, what: "cut off to milliseconds", of: is(func(n int64) bool { return n%1000 != 0 }), becomes: to(func(n int64) int64 { return n - (n%1000+1000)%1000 }), declared: true},
	{server: cassandra, column: "date", what: "a day before 1970 that is not at midnight is the next day", of: is(func(t time.Time) bool { return t.Unix() < 0 && !cut(24*time.Hour)(t).Equal(t) }),
		becomes: to(func(t time.Time) time.Time { return cut(24 * time.Hour)(t).Add(24 * time.Hour) })},
	{server: cassandra, column: "date", what: "the day in UTC, without the time of day", of: is(func(t time.Time) bool { return !cut(24 * time.Hour)(t).Equal(t) }), becomes: to(cut(24 * time.Hour))},
	{server: cassandra, column: "inet", what: "no address at all is written, and cannot be read", of: is(func(a netip.Addr) bool { return !a.IsValid() }), refused: true, unreadable: true},
}

// asJSON are the fields that one of the stores, or both, hold as JSON.
const asJSON = `pgcql\.(Attrs|Home)|mypg\.(Attrs|Tags|Labels)|litemy\.(Attrs|Tags|Home)|cqllite\.(Labels|Line|Lines|Props|Tags|Times|IDs|Attrs)`

// text makes a test of texts of any type.
func text(test func(string) bool) func(any) bool {
	return func(v any) bool {
		return v != nil && reflect.TypeOf(v).Kind() == reflect.String && test(reflect.ValueOf(v).String())
	}
}

// float makes a test of floating-point numbers.
func float(test func(float64) bool) func(any) bool {
	return func(v any) bool { return v != nil && reflect.ValueOf(v).CanFloat() && test(reflect.ValueOf(v).Float()) }
}

func negativeZero(f float64) bool { return f == 0 && math.Signbit(f) }

// zero is the zero value of a value's type.
func zero(v any) any { return reflect.Zero(reflect.TypeOf(v)).Interface() }

// larger finds decimals that have more digits before the point, when they are rounded.
func larger(digits, scale int32) func(decimal.Decimal) bool {
	return func(d decimal.Decimal) bool { return d.Round(scale).Abs().Cmp(decimal.New(1, digits)) >= 0 }
}

// longer finds decimals that have more digits behind the point.
func longer(scale int32) func(decimal.Decimal) bool {
	return func(d decimal.Decimal) bool { return !d.Round(scale).Equal(d) }
}

func places(scale int32) func(decimal.Decimal) decimal.Decimal {
	return func(d decimal.Decimal) decimal.Decimal { return d.Round(scale) }
}

func outOfYears(t time.Time) bool { return t.UTC().Year() < 1 || t.UTC().Year() > 9999 }

// unread finds the times that SQLite's driver writes in a form that it does not read.
func unread(t time.Time) bool { return t.Location() != time.UTC || outOfYears(t) }

// is makes a test of values of one type.
func is[T any](test func(T) bool) func(any) bool {
	return func(v any) bool {
		x, ok := v.(T)
		return ok && test(x)
	}
}

// to makes a change of values of one type.
func to[T any](change func(T) T) func(any) any { return func(v any) any { return change(v.(T)) } }

// beyond finds integers out of bounds.
func beyond(low, high int64) func(any) bool {
	return func(v any) bool {
		x := reflect.ValueOf(v)
		switch {
		case !x.IsValid():
			return false
		case x.CanInt():
			return x.Type() != reflect.TypeFor[time.Duration]() && (x.Int() < low || x.Int() > high)
		case x.CanUint():
			return x.Uint() > uint64(high)
		}
		return false
	}
}

func noUUID(s string) bool { return len(s) != 36 || uuid.Validate(s) != nil }

func padded(s string) string { return s + strings.Repeat(" ", max(0, 10-utf8.RuneCountInString(s))) }

func hasZone(t time.Time) bool { return !wall(t).Equal(t) }

// wall is the clock on the wall, in UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

func wallDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func finer(unit time.Duration) func(time.Time) bool {
	return func(t time.Time) bool { return !cut(unit)(t).Equal(t) }
}

// cut leaves out what is finer than a unit, of times before 1970 too.
func cut(unit time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time {
		t = t.UTC()
		into := time.Duration(((t.Unix()%86400)+86400)%86400)*time.Second + time.Duration(t.Nanosecond())
		return t.Add(-(into % unit))
	}
}
