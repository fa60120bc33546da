package ctl

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// What running commands print beside their reports: lines, or JSON lines, with the total that the program counts.
func TestProgressOfCommands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 3000)
		open := func(context.Context) (*dual.Migration, error) {
			m, err := dual.NewMigration(dual.Config{Control: r.Control, Journal: r.Journal, Settle: rig.Settle, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err == nil {
				dual.AddEntity(m, &r.Stores, rig.Entity())
				dual.AddCount(m, rig.Kind, func(_ context.Context, store dual.Store) (int64, error) {
					return int64(len(r.Stores[store].Snapshot())), nil
				})
			}
			return m, err
		}
		run := func(args ...string) (string, string) {
			var out, err bytes.Buffer
			require.Equal(t, ExitDone, Run(t.Context(), args, &out, &err, open), err.String())
			return out.String(), err.String()
		}
		_, lines := run("backfill", "--rate", "200", "--chunk", "25")
		require.Contains(t, lines, " of 3000 (")
		require.Regexp(t, `Item: \d+ of 3000 \(\d+ %\), \d+ a second, \S+ left by the last \S+; \d+ copied`, lines)
		out, lines := run("verify", "--rate", "1000", "--json")
		require.Contains(t, out, `"certified": true`)
		for line := range strings.Lines(lines) {
			var p outlook.Progress
			require.NoError(t, json.Unmarshal([]byte(line), &p), line)
			require.Equal(t, int64(3000), *p.Total)
			require.Equal(t, "verify", p.Work)
		}
		require.NotEmpty(t, lines)
	})
}

// The rate of a backfill that runs is changed by a command, and takes effect while it runs.
func TestBackfillRateOfARunningCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 4000)
		open := func(context.Context) (*dual.Migration, error) {
			m, err := dual.NewMigration(dual.Config{Control: r.Control, Journal: r.Journal, Settle: rig.Settle, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err == nil {
				dual.AddEntity(m, &r.Stores, rig.Entity())
			}
			return m, err
		}
		run := func(args ...string) int { return Run(context.Background(), args, io.Discard, io.Discard, open) }
		ended := make(chan time.Time)
		began := time.Now()
		go func() {
			run("backfill", "--rate", "10", "--chunk", "5") // 400 s at that rate
			ended <- time.Now()
		}()
		time.Sleep(10 * time.Second)
		require.Equal(t, ExitDone, run("set", "--backfill-rate", "4000"))
		require.Less(t, (<-ended).Sub(began), 60*time.Second)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, 4000.0, record.Settings.BackfillRate)
		require.Contains(t, trail(record), "backfill-rate 0 to 4000")
		require.Equal(t, ExitUsage, run("set", "--backfill-rate", "NaN"))
	})
}

func trail(r control.Record) string {
	var b strings.Builder
	for _, c := range r.Trail {
		b.WriteString(c.What + "\n")
	}
	return b.String()
}

// status and watch show what another process copies: watch with the rate that it has seen, status with none.
func TestRunningInStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 4000)
		open := func(context.Context) (*dual.Migration, error) {
			m, err := dual.NewMigration(dual.Config{Control: r.Control, Journal: r.Journal, Settle: rig.Settle, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
			if err == nil {
				dual.AddEntity(m, &r.Stores, rig.Entity())
				dual.AddCount(m, rig.Kind, func(context.Context, dual.Store) (int64, error) { return 4000, nil })
			}
			return m, err
		}
		run := func(seconds int, args ...string) string {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(seconds)*time.Second)
			defer cancel()
			var out bytes.Buffer
			Run(ctx, args, &out, io.Discard, open)
			return out.String()
		}
		require.NotContains(t, run(10, "status"), " of 4000")
		ended := make(chan string)
		for _, of := range [][2]string{{"backfill", "50"}, {"verify", "200"}} {
			work, rate := of[0], of[1]
			go func() { ended <- run(1000, work, "--rate", rate) }()
			time.Sleep(45 * time.Second)
			require.Regexp(t, work+` \[[#.]+\] Item: \d+ of 4000 \(\d+ %\)\n`, run(10, "status"))
			require.Regexp(t, work+` \[[#.]+\] Item: \d+ of 4000 \(\d+ %\), \d+ a second, \S+ left by the last \S+s\n`, run(15, "watch"))
			if work == "verify" { // an entity is done when both stores have shown it
				latest, err := verify.Status(t.Context(), r.Control, rig.Kind)
				require.NoError(t, err)
				require.Positive(t, latest.Read[0])
				require.Contains(t, run(10, "status"), fmt.Sprintf("Item: %d of 4000", (latest.Read[0]+latest.Read[1])/2))
			}
			<-ended
			require.NotContains(t, run(10, "status"), "000 (")
		}
	})
}
