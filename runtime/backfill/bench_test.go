package backfill_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

// article is a row of the benchmark.
type article struct {
	ID      int64
	Author  string
	Title   string
	Body    string
	Created time.Time
}

// articles is a table in Postgres.
type articles struct {
	pool  *pgxpool.Pool
	table string
}

const articleColumns = `id, author, title, body, created`

func (a articles) list(ctx context.Context, after int64, limit int) ([]article, error) {
	rows, err := a.pool.Query(ctx, `SELECT `+articleColumns+` FROM `+a.table+` WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[article])
}

func (a articles) get(ctx context.Context, id int64) (article, bool, error) {
	rows, err := a.pool.Query(ctx, `SELECT `+articleColumns+` FROM `+a.table+` WHERE id = $1`, id)
	if err != nil {
		return article{}, false, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[article])
	if err != nil || len(found) == 0 {
		return article{}, false, err
	}
	return found[0], true, nil
}

const articleUpsert = ` ON CONFLICT (id) DO UPDATE SET author = EXCLUDED.author, title = EXCLUDED.title, body = EXCLUDED.body, created = EXCLUDED.created`

func (a articles) save(ctx context.Context, one article) error {
	_, err := a.pool.Exec(ctx, `INSERT INTO `+a.table+` (`+articleColumns+`) VALUES ($1, $2, $3, $4, $5)`+articleUpsert,
		one.ID, one.Author, one.Title, one.Body, one.Created)
	return err
}

// saveAll stores many rows by one statement.
func (a articles) saveAll(ctx context.Context, all []article) error {
	var (
		ids                     = make([]int64, len(all))
		authors, titles, bodies = make([]string, len(all)), make([]string, len(all)), make([]string, len(all))
		created                 = make([]time.Time, len(all))
	)
	for i, one := range all {
		ids[i], authors[i], titles[i], bodies[i], created[i] = one.ID, one.Author, one.Title, one.Body, one.Created
	}
	_, err := a.pool.Exec(ctx, `INSERT INTO `+a.table+` (`+articleColumns+`)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])`+articleUpsert, ids, authors, titles, bodies, created)
	return err
}

func articleKey(id int64) dual.Key { return dual.Key{Kind: "Article", ID: strconv.FormatInt(id, 10)} }

// articleEntity says how articles are copied, as dualgen generates it.
func articleEntity(many bool) dual.Entity[articles, article] {
	parse := func(key dual.Key) (int64, error) { return strconv.ParseInt(key.ID, 10, 64) }
	e := dual.Entity[articles, article]{
		Kind: "Article",
		Key:  func(a article) dual.Key { return articleKey(a.ID) },
		Get: func(ctx context.Context, store articles, key dual.Key) (article, bool, error) {
			id, err := parse(key)
			if err != nil {
				return article{}, false, err
			}
			return store.get(ctx, id)
		},
		Put: func(ctx context.Context, store articles, a article) error { return store.save(ctx, a) },
		Scan: func(ctx context.Context, store articles, cursor string, limit int) ([]article, string, error) {
			after := int64(0)
			if cursor != "" {
				after, _ = parse(dual.Key{ID: cursor})
			}
			page, err := store.list(ctx, after, limit)
			if err != nil || len(page) == 0 {
				return nil, "", err
			}
			return page, articleKey(page[len(page)-1].ID).ID, nil
		},
		First: []dual.Key{articleKey(-1 << 63), articleKey(-1 << 31)},
		Diff: func(a, b article) []dual.Difference {
			if a.ID == b.ID && a.Author == b.Author && a.Title == b.Title && a.Body == b.Body && a.Created.Equal(b.Created) {
				return nil
			}
			return []dual.Difference{{Path: "Article"}}
		},
	}
	if many {
		e.PutMany = func(ctx context.Context, store articles, all []article) error { return store.saveAll(ctx, all) }
	}
	return e
}

// ground is a database with a table of articles, and an empty one.
type ground struct {
	old, new articles
	record   *sqlcontrol.Backend
}

// articleRows is how many rows a round of the benchmark copies.
const articleRows = 100_000

func openGround(tb testing.TB, rows int) ground {
	return openGroundAt(tb, servertest.Postgres(tb), rows)
}

func openGroundAt(tb testing.TB, url string, rows int) ground {
	config, err := pgxpool.ParseConfig(url)
	require.NoError(tb, err)
	config.MaxConns = 16
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	require.NoError(tb, err)
	tb.Cleanup(pool.Close)
	_, err = pool.Exec(context.Background(), `CREATE TABLE old_articles (id bigint PRIMARY KEY, author text, title text, body text, created timestamptz);
CREATE TABLE new_articles (LIKE old_articles INCLUDING ALL);
INSERT INTO old_articles SELECT n, 'author ' || n % 1000, 'title of ' || n, repeat(md5(n::text), 8), now() FROM generate_series(1, `+fmt.Sprint(rows)+`) n`)
	require.NoError(tb, err)
	db := sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx")
	tb.Cleanup(func() { require.NoError(tb, db.Close()) })
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "bench"})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, backend.Close(context.Background())) })
	require.NoError(tb, backend.Migrate(context.Background()))
	return ground{articles{pool, "old_articles"}, articles{pool, "new_articles"}, backend}
}

// empty empties the new table.
func (g ground) empty(tb testing.TB) {
	_, err := g.new.pool.Exec(context.Background(), `TRUNCATE new_articles; CHECKPOINT`)
	require.NoError(tb, err)
}

// by backfills by dualgen.
func (g ground) by(tb testing.TB, many bool, config backfill.Config) backfill.Report {
	ctx, quiet := context.Background(), slog.New(slog.DiscardHandler)
	_, err := control.Update(ctx, g.record.Control(), func(record *control.Record) error {
		record.Epoch++
		record.Phase, record.MirroredSince, record.MirroredFrom, record.Kinds = phase.OldPrimary, record.Epoch, phase.Old, []string{"Article"}
		return nil
	})
	require.NoError(tb, err)
	m, err := dual.NewMigration(dual.Config{Control: g.record.Control(), Journal: g.record.Journal(), Logger: quiet})
	require.NoError(tb, err)
	defer func() { require.NoError(tb, m.Close(ctx)) }()
	dual.AddEntity(m, &[2]articles{g.old, g.new}, articleEntity(many))
	for _, err := control.Settled(ctx, g.record.Control()); err != nil; _, err = control.Settled(ctx, g.record.Control()) {
		time.Sleep(5 * time.Millisecond)
	}
	config.Logger, config.Rate = quiet, -1
	report, err := backfill.Run(ctx, m, "Article", config)
	require.NoError(tb, err)
	require.True(tb, report.Complete)
	return report
}

// loop backfills as one would by hand: pages of batch × workers, each in batches, several at once.
func (g ground) loop(tb testing.TB, batch, workers int) {
	ctx, after := context.Background(), int64(0)
	for {
		page, err := g.old.list(ctx, after, batch*workers)
		require.NoError(tb, err)
		if len(page) == 0 {
			return
		}
		var writers sync.WaitGroup
		for first := 0; first < len(page); first += batch {
			writers.Go(func() {
				if err := g.new.saveAll(ctx, page[first:min(first+batch, len(page))]); err != nil {
					tb.Error(err)
				}
			})
		}
		writers.Wait()
		after = page[len(page)-1].ID
	}
}

// BenchmarkAgainstAHandWrittenLoop copies the same table by turns: by a loop written by hand, and by a backfill, which keeps
// checkpoints, asks the journal, and looks at what it wrote. Batches and workers are the same.
func BenchmarkAgainstAHandWrittenLoop(b *testing.B) {
	g := openGround(b, articleRows)
	const batch, workers = 500, 4
	var took [2]time.Duration
	var ratios []float64
	for range b.N {
		g.empty(b)
		began := time.Now()
		g.loop(b, batch, workers)
		byHand := time.Since(began)
		g.empty(b)
		backfilled := g.by(b, true, backfill.Config{Chunk: batch, Workers: workers}).Took
		took[0], took[1] = took[0]+byHand, took[1]+backfilled
		ratios = append(ratios, byHand.Seconds()/backfilled.Seconds())
	}
	slices.Sort(ratios)
	b.ReportMetric(float64(b.N*articleRows)/took[0].Seconds(), "loop-rows/s")
	b.ReportMetric(float64(b.N*articleRows)/took[1].Seconds(), "backfill-rows/s")
	b.ReportMetric(ratios[len(ratios)/2], "median-backfill/loop")
}

// BenchmarkOneByOne copies by a store that takes one entity at a time.
func BenchmarkOneByOne(b *testing.B) {
	const rows = 10_000
	g := openGround(b, rows)
	b.ResetTimer()
	for range b.N {
		g.empty(b)
		g.by(b, false, backfill.Config{})
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
}
