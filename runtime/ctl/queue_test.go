package ctl_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/queue"
	"github.com/dualgen/dualgen/runtime/queue/table"
)

// openQueue is a queue in a file.
func openQueue(t *testing.T) *table.Queue {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "queue.db")+"?_pragma=busy_timeout(60000)&_pragma=journal_mode(WAL)&_txlock=immediate")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	q, err := table.Open(db, table.Options{Dialect: table.SQLite})
	require.NoError(t, err)
	require.NoError(t, q.Migrate(t.Context()))
	return q
}

// giveUp appends an entry for each key, and consumes until each was given up.
func giveUp(t *testing.T, q queue.Queue, ids ...string) (seqs []string) {
	t.Helper()
	for _, id := range ids {
		seq, err := q.Append(t.Context(), queue.Entry{Key: rig.Key(id), Method: "Items.Put", Args: []byte("{}")})
		require.NoError(t, err)
		seqs = append(seqs, strconv.FormatUint(seq, 10))
	}
	ctx, stop := context.WithCancel(t.Context())
	var consuming sync.WaitGroup
	consuming.Go(func() {
		_ = q.Consume(ctx, func(context.Context, queue.Entry) error { return queue.Permanent(errors.New("no such\ncolumn")) },
			queue.Config{Logger: slog.New(slog.DiscardHandler)})
	})
	defer func() { stop(); consuming.Wait() }()
	require.Eventually(t, func() bool { s, err := q.Status(ctx); return err == nil && s.Parked == int64(len(ids)) }, time.Minute, 5*time.Millisecond)
	return seqs
}

// Queued writes that were given up are listed with their cause, tried again, and dropped once somebody confirms it; the trail says so.
func TestQueue(t *testing.T) {
	c, q := console{t: t, rig: rig.New(t, rig.Options{})}, openQueue(t)
	run := func(want int, args ...string) string {
		t.Helper()
		var out, err bytes.Buffer
		p := ctl.Program{Open: c.open, Queue: func(context.Context) (queue.Queue, error) { return q, nil }}
		require.Equal(t, want, p.Run(t.Context(), append([]string{"queue"}, args...), &out, &err), "%v: %s%s", args, out.String(), err.String())
		return out.String() + err.String()
	}
	require.Contains(t, run(ctl.ExitDone, "list"), "0 waiting, the oldest for 0s; 0 given up")
	seqs := giveUp(t, q, "a", "b", "c")

	text := run(ctl.ExitDone, "list")
	require.Regexp(t, `(?m)^`+seqs[0]+"  "+rig.Key("a").String()+`  Items.Put, 1 attempts, queued \S+ ago$\n^  no such\\ncolumn$`, text)
	require.Contains(t, text, "3 given up")
	var told struct {
		Pending int
		Given   []struct {
			Seq                  uint64
			Key, Problem, Waited string
		}
	}
	require.NoError(t, json.Unmarshal([]byte(run(ctl.ExitDone, "--json", "list")), &told))
	require.Len(t, told.Given, 3)
	require.Equal(t, rig.Key("c").String(), told.Given[2].Key)

	require.Contains(t, run(ctl.ExitUsage, "retry", "99999"), "no entry that was given up")
	require.Contains(t, run(ctl.ExitUsage, "drop"), "queue list, queue drop")
	require.Contains(t, run(ctl.ExitUsage, "drop", seqs[0]), "is lost then: confirm with --confirm")
	run(ctl.ExitDone, "--dry-run", "drop", seqs[0], "--confirm")
	run(ctl.ExitDone, "--dry-run", "retry")
	require.Contains(t, run(ctl.ExitDone, "list"), "3 given up", "nothing was done")

	require.Contains(t, run(ctl.ExitDone, "--why", "the column is there", "retry", seqs[1]), "1 entries are tried again")
	require.Contains(t, run(ctl.ExitDone, "drop", "--confirm", seqs[0]), "1 entries dropped")
	text = run(ctl.ExitDone, "list")
	require.NotContains(t, text, rig.Key("a").String())
	require.Contains(t, text, "2 waiting", text)
	require.Contains(t, text, "1 given up")
	require.Contains(t, run(ctl.ExitDone, "retry"), "1 entries are tried again")
	history := c.ok("history")
	require.Contains(t, history, "dropped a queued write: "+seqs[0]+" (Items.Put of "+rig.Key("a").String()+")")
	require.Contains(t, history, "the column is there")

	status, _, stderr := c.run("queue", "list")
	require.Equal(t, ctl.ExitUsage, status)
	require.Contains(t, stderr, "this program opens no queue")
}
