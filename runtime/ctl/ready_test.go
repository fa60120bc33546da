package ctl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A step waits for its gates, says for which, and is made once they are met; without patience it is refused.
func TestReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		status, _, _ := c.run("advance", "--ready", "3s")
		require.Equal(t, ctl.ExitRefused, status)
		go func() {
			time.Sleep(30 * time.Second)
			c.ok("backfill")
			c.ok("verify")
		}()
		status, stdout, stderr := c.run("advance", "--ready", "10m")
		require.Equal(t, ctl.ExitDone, status, stderr)
		require.Contains(t, stdout, "OldGuarded")
		require.Contains(t, stderr, "waiting for OldGuarded: backfill Item, parity Item\n")
	})
}

// Of two who wait for the same step one makes it, and neither makes the next.
func TestReadyMakesOneStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		var waiting sync.WaitGroup
		for range 2 {
			waiting.Go(func() { c.ok("advance", "--ready", "10m") })
		}
		time.Sleep(10 * time.Second)
		c.ok("backfill")
		c.ok("verify")
		waiting.Wait()
		time.Sleep(10 * time.Second)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, phase.OldGuarded, record.Phase)
	})
}

// What no waiting brings about is refused at once.
func TestReadyAsksPeopleAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := console{t: t, rig: rig.New(t, rig.Options{Phase: phase.OldOnly})}
		began := time.Now()
		status, _, stderr := c.run("back", "--ready", "10m")
		require.Equal(t, ctl.ExitRefused, status, stderr)
		require.Less(t, time.Since(began), time.Minute)
	})
}

// A pass follows another until it is interrupted, so that the certificate stays young.
func TestVerifyEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 3)
		c := console{t: t, rig: r}
		c.ok("backfill")
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		var out, errs bytes.Buffer
		require.Equal(t, ctl.ExitDone, ctl.Run(ctx, []string{"verify", "--every", "10m"}, &out, &errs,
			func(context.Context) (*dual.Migration, error) { return r.Open(nil), nil }), errs.String())
		require.Greater(t, bytes.Count(out.Bytes(), []byte("certificate issued")), 3)
		require.Contains(t, c.ok("status"), ", valid")
	})
}

// Whoever watches can have a program, or an address, told of what changes, and of nothing else.
func TestHooks(t *testing.T) {
	r := rig.New(t, rig.Options{Phase: phase.OldOnly})
	got := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		var event struct{ What []string }
		if err := json.NewDecoder(request.Body).Decode(&event); err != nil {
			t.Error(err)
		}
		for _, what := range event.What {
			got <- what
		}
	}))
	defer server.Close()
	folder := t.TempDir()
	program, told := filepath.Join(folder, "hook"), filepath.Join(folder, "told")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\ncat > /dev/null\necho \"$DUALGEN_WHAT\" >> "+told+"\n"), 0o755))
	ctx, cancel := context.WithCancel(t.Context())
	looks, written := io.Pipe()
	ended := make(chan int)
	var errs bytes.Buffer
	go func() {
		ended <- ctl.Run(ctx, []string{"watch", "--json", "--every", "100ms", "--exec", program, "--post", server.URL}, written, &errs,
			func(context.Context) (*dual.Migration, error) { return r.Open(nil), nil })
	}()
	first := json.NewDecoder(looks)
	var seen any
	require.NoError(t, first.Decode(&seen)) // from here on there is something to differ from
	go io.Copy(io.Discard, looks)
	_, err := control.NewCoordinator(r.Control, r.Journal).Advance(t.Context(), control.Step{By: "anna"})
	require.NoError(t, err)
	for want := "phase OldOnly to OldPrimary"; <-got != want; {
	}
	cancel()
	require.Equal(t, ctl.ExitDone, <-ended)
	require.NoError(t, written.Close())
	text, err := os.ReadFile(told)
	require.NoError(t, err)
	require.Contains(t, string(text), "phase OldOnly to OldPrimary")
	require.Empty(t, errs.String())
}
