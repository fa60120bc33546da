package sqlcontrol

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A transaction of the service, whose triggers mark keys in an order of its own, meets calls of the journal on the same keys. The
// server must not end the service's transaction as a deadlock: the journal's statement waits for no key while it holds another, or not
// for as long as the server waits before it looks for one. Here the journal's sessions never look, so that the service's would.
func TestServiceIsNoVictim(t *testing.T) {
	a, b := journal.Key{Kind: "User", ID: "a"}, journal.Key{Kind: "User", ID: "b"}
	otherKind := journal.Key{Kind: "Account", ID: "a"}
	both := []journal.Key{a, b}
	mark := func(t *testing.T, j *Journal, keys ...journal.Key) {
		require.NoError(t, j.MarkDirty(t.Context(), keys, phase.Old))
	}
	for name, c := range map[string]struct {
		locked, wanted journal.Key
		prepare        func(t *testing.T, j *Journal) (call func(ctx context.Context) error)
	}{
		"claims": {b, a, func(t *testing.T, j *Journal) func(context.Context) error {
			mark(t, j, both...)
			return func(ctx context.Context) error {
				tokens, err := j.BeginCopies(ctx, "copier", both, 0)
				if err == nil {
					assert.NotZero(t, tokens[0])
					assert.Zero(t, tokens[1], "the key is locked")
				}
				return err
			}
		}},
		"ends": {b, a, func(t *testing.T, j *Journal) func(context.Context) error {
			tokens, err := j.BeginMany(t.Context(), "x", both, phase.Old)
			require.NoError(t, err)
			return func(ctx context.Context) error { return j.EndMany(ctx, both, tokens, true) }
		}},
		"begins": {b, a, func(t *testing.T, j *Journal) func(context.Context) error {
			mark(t, j, both...)
			return func(ctx context.Context) error {
				_, err := j.BeginMany(ctx, "x", both, phase.Old)
				return err
			}
		}},
		"marks": {b, a, func(t *testing.T, j *Journal) func(context.Context) error {
			mark(t, j, both...)
			return func(ctx context.Context) error { return j.MarkDirty(ctx, both, phase.Old) }
		}},
		"begins of whole kinds": {a, otherKind, func(t *testing.T, j *Journal) func(context.Context) error {
			mark(t, j, a, otherKind)
			return func(ctx context.Context) error {
				_, err := j.BeginMany(ctx, "x", []journal.Key{wholeOf(otherKind), wholeOf(a)}, phase.Old)
				return err
			}
		}},
		"tokens of the dead": {a, otherKind, func(t *testing.T, j *Journal) func(context.Context) error {
			_, err := j.BeginMany(t.Context(), "dead", []journal.Key{a, otherKind}, phase.Old)
			require.NoError(t, err)
			require.NoError(t, j.Renew(t.Context(), "dead", -time.Second))
			return func(ctx context.Context) error {
				n, err := j.Expire(ctx)
				assert.Equal(t, 2, n)
				return err
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dsn := servertest.Postgres(t)
			journals := place{"postgres", Postgres, opener("pgx", dsn+"&application_name=journal&options=-c%20deadlock_timeout%3D1h")}
			call := c.prepare(t, journals.open(t, Options{}).journal)
			service := opener("pgx", dsn+"&options=-c%20deadlock_timeout%3D5s")(t)
			tx, err := service.BeginTxx(t.Context(), nil)
			require.NoError(t, err)
			defer tx.Rollback()
			lock := func(key journal.Key) error {
				for _, lock := range []string{`SELECT 1 FROM dualgen_entry WHERE kind = $1 AND whole = 1 AND $2 <> '' FOR SHARE`, `UPDATE dualgen_entry SET dirty = 1 WHERE kind = $1 AND id = $2`} {
					if _, err := tx.Exec(lock, key.Kind, key.ID); err != nil {
						return err
					}
				}
				return nil
			}
			require.NoError(t, lock(c.locked))
			done := make(chan error, 1)
			go func() { done <- call(t.Context()) }()
			answered := false
			require.Eventually(t, func() bool {
				select {
				case err = <-done:
					answered = true
					return true
				default:
				}
				var waiting int
				return assert.NoError(t, service.Get(&waiting, `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'journal'
					AND datname = current_database() AND wait_event_type = 'Lock'`)) && waiting > 0
			}, enough, time.Millisecond)
			require.NoError(t, lock(c.wanted), "the server has ended the service's transaction")
			require.NoError(t, tx.Commit())
			if !answered {
				err = <-done
			}
			require.NoError(t, err)
		})
	}
}

func wholeOf(key journal.Key) journal.Key { return journal.Key{Kind: key.Kind, Whole: true} }
