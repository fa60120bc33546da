// Command load is one process of the crash tests: it writes and reads items through a generated wrapper, reconciles, and,
// if asked, backfills and verifies, until it is killed. What it does is written to its ledger. A line on its standard
// input ends the traffic; the end of its standard input ends the process.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"

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
	go func() { // also the end of a parent that was killed
		stdin := bufio.NewScanner(os.Stdin)
		for stdin.Scan() {
			stopTraffic()
		}
		cancel()
	}()
	world, err := open(ctx, s, log)
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	world.background(ctx, &running, book)
	failed := make(chan error, s.Writers)
	for n := range s.Writers {
		writer := newWriter(world.items, book, s, n)
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
