package ctl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// clocked is a control store in a database whose clock is off.
type clocked struct {
	control.Control
	off time.Duration
}

func (c clocked) Now(context.Context) (time.Time, error) { return time.Now().Add(c.off), nil }

// ward is a rig whose command knows its stores.
type ward struct {
	console
	stores  [2]control.Identity
	control control.Control
}

func newWard(t *testing.T, p phase.Phase) *ward {
	r := rig.New(t, rig.Options{Phase: p})
	return &ward{console: console{t: t, rig: r}, control: clocked{Control: r.Control}, stores: [2]control.Identity{
		{Store: "postgres 1 shop public: users", Timeout: time.Millisecond}, {Store: "cassandra shop: users 2", Timeout: time.Millisecond},
	}}
}

// doctor runs the command, and returns its exit status and what it printed.
func (w *ward) doctor(args ...string) (int, string) {
	var out, stderr bytes.Buffer
	status := ctl.Run(w.t.Context(), append([]string{"doctor"}, args...), &out, &stderr, func(context.Context) (*dual.Migration, error) {
		m, err := dual.NewMigration(dual.Config{
			Control: w.control, Journal: w.rig.Journal, Settle: rig.Settle, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Identify: func(_ context.Context, store dual.Store) (control.Identity, error) {
				if w.stores[store].Schema == "missing" {
					return control.Identity{}, errors.New("there is no such table")
				}
				return w.stores[store], nil
			},
		})
		if err == nil {
			dual.AddEntity(m, &w.rig.Stores, rig.Entity())
		}
		return m, err
	})
	return status, out.String() + stderr.String()
}

// report is an instance's report that finds nothing wrong.
func (w *ward) report(id string) control.Instance {
	record, err := w.rig.Control.Load(w.t.Context())
	require.NoError(w.t, err)
	incarnation, err := w.rig.Journal.Incarnation(w.t.Context())
	require.NoError(w.t, err)
	return control.Instance{ID: id, Acked: record.Epoch, Phase: record.Phase, Kinds: []string{rig.Kind}, Reconciles: true, Journal: incarnation, Stores: w.stores}
}

func (w *ward) renew(in control.Instance) {
	require.NoError(w.t, w.rig.Control.Renew(w.t.Context(), in, time.Hour))
}

// A fleet with nothing wrong has no problem and no warning.
func TestDoctorFindsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWard(t, phase.OldOnly)
		w.renew(w.report("a"))
		command := w.report("killed command")
		command.Command = true
		require.NoError(t, w.rig.Control.Renew(t.Context(), command, -time.Second))
		require.NoError(t, w.rig.Control.Leave(t.Context(), w.rig.Migration.Instance()))
		require.NoError(t, w.rig.Migration.Close(t.Context()))
		_, err := control.Update(t.Context(), w.rig.Control, func(r *control.Record) error {
			r.Stores = [2]string{w.stores[0].Store, w.stores[1].Store}
			return nil
		})
		require.NoError(t, err)
		status, text := w.doctor()
		require.Equal(t, ctl.ExitDone, status, text)
		require.Contains(t, text, "0 problems, 0 warnings")
		require.Contains(t, text, "1 instances, on this record, journal and pair of stores")
		status, text = w.doctor("--json")
		require.Equal(t, ctl.ExitDone, status)
		var report struct {
			Findings []struct{ Check, Level, What string }
			Problems int
		}
		require.NoError(t, json.Unmarshal([]byte(text), &report))
		require.Greater(t, len(report.Findings), 6)
	})
}

// spoiled are the things that can be wrong: what makes one so, and what doctor ends with and says.
var spoiled = map[string]struct {
	spoil  func(w *ward)
	status int
	want   []string
}{
	"one store": {func(w *ward) { w.stores[1] = w.stores[0] }, ctl.ExitFailed, nil},
	"swapped": {func(w *ward) { w.stores[0], w.stores[1] = w.stores[1], w.stores[0] }, ctl.ExitFailed,
		[]string{"this command has the stores swapped", "stores --pin --confirm"}},
	"no table":    {func(w *ward) { w.stores[1].Schema = "missing" }, ctl.ExitFailed, []string{"there is no such table", "do:  create what is missing"}},
	"unknown":     {func(w *ward) { w.stores = [2]control.Identity{} }, ctl.ExitDone, []string{"nobody can tell whether the two stores are two", "set Identify in dual.Config"}},
	"no deadline": {func(w *ward) { w.stores[0].Timeout = -1 }, ctl.ExitFailed, []string{"nothing bounds a statement in the old store", `do:  ALTER DATABASE "shop" SET statement_timeout`}},
	"late deadline": {func(w *ward) { w.stores[1].Timeout = time.Hour }, ctl.ExitFailed,
		[]string{"a statement may take 1h0m0s in the new store", "nodetool settimeout write"}},
	"clock": {func(w *ward) { w.control = clocked{w.rig.Control, time.Minute} }, ctl.ExitFailed, []string{"1m0s apart", "timedatectl set-ntp true"}},
	"unreadable": {func(w *ward) {
		w.rig.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: dualtest.FailBefore(errors.New("relation does not exist"))})
	}, ctl.ExitFailed, []string{"Item cannot be read in the new store", "relation does not exist"}},
	"behind": {func(w *ward) {
		in := w.report("slow")
		in.Acked--
		in.Note = "the journal cannot be reached"
		w.renew(in)
	}, ctl.ExitFailed, []string{"instance slow follows epoch", "the journal cannot be reached", "do:  status --all"}},
	"another journal": {func(w *ward) {
		in := w.report("b")
		in.Journal = "another"
		w.renew(in)
	}, ctl.ExitFailed, []string{"instance b writes to another journal"}},
	"another store": {func(w *ward) {
		in := w.report("b")
		in.Stores[1].Store = "cassandra staging: users 3"
		w.renew(in)
	}, ctl.ExitFailed, []string{"instance b has another new store", "cassandra staging"}},
	"another build": {func(w *ward) {
		in := w.report("b")
		in.Shapes = map[string]string{rig.Kind: "Other 1"}
		w.renew(in)
	}, ctl.ExitDone, []string{"instance b knows other fields of Item"}},
	"cut off": {func(w *ward) {
		in := w.report("b")
		in.KeepsLast = true
		require.NoError(w.t, w.rig.Control.Renew(w.t.Context(), in, -time.Second))
	}, ctl.ExitFailed, []string{"instance b is cut off", "evict b"}},
	"lost": {func(w *ward) {
		require.NoError(w.t, w.rig.Control.Renew(w.t.Context(), w.report("b"), -2*time.Second))
	}, ctl.ExitDone, []string{"warning  fleet: the lease of instance b ran out 2s ago", "once that has certainly ended: evict b"}},
	"lost in numbers": {func(w *ward) {
		for i := range 7 {
			require.NoError(w.t, w.rig.Control.Renew(w.t.Context(), w.report(fmt.Sprint("pod-", i)), time.Duration(-2-i)*time.Second))
		}
	}, ctl.ExitDone, []string{"warning  fleet: the leases of 7 instances ran out, the last one 2s ago: pod-0, pod-1, pod-2, pod-3, pod-4 and 2 more.", "evict INSTANCE"}},
}

func TestDoctorFinds(t *testing.T) {
	for name, test := range spoiled {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWard(t, phase.OldPrimary)
				w.renew(w.report("a"))
				_, err := control.Update(t.Context(), w.rig.Control, func(r *control.Record) error {
					r.Stores = [2]string{w.stores[0].Store, w.stores[1].Store}
					return nil
				})
				require.NoError(t, err)
				status, text := w.doctor()
				require.Equal(t, ctl.ExitDone, status, "before it was spoiled: %s", text)
				require.NotContains(t, text, "\nproblem")
				test.spoil(w)
				status, text = w.doctor()
				require.Equal(t, test.status, status, text)
				for _, part := range test.want {
					require.Contains(t, text, part)
				}
			})
		})
	}
}

// Without a record there is one thing to do.
func TestDoctorWithoutRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWard(t, phase.OldOnly)
		w.control = control.NewMemory()
		status, text := w.doctor()
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, text, "there is no flag record")
		require.Contains(t, text, "do:  init")
	})
}

// A probe goes through the copier, leaves nothing behind, and is made only if it is asked for and nobody uses the store.
func TestDoctorProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWard(t, phase.OldOnly)
		_, text := w.doctor("--probe")
		require.Contains(t, text, "Item: the old store holds none to probe with")
		w.rig.Fill(phase.Old, 3)
		before := w.rig.Stores[phase.New].Snapshot()
		_, text = w.doctor()
		require.NotContains(t, text, "probe:")
		_, text = w.doctor("--probe")
		require.Contains(t, text, "was written to the new store, read back the same, and deleted there")
		require.Equal(t, before, w.rig.Stores[phase.New].Snapshot())
		require.Zero(t, w.rig.Unclean())
		require.Contains(t, w.ok("history"), "probed the kinds with doctor")

		w.rig.Faults.Add(dualtest.Rule{Store: "new", Method: "Delete", Fault: dualtest.FailBefore(errors.New("no right to delete"))})
		status, text := w.doctor("--probe")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, text, "no right to delete")
		require.Equal(t, 1, w.rig.Unclean(), "what may be left there is copied later")
		w.rig.SetPhase(phase.OldPrimary)
		w.rig.Follow()
		_, text = w.doctor("--probe")
		require.Contains(t, text, "no probe is made in OldPrimary")
		require.Contains(t, text, "verify --sample")
	})
}
