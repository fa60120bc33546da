package sqlcontrol

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/convert"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// keyPart is a column of a key, with values for it and the text that the generated wrapper makes of them.
type keyPart struct {
	column string // as the DDL has it
	name   string
	value  *rapid.Generator[any]
	text   func(any) string
}

func integers[T convert.Integer](generator *rapid.Generator[T], low, high T) *rapid.Generator[any] {
	return rapid.OneOf(rapid.SampledFrom([]T{low, low + 1, 0, 1, 9, 10, high - 1, high}), generator).AsAny()
}

// texts are what Postgres takes: anything in UTF-8 without NUL.
var texts = rapid.OneOf(
	rapid.SampledFrom([]string{"", " ", "a ", "/", "%", "%2F", "%25", "\\", `\\`, `\x00`, "'", `"`, "$dualgen$", "\n", "\x01", "?", "{m}", "é", "e\u0301",
		"ß", "İ", "ﬁ", "\ufffd", "\ufeff", "\u202e", "\U0010ffff", "NULL", "007", "-0"}),
	rapid.StringOf(rapid.SampledFrom([]rune(`a/%\'"25F`))),
	rapid.String(),
).Filter(func(s string) bool { return !strings.Contains(s, "\x00") && len(s) < 200 })

var uuids = rapid.Custom(func(t *rapid.T) [16]byte {
	return [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
})

func keyParts() []keyPart {
	asText := func(v any) string { return v.(string) }
	return []keyPart{
		{`t text NOT NULL`, "t", texts.AsAny(), asText},
		{`"Odd ""$1"" ?" varchar(300) NOT NULL`, `Odd "$1" ?`, texts.AsAny(), asText},
		{`d tag NOT NULL`, "d", texts.AsAny(), asText},
		{`s smallint NOT NULL`, "s", integers(rapid.Int16(), math.MinInt16, math.MaxInt16), func(v any) string { return convert.FormatInt(v.(int16)) }},
		{`i int NOT NULL`, "i", integers(rapid.Int32(), math.MinInt32, math.MaxInt32), func(v any) string { return convert.FormatInt(v.(int32)) }},
		{`b bigint NOT NULL`, "b", integers(rapid.Int64(), math.MinInt64, math.MaxInt64), func(v any) string { return convert.FormatInt(v.(int64)) }},
		{`u uuid NOT NULL`, "u", uuids.AsAny(), func(v any) string { return convert.FormatUUID(v.([16]byte)) }},
		{`f boolean NOT NULL`, "f", rapid.Bool().AsAny(), func(v any) string { return strconv.FormatBool(v.(bool)) }},
	}
}

// The trigger makes the key that the generated wrapper makes, of one column of each type, and of all of them together.
func TestBypassKeys(t *testing.T) {
	db := opener("pgx", servertest.Postgres(t))(t)
	db.MustExec(`CREATE DOMAIN tag AS text CHECK (length(value) < 500)`)
	parts := keyParts()
	for i, p := range parts {
		t.Run(p.column, func(t *testing.T) { checkKeys(t, db, fmt.Sprint("keys", i), parts[i:i+1]) })
	}
	t.Run("all", func(t *testing.T) { checkKeys(t, db, "keys_all", parts) })
}

// checkKeys inserts rows, and compares the keys that were marked with those that the codec in Go makes.
func checkKeys(t *testing.T, db *sqlx.DB, table string, parts []keyPart) {
	backend, err := Open(db, Options{Dialect: Postgres, Migration: table})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, backend.Close(context.Background())) }) // else it keeps connections of the pool for half a minute
	ctx := t.Context()
	require.NoError(t, backend.Migrate(ctx))
	require.NoError(t, backend.Control().Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.NewGuarded}))
	columns, names := make([]string, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		columns[i], names[i] = p.column, p.name
	}
	db.MustExec(`CREATE TABLE ` + table + ` (` + strings.Join(columns, ", ") + `)`)
	const kind = `Odd '\kind {m} <mark> ?`
	require.NoError(t, backend.MigrateBypass(ctx, Bypass{Table: table, Kind: kind, Key: names}))
	seed := rand.IntN(1 << 30)
	want := map[journal.Key]bool{}
	const rows, drawn = 500, 25 // rapid takes about as long for many values as for one
	var values []any
	var drawings [][]any // of each part, for the next rows
	for row := range rows {
		if row%drawn == 0 {
			drawings = nil
			for i, p := range parts {
				drawings = append(drawings, rapid.SliceOfN(p.value, drawn, drawn).Example(seed+row*len(parts)+i))
			}
		}
		texts := make([]string, len(parts))
		for i, p := range parts {
			value := drawings[i][row%drawn]
			values, texts[i] = append(values, value), p.text(value)
		}
		want[journal.Key{Kind: kind, ID: convert.JoinKey(texts...)}] = true
	}
	db.MustExec(`INSERT INTO `+table+` VALUES `+tuples(rows, len(parts)), values...)
	entries, err := backend.journal.Unclean(ctx, journal.Query{Limit: 1 << 20})
	require.NoError(t, err)
	got := map[journal.Key]bool{}
	for _, entry := range entries {
		require.True(t, entry.Dirty && entry.Active == 0 && entry.Primary == phase.New)
		got[entry.Key] = true
	}
	require.Equal(t, want, got, "seed %d", seed)
}

// tuples are the placeholders of so many rows.
func tuples(rows, columns int) string {
	var b strings.Builder
	for i := range rows * columns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprint(&b, "$", i+1)
	}
	return b.String() + ")"
}

// What cannot be watched is refused, with the reason.
func TestBypassRefused(t *testing.T) {
	p := place{"postgres", Postgres, opener("pgx", servertest.Postgres(t))}
	b := p.open(t, Options{})
	ctx := t.Context()
	db := p.reach(t)
	db.MustExec(`CREATE TABLE things (id int NOT NULL, padded char(3) NOT NULL, n numeric NOT NULL, at timestamptz NOT NULL, raw bytea NOT NULL, maybe text)`)
	db.MustExec(`CREATE VIEW shown AS SELECT * FROM things`)
	_, err := b.BypassDDL(ctx, Bypass{Table: "things", Kind: "Thing", Key: []string{"id"}})
	require.ErrorContains(t, err, "make it first (init)")
	require.NoError(t, control.Init(ctx, b.Control(), "test"))
	for table, columns := range map[string]map[string]string{
		"things": {
			"padded": "of type character", "n": "of type numeric", "at": "of type timestamp with time zone", "raw": "of type bytea",
			"maybe": "may be NULL", "nowhere": "no column",
		},
		"nowhere": {"id": "no such table in the journal's database"},
		"shown":   {"id": "no table"},
	} {
		for column, reason := range columns {
			_, err := b.BypassDDL(ctx, Bypass{Table: table, Kind: "Thing", Key: []string{"id", column}})
			require.ErrorContains(t, err, reason)
		}
	}
	_, err = b.BypassDDL(ctx, Bypass{Table: "things", Kind: "Thing"})
	require.ErrorContains(t, err, "name the columns")
	_, err = b.BypassDDL(ctx, Bypass{Table: "things", Kind: "$dualgen$", Key: []string{"id"}})
	require.ErrorContains(t, err, "cannot be quoted")

	for _, p := range places(t)[1:] {
		_, err := p.open(t, Options{}).BypassDDL(ctx, Bypass{Table: "things", Kind: "Thing", Key: []string{"id"}})
		require.ErrorContains(t, err, "needs Postgres", p.name)
	}
}

// The statements that are printed can be run by hand, again and again, and taken back.
func TestBypassDDL(t *testing.T) {
	p := place{"postgres", Postgres, opener("pgx", servertest.Postgres(t))}
	b := p.open(t, Options{})
	ctx, db := t.Context(), p.reach(t)
	require.NoError(t, control.Init(ctx, b.Control(), "test"))
	db.MustExec(`CREATE TABLE things (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE things_low PARTITION OF things FOR VALUES FROM (0) TO (10)`)
	_, err := control.Update(ctx, b.Control(), func(r *control.Record) error {
		r.Phase = phase.OldPrimary
		return nil
	})
	require.NoError(t, err)
	bypass := Bypass{Table: "things", Kind: "Thing", Key: []string{"id"}}
	create, err := b.BypassDDL(ctx, bypass)
	require.NoError(t, err)
	drop, err := b.DropBypassDDL(ctx, bypass)
	require.NoError(t, err)
	for i, statements := range []string{create, create, drop, drop} {
		db.MustExec(statements)
		db.MustExec(`INSERT INTO things VALUES ($1)`, i)
	}
	counts, err := b.journal.Counts(ctx, "Thing")
	require.NoError(t, err)
	require.Equal(t, 2, counts.Dirty)
}
