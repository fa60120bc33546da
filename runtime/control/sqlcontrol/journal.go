package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Journal is a journal.Journal in a SQL database. See the package comment for its layout.
//
// Who may create an entry (Begin, BeginMany, MarkDirty) shares a lock on the row of the key's whole kind; who begins, marks
// or copies a whole kind, or must know several entries at once, holds it alone. End and Fail create nothing, and lock the
// key's row only.
type Journal struct {
	*Backend
	held  *holdings
	lazy  *lazy
	texts statements

	mu      sync.Mutex
	cleaned time.Time // when Renew last swept and looked for strays
}

func newJournal(b *Backend) *Journal {
	j := &Journal{Backend: b, held: newHoldings(), texts: newStatements(b.w)}
	if b.options.LazyEnd {
		j.lazy = newLazy(j)
	}
	return j
}

// Begin implements journal.Journal.
func (j *Journal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if key.Whole {
		tokens, err := j.beginAlone(ctx, owner, []journal.Key{key}, primary)
		if err != nil {
			return journal.Token{}, err
		}
		return tokens[0], nil
	}
	r, err := rowOf(key)
	if err != nil {
		return journal.Token{}, err
	}
	token := journal.Token{ID: j.held.take(false), Owner: owner}
	token.Primary, err = j.beginOne(ctx, r, tokenText(token), primary)
	if err != nil {
		j.held.drop(token.ID) // if it is in the table after all, Renew finds a stray
		return journal.Token{}, err
	}
	return token, nil
}

// beginOne puts a token in one key's row and returns the row's primary.
func (j *Journal) beginOne(ctx context.Context, r row, text string, primary phase.Store) (phase.Store, error) {
	args := []any{r.Kind, r.ID, int(primary), text}
	var adopted phase.Store
	err := j.withKinds(ctx, []row{r}, func() error {
		if j.w.returning {
			return j.get(ctx, "begin", &adopted, j.texts.begin, args...)
		}
		return j.inTx(ctx, "begin", func(tx *sqlx.Tx) error {
			if _, err := tx.ExecContext(ctx, j.texts.beginPlain, args...); err != nil {
				return err
			}
			return tx.GetContext(ctx, &adopted, j.texts.primaryOf, r.Kind, r.Whole, r.ID)
		})
	})
	return adopted, err
}

// withKinds runs do; if do found no row because a kind has none yet, it makes the kinds' rows and runs do again.
func (j *Journal) withKinds(ctx context.Context, rows []row, do func() error) error {
	err := do()
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := j.addKinds(ctx, rows); err != nil {
		return err
	}
	return do()
}

// addKinds makes the rows of whole kinds, which then stay.
func (j *Journal) addKinds(ctx context.Context, rows []row) error {
	for _, kind := range kindsOf(rows) {
		if _, err := j.exec(ctx, "add a kind", j.texts.addKind, kind); err != nil {
			return err
		}
	}
	return nil
}

// End implements journal.Journal.
func (j *Journal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	r, err := rowOf(key)
	if err != nil {
		return err
	}
	if j.lazy != nil && j.lazy.add(ending{row: r, token: token, clean: clean}) {
		return nil
	}
	return j.endNow(ctx, r, token, clean)
}

// endNow gives one token up.
func (j *Journal) endNow(ctx context.Context, r row, token journal.Token, clean bool) error {
	defer j.held.drop(token.ID) // if it is in the table still, Renew finds a stray
	text := tokenText(token)
	ended, err := j.exec(ctx, "end", j.texts.end, endArgs(r, token, text, clean)...)
	if err != nil || ended > 0 {
		return err
	}
	return j.lost(ctx, r)
}

// endArgs are the parameters of the statement that ends one token.
func endArgs(r row, token journal.Token, text string, clean bool) []any {
	copied := clean && token.ID&copier != 0
	return []any{bit(copied), bit(copied), bit(!clean), text, r.Kind, r.Whole, r.ID, text}
}

// lost makes the key of a token dirty that was taken away, if it has an entry, and returns ErrTokenLost. Nobody can put
// the token back, so that two statements have the effect of one.
func (j *Journal) lost(ctx context.Context, r row) error {
	if _, err := j.exec(ctx, "mark the key of a lost token", j.texts.lost, r.Kind, r.Whole, r.ID); err != nil {
		return err
	}
	return journal.ErrTokenLost
}

// Lookup implements journal.Journal.
func (j *Journal) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	r, err := rowOf(key)
	if err != nil {
		return journal.Entry{}, false, err
	}
	var found entryRow
	err = j.get(ctx, "look a key up", &found, j.texts.lookup, r.Kind, r.Whole, r.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return journal.Entry{}, false, nil
	}
	if err != nil {
		return journal.Entry{}, false, err
	}
	entry, err := found.entry()
	return entry, err == nil, err
}

// Fail implements journal.Journal.
func (j *Journal) Fail(ctx context.Context, key journal.Key, token journal.Token, cause string, quarantineAfter int) error {
	r, err := rowOf(key)
	if err != nil {
		return err
	}
	defer j.held.drop(token.ID)
	text := tokenText(token)
	failed, err := j.exec(ctx, "count a failed copy", j.texts.fail,
		escape(cause), quarantineAfter, quarantineAfter, text, r.Kind, r.Whole, r.ID, text)
	if err != nil || failed > 0 {
		return err
	}
	return j.lost(ctx, r)
}

// Incarnation implements journal.Journal. It changes with a new table, and on Postgres with a promotion: a standby that
// was behind may have lost entries.
func (j *Journal) Incarnation(ctx context.Context) (string, error) {
	var incarnation string
	err := j.get(ctx, "read the incarnation", &incarnation, j.texts.incarnation)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("%w (run Migrate first)", err)
	}
	if err != nil || !j.w.xid {
		return incarnation, err
	}
	var timeline string
	err = j.get(ctx, "read the timeline", &timeline, `SELECT timeline_id::text FROM pg_control_checkpoint()`)
	if errors.As(err, new(interface{ SQLState() string })) {
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
