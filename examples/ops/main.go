// Command ops is a small service as people run one during a migration: three instances of an HTTP API over the catalogue's
// repository, which moves from Postgres to Cassandra, clients that use it, and the migration's command.
//
//	ops                 starts all of that, prints the addresses to open, and runs until it is interrupted
//	ops serve ADDRESS   is one instance
//	ops clients URL…    uses the instances, and says each second what it saw; exits with 1 if an acknowledged write was lost
//	ops seed N          fills the old store with N packages at most
//	ops ctl …           is the migration's command
//
// The servers are those that DUALGEN_POSTGRES and DUALGEN_CASSANDRA name: make ops starts them. docs/runbook.md is tried on this service.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "ops:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return up(ctx)
	}
	switch verb, rest := args[0], args[1:]; {
	case verb == "serve" && len(rest) == 1:
		return serve(ctx, rest[0])
	case verb == "clients" && len(rest) > 0:
		return clients(ctx, rest)
	case verb == "seed" && len(rest) == 1:
		most, err := strconv.Atoi(rest[0])
		if err != nil {
			return fmt.Errorf("seed: %w", err)
		}
		return seed(ctx, most)
	case verb == "ctl":
		os.Args = append([]string{"catalog-ctl"}, rest...)
		ctl.Main(func(ctx context.Context) (*dual.Migration, error) {
			service, err := open(ctx, slog.LevelError)
			if err != nil {
				return nil, err
			}
			return service.migration, nil
		})
		return nil
	}
	return fmt.Errorf("what is %q? Want nothing, serve ADDRESS, clients URL…, seed N, or ctl", args)
}
