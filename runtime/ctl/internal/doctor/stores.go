package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

// positions are the two stores.
var positions = []phase.Store{phase.Old, phase.New}

func (e *examination) lookAtStores(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var err error
	e.own, err = e.Migration.Identify(ctx)
	other := e.record.OtherStores(e.own)
	switch {
	case errors.Is(err, dual.ErrOneStore):
		e.add(Finding{"stores", Problem, err.Error(), "a migration between a store and itself verifies perfectly, and moves nothing",
			"give the wrapper two stores in the program that opens the migration; then: doctor"})
	case err != nil:
		e.add(Finding{"stores", Problem, err.Error(), "a store that cannot be reached, or a table that is not there, fails every mirror write",
			"create what is missing (the store's own migrations), or correct the data source name; then: doctor"})
	case e.own[0].Store == "" || e.own[1].Store == "":
		e.add(Finding{"stores", Warning, "nobody can tell whether the two stores are two", "the step to OldPrimary is refused until every instance says which stores it has",
			"set Identify in dual.Config: sqlcontrol.Identify, cqlcontrol.Identify, or dual.Fingerprints"})
	case other != "":
		e.add(Finding{"stores", Problem, "this command " + other, "it would copy from, or into, another database than the instances write",
			"correct this command's configuration; if the fleet's stores have moved: stores --pin --confirm"})
	case e.record.Stores == [2]string{}:
		e.add(Finding{"stores", Warning, fmt.Sprintf("two different stores, and not pinned: old is %s, new is %s", e.own[0].Store, e.own[1].Store),
			"an instance that is deployed with them the other way round is found only by the next step's gate", "stores --pin"})
	default:
		e.ok("stores", "two different ones, those that are pinned")
	}
}

// lookAtKinds reads one entity of each kind in both stores: what its listing needs is there then.
func (e *examination) lookAtKinds(ctx context.Context) {
	copiers := e.Migration.Copiers()
	if len(copiers) == 0 {
		e.add(Finding{"schema", Problem, "this command copies no kind", "backfill and verify would have nothing to do", "construct the generated wrappers where the migration is opened"})
	}
	for _, copier := range copiers {
		if !copier.CanScan() {
			e.add(Finding{"schema", Warning, fmt.Sprintf("%s cannot be listed", copier.Kind()), "nothing backfills or verifies it, and the guarded phases are closed unless reads fall back",
				fmt.Sprintf("name its listing method with scan= in //dualgen:entity; or let reads fall back: set --fallback save; or give it up: advance --abandon %s", copier.Kind())})
			continue
		}
		fine := true
		for _, store := range positions {
			if err := glance(ctx, copier, store); err != nil {
				fine = false
				e.add(Finding{"schema", Problem, fmt.Sprintf("%s cannot be read in the %v store: %v", copier.Kind(), store, err),
					"a table or a column that is missing fails every mirror write, and each leaves a key to be copied", "create it with the store's own migrations; then: doctor"})
			}
		}
		if fine {
			e.ok("schema", "%s can be read in both stores", copier.Kind())
		}
	}
}

// glance reads one page of one entity.
func glance(ctx context.Context, copier dual.Copier, store phase.Store) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("panic: %v", value)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, _, err = copier.Page(ctx, store, "", 1)
	return err
}

// lookAtTimeouts asks whether a statement that was given up on may land after the settle window.
func (e *examination) lookAtTimeouts() {
	settle := e.Migration.Settle()
	for _, store := range positions {
		limit := e.own[store].Timeout
		why := fmt.Sprintf("a write that its caller gave up on may land after Settle (%v), over a newer copy, and nobody would know", settle)
		switch {
		case limit == 0:
			e.add(Finding{"timeouts", Warning, fmt.Sprintf("nobody can tell how long a statement may take in the %v store", store), why,
				"see that the store's own statement timeout is shorter than dual.Config.Settle"})
		case limit < 0:
			e.add(Finding{"timeouts", Problem, fmt.Sprintf("nothing bounds a statement in the %v store", store), why, bound(e.own[store].Store, settle)})
		case limit >= settle:
			e.add(Finding{"timeouts", Problem, fmt.Sprintf("a statement may take %v in the %v store, and Settle is %v", limit, store, settle), why, bound(e.own[store].Store, settle)})
		default:
			e.ok("timeouts", "a statement in the %v store may take %v, less than Settle (%v)", store, limit, settle)
		}
	}
}

// bound is a statement that gives a store a time limit below the settle window.
func bound(store string, settle time.Duration) string {
	limit := settle * 4 / 5
	words := strings.Fields(store)
	switch {
	case len(words) > 2 && words[0] == "postgres":
		return fmt.Sprintf(`ALTER DATABASE %q SET statement_timeout = '%dms'`, words[2], limit.Milliseconds())
	case len(words) > 0 && words[0] == "mariadb":
		return fmt.Sprintf("SET GLOBAL max_statement_time = %g", limit.Seconds())
	case len(words) > 0 && words[0] == "cassandra":
		return fmt.Sprintf("nodetool settimeout write %d", limit.Milliseconds())
	}
	return fmt.Sprintf("give the store a statement timeout of %v, or raise dual.Config.Settle in every instance", limit)
}
