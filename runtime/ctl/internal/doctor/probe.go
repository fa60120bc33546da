package doctor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

// probe copies one entity of each kind into the store that is not in use, reads it back, and deletes it there. It is made in the single-store
// phases alone, in which nobody reads that store; in the others a verify pass over a sample tells the same and writes nothing.
func (e *examination) probe(ctx context.Context) {
	if e.record.Phase.Mirrored() || !e.record.Phase.Valid() {
		e.add(Finding{"probe", Warning, fmt.Sprintf("no probe is made in %v", e.record.Phase), "the store that it would write is in use", "verify --sample 0.001"})
		return
	}
	from := e.record.Phase.Primary()
	for _, copier := range e.Migration.Copiers() {
		if !copier.CanScan() {
			continue
		}
		key, err := e.probeKind(ctx, copier, from)
		switch {
		case errors.Is(err, errEmpty):
			e.ok("probe", "%s: the %v store holds none to probe with", copier.Kind(), from)
		case errors.Is(err, errThere):
			e.ok("probe", "%s: the %v store holds the first entity already, and nothing was written", copier.Kind(), from.Other())
		case err != nil:
			e.add(Finding{"probe", Problem, fmt.Sprintf("%s: %v", copier.Kind(), err), "a backfill would fail so for each entity that is like it",
				"mend the method or the conversion that the message names; then: doctor --probe"})
		default:
			e.ok("probe", "%v was written to the %v store, read back the same, and deleted there", key, from.Other())
		}
	}
}

var (
	errEmpty = errors.New("there is no entity")
	errThere = errors.New("the entity is in both stores")
)

// probeKind probes with the kind's first entity. It holds the key's token meanwhile: a write that the fleet mirrors at the same time, after a
// step that came in between, makes the key dirty, and the reconciler copies it.
func (e *examination) probeKind(ctx context.Context, copier dual.Copier, from phase.Store) (key dual.Key, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("panic: %v", value)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows, _, err := copier.Page(ctx, from, "", 1)
	if err != nil {
		return key, fmt.Errorf("read an entity in the %v store: %w", from, err)
	}
	if len(rows) == 0 {
		return key, errEmpty
	}
	row, to, j := rows[0], from.Other(), e.Migration.Journal()
	key = row.Key
	owner := "doctor of " + e.Migration.Instance()
	if err := j.Renew(ctx, owner, timeout+time.Minute); err != nil {
		return key, fmt.Errorf("take a lease in the journal: %w", err)
	}
	token, err := j.Begin(ctx, owner, key, from)
	if err != nil {
		return key, fmt.Errorf("take the key's token: %w", err)
	}
	clean := false // else the key is copied once both stores are written
	defer func() { err = errors.Join(err, j.End(context.WithoutCancel(ctx), key, token, clean)) }()
	if _, there, err := copier.Row(ctx, to, key); err != nil || there {
		clean = true
		if err == nil {
			err = errThere
		}
		return key, err
	}
	if err := copier.PutRow(ctx, to, row); err != nil {
		return key, fmt.Errorf("write it to the %v store: %w", to, err)
	}
	checked := copier.Check(ctx, to, row)
	if err := copier.Delete(ctx, to, key); err != nil {
		return key, errors.Join(checked, fmt.Errorf("delete it in the %v store: %w", to, err))
	}
	if _, there, err := copier.Row(ctx, to, key); err != nil || there {
		return key, errors.Join(checked, err, fmt.Errorf("it is still in the %v store after it was deleted", to))
	}
	clean = true
	return key, checked
}
