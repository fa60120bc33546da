package drill

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
)

// backup copies the control tables, and returns what puts the copies back.
func (s *site) backup() (restore func()) {
	s.t.Helper()
	db, err := sql.Open("pgx", s.ctl)
	require.NoError(s.t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT table_name, string_agg(column_name, ', ') FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name LIKE 'dualgen\_%' AND is_generated = 'NEVER' GROUP BY table_name`)
	require.NoError(s.t, err)
	saved, back := "", ""
	for rows.Next() {
		var table, columns string
		require.NoError(s.t, rows.Scan(&table, &columns))
		saved += fmt.Sprintf("CREATE TABLE saved_%s AS SELECT %s FROM %[1]s; ", table, columns)
		back += fmt.Sprintf("TRUNCATE %s; INSERT INTO %[1]s (%s) SELECT %[2]s FROM saved_%[1]s; ", table, columns)
	}
	require.NoError(s.t, rows.Err())
	s.exec(s.ctl, saved)
	return func() { s.exec(s.ctl, "BEGIN; "+back+"COMMIT") }
}

// The tables of control and journal are put back as they were some minutes ago, while the service runs. The marks of what the mirror
// missed since are gone: no certificate counts any more, and the refusal says why.
func TestRestoredJournal(t *testing.T) {
	s := newSite(t)
	s.ctl = servertest.Postgres(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20, "UNRECONCILED=1")
	a.writes(5)
	s.soon("advance", "--to", "OldPrimary")
	s.prove()
	restore := s.backup()
	s.exec(s.new, `ALTER TABLE users RENAME TO away`)
	a.writes(5)
	restore()
	s.exec(s.new, `ALTER TABLE away RENAME TO users`)
	a.writes(300) // a lease and more
	s.refused([]string{"was verified before the journal lost its memory"}, "advance", "--to", "OldGuarded")
	s.prove()
	s.finish()
	a.stop()
	s.held(false, a)
}

// The same once reads have moved to the new store: the record says that they have not. The instances that know better go on, one that
// starts lets no call in, and no step is made until the record is put where the fleet is.
func TestRestoredRecord(t *testing.T) {
	s := newSite(t)
	s.ctl = servertest.Postgres(t)
	one, _ := binaries(t)
	s.ok("init")
	a := s.start(one, "serve", "a", 1<<20)
	a.writes(5)
	s.soon("advance", "--to", "OldPrimary")
	s.prove()
	restore := s.backup()
	s.finish()
	a.writes(50) // in the new store alone
	restore()
	a.writes(100) // a lease and more
	b := s.start(one, "serve", "b", 1<<20)
	b.isRefused("the flag record is older than the one that other instances follow")
	status, text := s.command("advance")
	require.NotZero(t, status, text)
	require.Contains(t, text, "It was put back from a copy; recover --confirm puts it where that instance is")
	require.Contains(t, s.ok("status"), "recover --confirm puts the record where the instance is; do not evict it")
	s.ok("recover", "--confirm")
	b.writes(5)
	require.Contains(t, s.ok("status"), s.migration+": NewOnly,")
	a.stop()
	b.stop()
	s.held(false, a, b)
}
