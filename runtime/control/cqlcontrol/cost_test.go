package cqlcontrol

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control/internal/cost"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// ways returns a plain insert and what a journal makes of it.
func ways(tb testing.TB) []cost.Way {
	tb.Helper()
	p := newPlace(tb)
	b := p.open(tb, Options{})
	create := fmt.Sprintf(`CREATE TABLE %s.users (id int PRIMARY KEY, name text, email text)`, p.keyspace)
	require.NoError(tb, b.gocql().Query(create).Exec())
	insert := fmt.Sprintf(`INSERT INTO %s.users (id, name, email) VALUES (?, ?, ?)`, p.keyspace)
	plain := func(ctx context.Context, id int) error {
		return b.query(ctx, insert, id, fmt.Sprint("user ", id), fmt.Sprint(id, "@example.org")).Exec()
	}
	type begin func(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error)
	nothing := func(context.Context, int) error { return nil }
	type write = func(ctx context.Context, id int) error
	journaled := func(begin begin, plain write) write {
		return func(ctx context.Context, id int) error {
			key := journal.Key{Kind: "User", ID: fmt.Sprint(id)}
			token, err := begin(ctx, "x", key, phase.Old)
			if err != nil {
				return err
			}
			if err := plain(ctx, id); err != nil {
				return err
			}
			return b.journal.End(ctx, key, token, true)
		}
	}
	pair := func(plain write) write {
		return func(ctx context.Context, id int) error {
			key := fmt.Sprint("lock ", id)
			_, err := b.apply(ctx, `INSERT INTO {checkpoint} (migration, name, data) VALUES ('cost', ?, 0x00) IF NOT EXISTS`, key)
			if err == nil {
				err = plain(ctx, id)
			}
			if err == nil {
				_, err = b.apply(ctx, `DELETE FROM {checkpoint} WHERE migration = 'cost' AND name = ? IF data = 0x00`, key)
			}
			return err
		}
	}
	return []cost.Way{
		{Name: "plain", Write: plain},
		{Name: "token-rows", Write: journaled(b.journal.BeginAgreed, plain)},
		{Name: "token-rows alone", Write: journaled(b.journal.BeginAgreed, nothing)},
		{Name: "lwt-pair", Write: pair(plain)},
		{Name: "lwt-pair alone", Write: pair(nothing)},
		{Name: "guarded", Write: journaled(b.journal.Begin, plain)},
	}
}

// BenchmarkCost measures inserts of random rows by 16 clients.
func BenchmarkCost(b *testing.B) { cost.Bench(b, ways(b)) }

// TestCost prints what a journal costs.
func TestCost(t *testing.T) { cost.Table(t, "Cassandra", ways(t)) }
