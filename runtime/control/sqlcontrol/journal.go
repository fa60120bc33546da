package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Journal is a journal.Journal in a SQL database. See the package comment for its layout.
//
// Who may create an entry (Begin, BeginMany, MarkDirty) shares a lock on the row of the key's whole kind; who begins, marks
// or copies a whole kind, or must know several entries at once, holds it alone. End and Fail create nothing, and lock the
// key's row only.
type Journal struct {
	*database
	urgent *database // by connections that no traffic delays: for leases
	held   *holdings
	lazy   *lazy // nil: End waits
	joints joints
	leases leases
	kinds  sync.Map // kinds whose rows this process has seen or made
	tidier *tidying
	long   longKeys
	rights atomic.Bool // they were looked at, and are there
}

func newJournal(d, urgent *database) *Journal {
	j := &Journal{database: d, urgent: urgent, held: newHoldings(), tidier: newTidying()}
	if d.options.LazyEnd {
		j.lazy = newLazy(j)
	}
	return j
}

var _ journal.Journal = (*Journal)(nil)

// cleanRow is the condition of a row that stands for no entry; uncleanRow that of one that does.
const (
	cleanRow   = `dirty = 0 AND tokens = ''`
	uncleanRow = `NOT (dirty = 0 AND tokens = '')`
	atKey      = `migration = {m} AND kind = ? AND whole = ? AND id = ?`
)

// In an upsert of MySQL, an assignment sees what those before it assigned. Each assignment here reads only its own
// column and such as are assigned after it, so that the order never matters.
const (
	// written are the columns of an entry that are not computed.
	written     = `migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, born, tokens, cause`
	entryInsert = `INSERT INTO {entry}{alias}
	(` + written + `)
`
	// adopted is the primary of a new entry: the kind's if the kind is unclean, else the wanted one.
	adopted = `CASE WHEN w.dirty = 0 AND w.tokens = '' THEN v.p ELSE w.primary_store END`
	// fromKeys joins each key of v with its kind's row w, and locks that.
	fromKeys = ` v JOIN {ofKind}
{on migration, kind, whole, id}
	primary_store = CASE WHEN old.dirty = 0 AND old.tokens = '' THEN new.primary_store ELSE old.primary_store END,
`
	beginHead = entryInsert + `SELECT {m}, v.kind, 0, v.id, ` + adopted + `,
	CASE WHEN w.tokens = '' THEN 0 ELSE 1 END, 0, 0, {seq}, {now}, {now}, v.tokens, '' FROM `
	// beginPut puts the new row's token in a row that is there.
	beginPut = `	touched = CASE WHEN old.dirty = 0 AND old.tokens = '' THEN {now} ELSE old.touched END,
	dirty = CASE WHEN old.tokens <> '' OR new.dirty = 1 THEN 1 ELSE old.dirty END,
	tokens = {append}, seq = {greatest}(old.seq + 1, new.seq)`
	beginTail = fromKeys + beginPut
	beginOne  = beginHead + `(` + beginSource + `)` + beginTail
	// beginSource is a key to begin.
	beginSource = `SELECT {m} AS m, {t} AS kind, {t} AS id, {n} AS p, {t} AS tokens`

	primaryOf = `SELECT primary_store FROM {entry} WHERE ` + atKey
	addKind   = `{insertNew} {entry} (migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause)
VALUES ({m}, ?, 1, '', 0, 0, 0, 0, 0, 0, '', '') {ignore}`
)

// Begin implements journal.Journal.
func (j *Journal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if key.Whole {
		tokens, err := j.beginAlone(ctx, owner, []journal.Key{key}, primary)
		if err != nil {
			return journal.Token{}, err
		}
		return tokens[0], nil
	}
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return journal.Token{}, err
	}
	token := journal.Token{ID: j.held.take(false), Owner: owner}
	token.Primary, err = j.insertToken(ctx, r, tokenText(token), primary)
	if err != nil {
		j.held.drop(token.ID) // if it is in the table after all, Renew finds a stray
		return journal.Token{}, err
	}
	return token, nil
}

// insertToken puts a token in one key's row and returns the row's primary.
func (j *Journal) insertToken(ctx context.Context, r row, text string, wanted phase.Store) (primary phase.Store, err error) {
	args := []any{r.Kind, r.ID, int(wanted), text}
	if err := j.lazy.settle(ctx, r); err != nil {
		return 0, err
	}
	err = j.withKinds(ctx, []row{r}, func() error {
		if j.w.returning {
			return j.get(ctx, "begin", &primary, beginOne+` RETURNING primary_store`, args...)
		}
		return j.inTx(ctx, "begin", func(t transaction) error {
			if changed, err := t.exec(beginOne, args...); err != nil || changed == 0 {
				return orElse(err, sql.ErrNoRows)
			}
			return t.get(&primary, primaryOf, r.Kind, r.Whole, r.ID)
		})
	})
	return primary, err
}

// withKinds runs do. If do found no row because a kind has none yet, it makes the kinds' rows and runs do again.
func (j *Journal) withKinds(ctx context.Context, rows []row, do func() error) error {
	err := do()
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	for _, kind := range kindsOf(rows) {
		if _, err := j.exec(ctx, "add a kind", addKind, kind); err != nil {
			return err
		}
	}
	return do()
}

const (
	endToken = `UPDATE {entry} SET
	attempts = CASE WHEN {n} = 1 THEN 0 ELSE attempts END,
	cause = CASE WHEN {n} = 1 THEN '' ELSE cause END,
	dirty = CASE WHEN {n} = 1 THEN 1 ELSE dirty END,
	touched = CASE WHEN {n} = 1 THEN {now} ELSE touched END,
	tokens = replace(tokens, {t}, ''), seq = {greatest}(seq + 1, {seq})
WHERE ` + atKey + ` AND {instr}(tokens, {t}) > 0`
	markLost  = `UPDATE {entry} SET dirty = 1, seq = {greatest}(seq + 1, {seq}), touched = {now} WHERE ` + atKey + ` AND ` + uncleanRow
	failToken = `UPDATE {entry} SET
	cause = ?, quarantined = CASE WHEN {n} > 0 AND attempts + 1 >= {n} THEN 1 ELSE 0 END, attempts = attempts + 1,
	dirty = 1, tokens = replace(tokens, {t}, ''), seq = {greatest}(seq + 1, {seq}), touched = {now}
WHERE ` + atKey + ` AND {instr}(tokens, {t}) > 0`
)

// End implements journal.Journal.
func (j *Journal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) (err error) {
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return err
	}
	joint := j.joints.take(token.ID)
	if j.lazy != nil && (joint == nil || clean) && j.lazy.add(ending{row: r, token: token, clean: clean}) {
		return nil
	}
	defer func() { j.held.ended(token.ID, err) }()
	ended, err := j.exec(ctx, "end", endToken, endArgs(r, token, clean)...)
	if err != nil || ended > 0 {
		return err
	}
	if j.rolledBack(joint, token, clean) {
		j.kinds.Delete(r.Kind) // its row may be what lacked
		return nil
	}
	return j.lost(ctx, r)
}

// endArgs are the parameters of endToken.
func endArgs(r row, token journal.Token, clean bool) []any {
	copied, text := bit(clean && token.ID&copier != 0), tokenText(token)
	return []any{copied, copied, bit(!clean), bit(!clean), text, r.Kind, r.Whole, r.ID, text}
}

// lost makes the key of a token dirty that was taken away, if it has an entry, and returns ErrTokenLost. Nobody can put
// the token back, so that two statements have the effect of one.
func (j *Journal) lost(ctx context.Context, r row) error {
	if _, err := j.exec(ctx, "mark the key of a lost token", markLost, r.Kind, r.Whole, r.ID); err != nil {
		return err
	}
	return journal.ErrTokenLost
}

// Fail implements journal.Journal.
func (j *Journal) Fail(ctx context.Context, key journal.Key, token journal.Token, cause string, quarantineAfter int) (err error) {
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return err
	}
	defer func() { j.held.ended(token.ID, err) }()
	text := tokenText(token)
	failed, err := j.exec(ctx, "count a failed copy", failToken,
		escape(cause), quarantineAfter, quarantineAfter, text, r.Kind, r.Whole, r.ID, text)
	if err != nil || failed > 0 {
		return err
	}
	return j.lost(ctx, r)
}

// readTimeline counts the promotions that a database comes from. The control file, which pg_control_checkpoint reads, hears of
// one only at the next checkpoint, minutes later; the name of the log file that is being written tells at once.
const readTimeline = `SELECT ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int::text`

const readIncarnation = `SELECT incarnation FROM {meta} WHERE migration = {m}`

// Incarnation implements journal.Journal. It changes with a new table, and on Postgres with a promotion: a standby that
// was behind may have lost entries.
func (j *Journal) Incarnation(ctx context.Context) (string, error) {
	var incarnation string
	err := j.get(ctx, "read the incarnation", &incarnation, readIncarnation)
	if errors.Is(err, sql.ErrNoRows) { // the tables were made by hand
		if err = j.addMeta(ctx); err == nil {
			err = j.get(ctx, "read the incarnation", &incarnation, readIncarnation)
		}
	}
	if err != nil || !j.w.xid {
		return incarnation, err
	}
	var timeline string
	err = j.get(ctx, "read the timeline", &timeline, readTimeline)
	if state := sqlState(err); strings.HasPrefix(state, "42") || strings.HasPrefix(state, "0A") {
		return incarnation, nil // a hosted Postgres that does not tell
	}
	return incarnation + "/" + timeline, err
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
