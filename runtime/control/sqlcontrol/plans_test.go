package sqlcontrol

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
)

// While the mirror is down the table grows by a row for every key that is written, in minutes, and the database counts its rows
// when it gets to it. Whatever it believes then, a statement on keys must find each by its key, and one on a queue its part of the
// queue: never read all rows of the table, of a migration or of a queue.

// planned is a statement and how it is run.
type planned struct {
	statement string
	args      []any
	queue     bool   // in a transaction that is steered; else on keys
	index     string // of a queue; entry_queue if empty
}

// along is the index that a queue is read along.
func (p planned) along() string { return cmp.Or(p.index, "entry_queue") }

func endingsOf(t *testing.T, n int) string {
	var endings []ending
	for i := range n {
		endings = append(endings, ending{row: row{Kind: "User", ID: fmt.Sprint(i)}, token: journal.Token{ID: uint64(i)}, clean: true})
	}
	list, err := json.Marshal(endings)
	require.NoError(t, err)
	return string(list)
}

func rowsOf(t *testing.T, n int) string {
	var rows []sweptRow
	for i := range n {
		rows = append(rows, sweptRow{row: row{Kind: "User", ID: fmt.Sprint(i)}})
	}
	list, err := json.Marshal(rows)
	require.NoError(t, err)
	return string(list)
}

// onKeys are the statements of Postgres that name keys.
func onKeys(t *testing.T) map[string]planned {
	var many []any
	for i := range 3 {
		many = append(many, "User", fmt.Sprint(i), 0, fmt.Sprint(i))
	}
	text := tokenText(journal.Token{ID: 1, Owner: "x"})
	return map[string]planned{
		"begin":        {statement: beginOne, args: []any{"User", "1", 0, text}},
		"begin joined": {statement: beginJoint, args: []any{"User", "1", 0, text}},
		"begin many":   {statement: beginMany(3), args: many},
		"end":          {statement: endToken, args: []any{0, 0, 0, 0, text, "User", 0, "1", text}},
		"end many":     {statement: endTogether, args: []any{endingsOf(t, 100)}},
		"claim many":   {statement: claimTogether, args: []any{endingsOf(t, 64), 0}},
		"fail":         {statement: failToken, args: []any{"cause", 1, 1, text, "User", 0, "1", text}},
		"look up":      {statement: lookupKey, args: []any{"User", 0, "1", "User"}},
		"mark":         {statement: markHead + keysListed + markTail, args: []any{0, rowsOf(t, batch)}},
		"claim":        {statement: beginCopy, args: []any{text, "User", 0, "1", 0}},
		"take away":    {statement: takeAway, args: []any{text, "User", 0, "1", text}},
		"sweep":        {statement: sweepXid, args: []any{rowsOf(t, sweepBatch)}},
	}
}

// onQueues are the statements that read queues.
func onQueues() map[string]planned {
	const copying, clean = "m/copy-old/User", "m/clean/User"
	return map[string]planned{
		"next queue":   {statement: nextQueue, args: []any{"m/copy-old/", "m/copy-old0"}, queue: true},
		"list":         {statement: listQueue + oldestFirst, args: []any{copying, 1 << 60, 1000}, queue: true},
		"list calls":   {statement: listQueue + ofCalls + oldestFirst, args: []any{clean, 1 << 60, 1000}, queue: true},
		"count":        {statement: countQueue, args: []any{copying, maxCounted}, queue: true},
		"count held":   {statement: countHeld, args: []any{copying, maxCounted}, queue: true},
		"count calls":  {statement: countCalls, args: []any{clean}, queue: true},
		"tokens":       {statement: listTokens, args: []any{clean}, queue: true},
		"list clean":   {statement: listClean, args: []any{clean, 1 << 60, sweepBatch}, queue: true},
		"any dirty":    {statement: anyDirty, args: []any{copying}, queue: true},
		"any call":     {statement: anyCall, args: []any{clean, 0}, queue: true},
		"overlap call": {statement: overlapCalls, args: []any{clean}, queue: true},
		"active calls": {statement: activeCalls, args: []any{clean, 0}, queue: true},
		"active held":  {statement: activeHeld, args: []any{"m/held-old/User"}, queue: true},
		"changed":      {statement: activeChanged, args: []any{copying, 1 << 60}, queue: true, index: "entry_changed"},
	}
}

// beliefs are what Postgres may believe of the table, as what is done to it before and after it is filled.
var beliefs = map[string]struct {
	before, after []string
	generic       bool // its plans are from before it was filled
}{
	"not counted":               {},
	"counted":                   {after: []string{`VACUUM ANALYZE {entry}`}},
	"counted when empty":        {before: []string{`VACUUM ANALYZE {entry}`}},
	"planned when empty":        {before: []string{`VACUUM ANALYZE {entry}`}, generic: true},
	"counted for another":       {before: []string{strings.ReplaceAll(fillKeys, "{m}", "'another'"), `ANALYZE {entry}`}},
	"counted when all is clean": {before: []string{strings.ReplaceAll(fillKeys, ", 1 AS dirty", ", 0 AS dirty"), `ANALYZE {entry}`, `DELETE FROM {entry} WHERE whole = 0 AND migration <> ''`}},
}

// fillKeys are 20,000 keys to copy.
const fillKeys = `INSERT INTO {entry} (` + written + `)
SELECT {m}, 'User', 0, n::text, 0, d.dirty, 0, 0, 0, n, n, '', '' FROM generate_series(1, 20000) n, (SELECT 0 AS nothing, 1 AS dirty) d`

func TestPlansOfPostgres(t *testing.T) {
	for name, belief := range beliefs {
		t.Run(name, func(t *testing.T) {
			dsn := servertest.Postgres(t)
			db := opener("pgx", dsn)(t)
			b, err := Open(db, Options{Dialect: Postgres, Migration: "m"})
			require.NoError(t, err)
			ctx := context.Background()
			t.Cleanup(func() { assert.NoError(t, b.Close(ctx)) })
			require.NoError(t, b.Migrate(ctx))
			run := func(statement string) { db.MustExec(b.text(statement)) }
			run(`ALTER TABLE {entry} SET (autovacuum_enabled = false)`)
			run(strings.Replace(addKind, "?", "'User'", 1))
			for _, statement := range belief.before {
				run(statement)
			}
			session, err := db.Connx(ctx)
			require.NoError(t, err)
			defer session.Close()
			explained := explainer(t, b, session, belief.generic)
			run(fillKeys)
			for _, statement := range belief.after {
				run(statement)
			}
			for what, plan := range explained() {
				t.Run(what, func(t *testing.T) { checkPlan(t, plan, onQueues()[what]) })
			}
		})
	}
}

// explainer returns what explains every statement. Generic: it is prepared now, and planned for no parameters in particular.
func explainer(t *testing.T, b *Backend, session *sqlx.Conn, generic bool) func() map[string]string {
	ctx := context.Background()
	all := onKeys(t)
	for what, p := range onQueues() {
		all[what] = p
	}
	inTurn := func(do func(what string, p planned, tx *sqlx.Tx)) {
		for what, p := range all {
			tx, err := session.BeginTxx(ctx, nil)
			require.NoError(t, err)
			if p.queue {
				_, err = tx.Exec(steer)
				require.NoError(t, err)
			}
			do(what, p, tx)
			require.NoError(t, tx.Commit())
		}
	}
	name := func(what string) string { return "plan_" + strings.ReplaceAll(what, " ", "_") }
	execute := func(what string, p planned) string {
		return "EXECUTE " + name(what) + "(" + strings.TrimSuffix(strings.Repeat("NULL, ", len(p.args)), ", ") + ")"
	}
	if generic {
		_, err := session.ExecContext(ctx, `SET plan_cache_mode = force_generic_plan`)
		require.NoError(t, err)
		inTurn(func(what string, p planned, tx *sqlx.Tx) {
			_, err := tx.Exec("PREPARE " + name(what) + " AS " + b.text(p.statement))
			require.NoError(t, err, what)
			_, err = tx.Exec("EXPLAIN " + execute(what, p))
			require.NoError(t, err, what)
		})
	}
	return func() map[string]string {
		plans := make(map[string]string)
		inTurn(func(what string, p planned, tx *sqlx.Tx) {
			var lines []string
			var err error
			if generic {
				err = tx.Select(&lines, "EXPLAIN "+execute(what, p))
			} else {
				err = tx.Select(&lines, "EXPLAIN "+b.text(p.statement), p.args...)
			}
			require.NoError(t, err, what)
			plans[what] = strings.Join(lines, "\n")
		})
		return plans
	}
}

// checkPlan demands that a plan finds entries by whole keys, or along one queue.
func checkPlan(t *testing.T, plan string, p planned) {
	for _, node := range []string{"Seq Scan on dualgen_entry", "Bitmap", "Hash Join", "Merge Join", "Join Filter", "JIT"} {
		assert.NotContains(t, plan, node, plan)
	}
	scans := strings.Count(plan, "Scan using dualgen_entry")
	assert.Positive(t, scans, plan)
	if !p.queue {
		assert.Equal(t, scans, strings.Count(plan, "Scan using dualgen_entry_pkey"), plan)
		assert.Equal(t, scans, len(regexp.MustCompile(`Index Cond: \(\(migration = .*\(kind = .*\(whole = .*\(id = `).FindAllString(plan, -1)), plan)
		return
	}
	assert.Equal(t, scans, strings.Count(plan, "Scan using dualgen_"+p.along()), plan)
	assert.Regexp(t, `Index Cond: \(\(?queue [=>] `, plan)
	if p.index != "" {
		assert.Regexp(t, `Index Cond: \(\(queue = .*\) AND \(changed > .*\)\)`, plan)
	}
	assert.NotContains(t, plan, "Sort", plan)
}

// The other databases are told which index to read a queue along. What they say of each plan names it, and no sort.
func TestPlansOfQueues(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		if p.dialect == Postgres {
			return // TestPlansOfPostgres looks more closely
		}
		b := p.open(t, Options{})
		db := p.reach(t)
		for what, query := range onQueues() {
			explain, found := "EXPLAIN ", regexp.MustCompile(`dualgen_entry (ref|range) (entry_queue,entry_changed|entry_queue|entry_changed) `+query.along()+` `)
			if p.dialect == SQLite {
				explain, found = "EXPLAIN QUERY PLAN ", regexp.MustCompile(`(SEARCH|SCAN) dualgen_entry USING( COVERING)? INDEX dualgen_`+query.along()+` \(queue[=>]`)
			}
			rows, err := db.Queryx(explain+b.text(query.statement), query.args...)
			require.NoError(t, err, what)
			var plan []string
			for rows.Next() {
				values, err := rows.SliceScan()
				require.NoError(t, err)
				plan = append(plan, fmt.Sprintf("%s", values))
			}
			require.NoError(t, rows.Err())
			text := strings.Join(plan, "\n")
			assert.Regexp(t, found, text, what)
			if what != "count calls" { // sorts its groups, of which there are two
				assert.NotRegexp(t, "filesort|TEMP B-TREE", text, what)
			}
		}
	})
}
