package journal_test

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

func ExampleMemory() {
	ctx := context.Background()
	j := journal.NewMemory()
	key := journal.Key{Kind: "User", ID: "42"}

	token, err := j.Begin(ctx, "instance a", key, phase.Old)
	fmt.Println(token.Primary, err)
	fmt.Println(j.End(ctx, key, token, false)) // the mirror failed

	token, err = j.Begin(ctx, "instance b", key, phase.New) // a later phase: the writer adopts the key's primary
	fmt.Println(token.Primary, err)
	fmt.Println(j.End(ctx, key, token, true))

	entry, unclean, err := j.Lookup(ctx, key)
	fmt.Println(entry.Key, entry.Dirty, unclean, err)
	// Output:
	// old <nil>
	// <nil>
	// old <nil>
	// <nil>
	// User/42 true true <nil>
}
