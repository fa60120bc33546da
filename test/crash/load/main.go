// Command load is one process of the crash tests: it writes and reads items through a generated wrapper, reconciles, and,
// if asked, backfills and verifies, until it is killed. What it does is written to its ledger. Each line of its standard
// input is the pause between two calls of the traffic from now on, or "stop", which ends the traffic; the end of its
// standard input ends the process.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/test/crash/internal/ledger"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run() error {
	s, err := setting.Parse(os.Args[1:])
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	book, err := ledger.Create(s.Ledger)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	traffic, stopTraffic := context.WithCancel(ctx)
	var pause atomic.Int64
	pause.Store(int64(s.Pause))
	go func() {
		obey(os.Stdin, &pause, stopTraffic)
		cancel() // also where the parent was killed
	}()
	world, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	world.background(ctx, &running, book)
	failed := make(chan error, s.Writers)
	for n := range s.Writers {
		writer := newWriter(world.items, book, s, n, &pause)
		running.Go(func() { failed <- writer.run(traffic) })
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	for err == nil && ctx.Err() == nil { // the traffic has ended; the reconciler goes on
		select {
		case err = <-failed:
		case <-ctx.Done():
		}
	}
	return err
}

// obey follows the lines of the harness until it sends no more.
func obey(lines io.Reader, pause *atomic.Int64, stop func()) {
	for scanner := bufio.NewScanner(lines); scanner.Scan(); {
		if length, err := time.ParseDuration(scanner.Text()); err == nil {
			pause.Store(int64(length))
		} else {
			stop()
		}
	}
}
