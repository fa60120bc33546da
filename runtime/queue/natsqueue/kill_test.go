package natsqueue_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/queue"
)

const childEnv = "DUALGEN_TEST_NATS_WORKER"

// TestWorkerProcess is the body of the worker processes that TestWorkersAreKilled starts; by itself it is nothing.
func TestWorkerProcess(t *testing.T) {
	url, log, child := strings.Cut(os.Getenv(childEnv), "\n")
	if !child {
		return
	}
	file, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); cancel() }() // the parent is gone
	_ = open(t, url).Consume(ctx, func(_ context.Context, e queue.Entry) error {
		_, err := fmt.Fprintf(file, "%x %s\n", e.Key.ID, e.Args)
		time.Sleep(rand.N(3 * time.Millisecond)) // where most of them die
		return err
	}, quick)
}

// kills is how often workers are killed.
func kills() int {
	switch os.Getenv("DUALGEN_PROOF") {
	case "":
		return 5
	case "ci":
		return 20
	}
	return 100
}

// Of what two workers apply that are killed all the time, nothing is lost, and nothing is seen again once a later entry of its key was.
func TestWorkersAreKilled(t *testing.T) {
	ctx := t.Context()
	url, log := serve(t), filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(log, nil, 0o600))
	q := open(t, url)
	start := func() *exec.Cmd {
		command := exec.Command(os.Args[0], "-test.run=^TestWorkerProcess$", "-test.timeout=30m")
		command.Env = append(os.Environ(), childEnv+"="+url+"\n"+log)
		_, err := command.StdinPipe()
		require.NoError(t, err)
		require.NoError(t, command.Start())
		return command
	}
	workers := []*exec.Cmd{start(), start()}
	kill := func(w *exec.Cmd) { _ = w.Process.Kill(); _ = w.Wait() }
	defer func() {
		for _, w := range workers {
			kill(w)
		}
	}()
	const keys = 60
	counts := make([]int, keys)
	background, stop := context.WithCancel(ctx)
	var writer sync.WaitGroup
	writer.Go(func() {
		for background.Err() == nil {
			k := rand.N(keys)
			_, err := q.Append(ctx, entry(k, counts[k]))
			assert.NoError(t, err)
			counts[k]++
			time.Sleep(3 * time.Millisecond)
		}
	})
	for range kills() {
		time.Sleep(500*time.Millisecond + rand.N(1500*time.Millisecond))
		n := rand.N(len(workers))
		kill(workers[n])
		workers[n] = start()
	}
	stop()
	writer.Wait()
	drained(t, q)
	content, err := os.ReadFile(log)
	require.NoError(t, err)
	got, total := map[string][]string{}, 0
	for line := range strings.Lines(string(content)) {
		id, n, _ := strings.Cut(strings.TrimSpace(line), " ")
		got[id] = append(got[id], n)
	}
	for k, n := range counts {
		var want []string
		for i := range n {
			want = append(want, fmt.Sprint(i))
		}
		total += n
		assert.Equal(t, want, slices.Compact(got[fmt.Sprintf("%x", key(k).ID)]), "key %d", k)
	}
	t.Logf("%d entries, %d kills", total, kills())
}
