package ctl_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A program of your own calls Main with a function such as open, which shares the service's control store and journal.
func ExampleRun() {
	flags, unclean := control.NewMemory(), journal.NewMemory()
	stores := new([2]*dualtest.Store[rig.Item])
	for position := range stores {
		stores[position] = dualtest.NewStore(dualtest.StoreConfig[rig.Item]{
			Name: phase.Store(position).String(), ID: func(i rig.Item) string { return i.ID },
		})
	}
	open := func(context.Context) (*dual.Migration, error) {
		m, err := dual.NewMigration(dual.Config{Control: flags, Journal: unclean, Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			dual.AddEntity(m, stores, rig.Entity()) // a generated constructor does this
		}
		return m, err
	}
	for _, line := range []string{"init", "advance", "set --compare 0.1", "back", "back"} {
		status := ctl.Run(context.Background(), strings.Fields(line), os.Stdout, os.Stdout, open)
		fmt.Println("exit status", status)
	}
	// Output:
	// OldOnly, epoch 1, mirror inline, compare 0, freeze none
	// exit status 0
	// OldPrimary, epoch 2, mirror inline, compare 0, freeze none
	// warning: no instance with a wrapper is alive: a service that runs without one, or with another control store or migration's name, writes where the fleet does not see it
	// exit status 0
	// OldPrimary, epoch 3, mirror inline, compare 0.1, freeze none
	// exit status 0
	// OldOnly, epoch 4, mirror inline, compare 0.1, freeze none
	// warning: no instance with a wrapper is alive: a service that runs without one, or with another control store or migration's name, writes where the fleet does not see it
	// exit status 0
	// refused: OldOnly to OldOnly
	//   end         OldOnly is at the end of the chain
	//               remedy: there is nothing to do
	// exit status 3
}
