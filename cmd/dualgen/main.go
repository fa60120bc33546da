// Command dualgen generates wrappers that move a service from one store to another while it runs.
//
// It stands in a //go:generate line above a repository interface:
//
//	//go:generate go tool dualgen -old ./pgstore.Users -new ./cqlstore.Users
//	type Users interface { … }
//
// Run "dualgen help" for its commands.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	collectLate()
	os.Exit(run(ctx, &terminal{
		args: os.Args[1:], env: os.Environ(), out: os.Stdout, err: os.Stderr,
	}))
}
