package controltest

import (
	"context"
	"errors"
	"reflect"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Neighbours tests control.Neighbours over the stores of two migrations in one place. Others may be there.
func Neighbours(t TB, one, other control.Control) {
	t.Helper()
	ctx := context.Background()
	const own, others = 4711, 4712 // epochs that nobody else has
	want := control.Record{Epoch: others, Phase: phase.OldPrimary, Stores: [2]string{"shop", "new"}, Kinds: []string{"User"}}
	if err := errors.Join(one.Swap(ctx, 0, control.Record{Epoch: own, Phase: phase.OldOnly}), other.Swap(ctx, 0, want)); err != nil {
		t.Fatalf("store the records: %v", err)
	}
	seen, err := one.(control.Neighbours).Neighbours(ctx)
	if err != nil {
		t.Fatalf("Neighbours: %v", err)
	}
	found := 0
	for _, record := range seen {
		switch {
		case record.Epoch == want.Epoch && record.Phase == want.Phase && record.Stores == want.Stores && reflect.DeepEqual(record.Kinds, want.Kinds):
			found++
		case record.Epoch == own:
			t.Errorf("Neighbours returned the migration's own record")
		}
	}
	if found != 1 {
		t.Errorf("Neighbours returned the other migration %d times, want once: %v", found, seen)
	}
}
