// Package controltest holds the conformance suite of control stores: every sentence of the control.Control interface, as
// tests over a function that opens an empty store.
package controltest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TB is the part of testing.T that the suite reports to, so that the suite can be tested itself.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Run runs the suite. open returns a store that is empty, and whatever a second call of open for the same test returns
// must be another store. Leases are real times of some hundred milliseconds; slow stores only make it slower.
func Run(t *testing.T, open func(t *testing.T) control.Control) {
	for _, c := range Cases() {
		t.Run(c.Name, func(t *testing.T) { c.Check(t, open(t)) })
	}
}

// Case is one part of the suite.
type Case struct {
	Name  string
	Check func(t TB, c control.Control)
}

// Cases returns the parts of the suite, each for an empty store.
func Cases() []Case {
	return []Case{
		{"a store begins empty", beginsEmpty},
		{"a record comes back whole", recordRoundTrip},
		{"a swap asks for the revision", swapRevision},
		{"of many swaps at once one wins", swapRace},
		{"a watch ends at a change", watchChange},
		{"a watch ends with its context", watchContext},
		{"a watch of an old revision ends at once", watchPast},
		{"an instance comes back whole", instanceRoundTrip},
		{"a lease runs out and can be renewed", leases},
		{"who left is not listed and may come back", leave},
		{"who was evicted stays out", evict},
		{"checkpoints are kept by name", checkpoints},
		{"what is returned is the caller's own", ownership},
		{"methods can be called at once", concurrent},
	}
}

var ctx = context.Background()

func must(t TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

func equal(t TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func beginsEmpty(t TB, c control.Control) {
	record, err := c.Load(ctx)
	must(t, err)
	equal(t, "the record of an empty store", record, control.Record{})
	instances, err := c.Instances(ctx)
	must(t, err)
	equal(t, "its instances", len(instances), 0)
	data, err := c.LoadCheckpoint(ctx, "none")
	must(t, err)
	equal(t, "a checkpoint that was never saved", data, []byte(nil))
}

// full is a record in which every field is set.
func full() control.Record {
	when := time.Date(2024, 2, 29, 12, 30, 15, 123_000_000, time.UTC)
	return control.Record{
		Epoch: 7, Phase: phase.NewGuarded,
		Settings:      phase.Settings{Mirror: phase.Async, Compare: 0.25, CompareSelf: true, Freeze: phase.FreezeWrites, Fallback: phase.FallbackSave, Cutoff: when, Lead: time.Hour, Paused: true},
		MirroredSince: 5, MirroredFrom: phase.New, Proved: []string{"User"}, Journal: "journal-ü", Crossed: true,
		Kinds:        []string{"Order", "User"},
		Backfills:    map[string]control.Backfill{"User": {Epoch: 5, From: phase.New, Copied: 1 << 40, Complete: true, Fence: 3, Holder: "a", Track: 2, Ranges: []control.Range{{Fence: 2, Holder: "a", Done: true, Copied: 1 << 40, Same: 3, Repeated: 2, Failed: 1}, {After: "ü\x00\"", Fence: 1}}}},
		Certificates: map[string]control.Certificate{"User": {Epoch: 5, Incarnation: "x", Voids: 2, Seq: 1<<63 - 1, Compared: 9, Differed: 1, Issued: when, Schemas: [2]string{"a", "b"}}},
		ParityVoid:   true, Voids: 2, Served: when, Updated: when, By: "somebody \"quoted\"", Why: "because\n\"quoted\"",
		Trail: []control.Change{{Revision: 1, At: when, By: "a", What: "OldOnly to OldPrimary", Why: "ü"}},
	}
}

// sameRecord compares records, whose times may come back in another zone.
func sameRecord(t TB, got, want control.Record) {
	t.Helper()
	if !got.Updated.Equal(want.Updated) {
		t.Errorf("updated: got %v, want %v", got.Updated, want.Updated)
	}
	got.Updated = want.Updated
	for i, change := range want.Trail {
		if i < len(got.Trail) && got.Trail[i].At.Equal(change.At) {
			got.Trail[i].At = change.At
		}
	}
	for kind, certificate := range want.Certificates {
		if stored := got.Certificates[kind]; stored.Issued.Equal(certificate.Issued) {
			stored.Issued = certificate.Issued
			got.Certificates[kind] = stored
		}
	}
	equal(t, "the record", got, want)
}

func recordRoundTrip(t TB, c control.Control) {
	want := full()
	must(t, c.Swap(ctx, 0, want))
	want.Revision = 1
	got, err := c.Load(ctx)
	must(t, err)
	sameRecord(t, got, want)
	// Every swap replaces the record as a whole.
	must(t, c.Swap(ctx, 1, control.Record{Epoch: 8, Phase: phase.OldOnly}))
	got, err = c.Load(ctx)
	must(t, err)
	sameRecord(t, got, control.Record{Revision: 2, Epoch: 8, Phase: phase.OldOnly})
}

func swapRevision(t TB, c control.Control) {
	next := control.Record{Epoch: 1, Phase: phase.OldOnly, Revision: 99}
	if err := c.Swap(ctx, 3, next); !errors.Is(err, control.ErrConflict) {
		t.Errorf("a swap that expects revision 3 of an empty store: got %v, want ErrConflict", err)
	}
	must(t, c.Swap(ctx, 0, next))
	record, err := c.Load(ctx)
	must(t, err)
	equal(t, "the revision after the first swap, whatever the record said", record.Revision, uint64(1))
	next.Epoch = 2
	if err := c.Swap(ctx, 0, next); !errors.Is(err, control.ErrConflict) {
		t.Errorf("a second swap of revision 0: got %v, want ErrConflict", err)
	}
	record, err = c.Load(ctx)
	must(t, err)
	equal(t, "the epoch after a conflict", record.Epoch, uint64(1))
}

func swapRace(t TB, c control.Control) {
	const rounds, racers = 10, 4
	must(t, c.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldOnly}))
	for round := range rounds {
		var won atomic.Int32
		var all sync.WaitGroup
		for racer := range racers {
			all.Go(func() {
				err := c.Swap(ctx, uint64(round+1), control.Record{Epoch: uint64(round), Phase: phase.OldOnly, By: fmt.Sprint(racer)})
				switch {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, control.ErrConflict):
					t.Errorf("a swap that lost: got %v, want ErrConflict", err)
				}
			})
		}
		all.Wait()
		equal(t, "the winners of a race", won.Load(), int32(1))
		record, err := c.Load(ctx)
		must(t, err)
		equal(t, "the revision after a race", record.Revision, uint64(round+2))
	}
}

func watchChange(t TB, c control.Control) {
	must(t, c.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldOnly}))
	limit, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	seen := make(chan error, 1)
	go func() {
		for {
			err := c.Watch(limit, 1)
			record, loadErr := c.Load(limit)
			if err := errors.Join(err, loadErr); err != nil || record.Revision != 1 {
				seen <- err
				return
			}
		}
	}()
	time.Sleep(20 * time.Millisecond)
	must(t, c.Swap(ctx, 1, control.Record{Epoch: 2, Phase: phase.OldOnly}))
	if err := <-seen; err != nil {
		t.Errorf("a watcher did not see the change: %v", err)
	}
}

func watchContext(t TB, c control.Control) {
	must(t, c.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldOnly}))
	short, cancel := context.WithTimeout(ctx, 30*time.Millisecond)
	defer cancel()
	began := time.Now()
	_ = c.Watch(short, 1) // an error or none: it only has to end
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("a watch went on for %v after its context had ended", took)
	}
}

func watchPast(t TB, c control.Control) {
	must(t, c.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldOnly}))
	must(t, c.Swap(ctx, 1, control.Record{Epoch: 2, Phase: phase.OldOnly}))
	must(t, c.Watch(ctx, 1))
	must(t, c.Watch(ctx, 0))
}

const long = time.Hour

// find returns the instance of that id.
func find(t TB, c control.Control, id string) (control.Instance, bool) {
	t.Helper()
	instances, err := c.Instances(ctx)
	must(t, err)
	for _, i := range instances {
		if i.ID == id {
			return i, true
		}
	}
	return control.Instance{}, false
}

func instanceRoundTrip(t TB, c control.Control) {
	want := control.Instance{ID: "b", Acked: 7, Phase: phase.OldGuarded, Note: "a note", Kinds: []string{"Order", "User"}, Journal: "j", KeepsLast: true, Timed: true,
		Shapes: map[string]string{"User": "ID 1"}, Loose: []string{"Order"}, Unlisted: []string{"Order"}, Abandoned: []string{"Order"}, Reconciles: true, Alone: true, Command: true}
	must(t, c.Renew(ctx, want, long))
	must(t, c.Renew(ctx, control.Instance{ID: "a"}, long))
	got, _ := find(t, c, "b")
	if got.Left <= 0 || got.Left > long {
		t.Errorf("what is left of a lease of %v: %v", long, got.Left)
	}
	want.Live, want.Left = true, got.Left
	equal(t, "the instance", got, want)
	must(t, c.Renew(ctx, control.Instance{ID: "b", Acked: 8, Phase: phase.NewGuarded}, long))
	got, _ = find(t, c, "b")
	equal(t, "the instance after it reported again", got,
		control.Instance{ID: "b", Acked: 8, Phase: phase.NewGuarded, Live: true, Left: got.Left})
	instances, err := c.Instances(ctx)
	must(t, err)
	if len(instances) != 2 || instances[0].ID != "a" || instances[1].ID != "b" {
		t.Errorf("instances are not listed by id: %+v", instances)
	}
}

// eventually waits until done, for stores whose clocks are coarse.
func eventually(t TB, what string, done func() bool) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Errorf("%s: not within 10 s", what)
}

func leases(t TB, c control.Control) {
	must(t, c.Renew(ctx, control.Instance{ID: "brief"}, 300*time.Millisecond))
	must(t, c.Renew(ctx, control.Instance{ID: "lasting"}, long))
	eventually(t, "a lease of 300 ms runs out", func() bool {
		i, listed := find(t, c, "brief")
		if !listed {
			t.Fatalf("an instance whose lease ran out is no longer listed")
		}
		return !i.Live
	})
	i, _ := find(t, c, "brief")
	if i.Left > 0 {
		t.Errorf("what is left of a lease that ran out: %v", i.Left)
	}
	if i, _ := find(t, c, "lasting"); !i.Live {
		t.Errorf("a lease of an hour ran out too: %+v", i)
	}
	must(t, c.Renew(ctx, control.Instance{ID: "brief"}, long))
	if i, _ := find(t, c, "brief"); !i.Live {
		t.Errorf("a lease that was renewed after it ran out does not run: %+v", i)
	}
}

func leave(t TB, c control.Control) {
	must(t, c.Renew(ctx, control.Instance{ID: "a"}, long))
	must(t, c.Renew(ctx, control.Instance{ID: "b"}, long))
	must(t, c.Leave(ctx, "a"))
	if _, listed := find(t, c, "a"); listed {
		t.Errorf("an instance that left is listed")
	}
	if _, listed := find(t, c, "b"); !listed {
		t.Errorf("another instance left with it")
	}
	must(t, c.Leave(ctx, "never seen"))
	must(t, c.Renew(ctx, control.Instance{ID: "a"}, long))
	if _, listed := find(t, c, "a"); !listed {
		t.Errorf("an instance that left cannot come back")
	}
}

func checkpoints(t TB, c control.Control) {
	binary := []byte{0, 1, 0xff, 0xfe, '"', '\n'}
	must(t, c.SaveCheckpoint(ctx, "backfill/User", binary))
	must(t, c.SaveCheckpoint(ctx, "backfill/Order", []byte("other")))
	data, err := c.LoadCheckpoint(ctx, "backfill/User")
	must(t, err)
	equal(t, "a checkpoint of odd bytes", data, binary)
	large := bytes.Repeat([]byte("checkpoint "), 10_000)
	must(t, c.SaveCheckpoint(ctx, "backfill/User", large))
	data, err = c.LoadCheckpoint(ctx, "backfill/User")
	must(t, err)
	equal(t, "the length of a checkpoint that replaced another", len(data), len(large))
	data, err = c.LoadCheckpoint(ctx, "backfill/Order")
	must(t, err)
	equal(t, "the other checkpoint", string(data), "other")
	must(t, c.SaveCheckpoint(ctx, "backfill/User", nil))
	data, err = c.LoadCheckpoint(ctx, "backfill/User")
	must(t, err)
	equal(t, "the length of an empty checkpoint", len(data), 0)
	record, err := c.Load(ctx)
	must(t, err)
	equal(t, "the record's revision after checkpoints", record.Revision, uint64(0))
}

func ownership(t TB, c control.Control) {
	record := full()
	must(t, c.Swap(ctx, 0, record))
	record.Backfills["User"].Ranges[0], record.Backfills["User"] = control.Range{}, control.Backfill{}
	record.Kinds[0] = "changed"
	loaded, err := c.Load(ctx)
	must(t, err)
	loaded.Certificates["User"], loaded.Backfills["User"].Ranges[0] = control.Certificate{}, control.Range{}
	again, err := c.Load(ctx)
	must(t, err)
	want := full()
	want.Revision = 1
	sameRecord(t, again, want)
	data := []byte("data")
	must(t, c.SaveCheckpoint(ctx, "name", data))
	data[0] = 'x'
	got, err := c.LoadCheckpoint(ctx, "name")
	must(t, err)
	equal(t, "a checkpoint whose bytes the caller changed", string(got), "data")
}

func concurrent(t TB, c control.Control) {
	must(t, c.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldOnly}))
	const workers, rounds = 4, 5
	check := func(err error) {
		if err != nil {
			t.Errorf("one of many calls at once: %v", err)
		}
	}
	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			id := fmt.Sprint("instance ", worker)
			for round := range rounds {
				check(c.Renew(ctx, control.Instance{ID: id, Acked: uint64(round)}, long))
				check(c.SaveCheckpoint(ctx, id, fmt.Append(nil, round)))
				_, err := control.Update(ctx, c, func(r *control.Record) error { r.Epoch++; return nil })
				check(err)
				_, err = c.Instances(ctx)
				check(err)
			}
		})
	}
	all.Wait()
	record, err := c.Load(ctx)
	must(t, err)
	equal(t, "the epoch after updates that each added one", record.Epoch, uint64(1+workers*rounds))
	for worker := range workers {
		id := fmt.Sprint("instance ", worker)
		i, _ := find(t, c, id)
		equal(t, "an instance's last report", i.Acked, uint64(rounds-1))
		data, err := c.LoadCheckpoint(ctx, id)
		must(t, err)
		equal(t, "an instance's last checkpoint", string(data), fmt.Sprint(rounds-1))
	}
}
