package sqlcontrol

import (
	"context"
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/runtime/journal"
)

// Bypass is a table of Postgres that is also written by others than the wrapper: by a cron job, by a person with psql. A
// trigger on it marks the key of each row that they change, in their own transaction, so that the reconciler copies it.
//
// The wrapper's own connections say that they are its own by the session setting dualgen.through = 'on'. What they write
// marks nothing. Where it is missing, each write's key is copied once more; where the mirror's table has a trigger too, each
// copy marks its key again, and no key turns clean.
type Bypass struct {
	// Table is the table's name as it stands in a statement: app.users, "Users". It must be in the journal's own database.
	Table string
	// Kind is the entity kind whose keys the rows belong to, as in the wrapper's journal keys.
	Kind string
	// Key are the columns that make the entity's key, in the order of its directive: of text, integers, uuid or boolean,
	// and NOT NULL. They need not be unique: a table of parts names the key of the whole.
	Key []string
}

// MigrateBypass creates the trigger, or puts the present one in its place. Run it once, not at every start: it locks the
// table for a moment. The flag record must be in this backend, for the trigger reads the phase from it.
func (b *Backend) MigrateBypass(ctx context.Context, bypass Bypass) error {
	statements, err := b.bypassDDL(ctx, bypass)
	if err != nil {
		return err
	}
	return b.runAll(ctx, "create the trigger on "+bypass.Table, statements)
}

// BypassDDL returns the statements that MigrateBypass runs, in one transaction, for those who run them themselves. It reads
// the catalogue and changes nothing.
func (b *Backend) BypassDDL(ctx context.Context, bypass Bypass) (string, error) {
	statements, err := b.bypassDDL(ctx, bypass)
	return transactionText(statements), err
}

// DropBypass removes the trigger. Do that before the journal's tables are dropped: with them gone, the trigger refuses the
// writes that it cannot mark.
func (b *Backend) DropBypass(ctx context.Context, bypass Bypass) error {
	statements, err := b.dropBypassDDL(ctx, bypass)
	if err != nil {
		return err
	}
	return b.runAll(ctx, "drop the trigger on "+bypass.Table, statements)
}

// DropBypassDDL returns the statements that DropBypass runs.
func (b *Backend) DropBypassDDL(ctx context.Context, bypass Bypass) (string, error) {
	statements, err := b.dropBypassDDL(ctx, bypass)
	return transactionText(statements), err
}

func transactionText(statements []string) string {
	if len(statements) == 0 {
		return ""
	}
	return "BEGIN;\n" + strings.Join(statements, ";\n\n") + ";\nCOMMIT;\n"
}

// runAll runs statements that take no parameters in one transaction.
func (b *Backend) runAll(ctx context.Context, what string, statements []string) error {
	return b.inTx(ctx, what, func(t transaction) error {
		for _, statement := range statements {
			if _, err := t.tx.ExecContext(ctx, statement); err != nil { // as it is: it is in the dialect already
				return err
			}
		}
		return nil
	})
}

// patience is how long the DDL waits for the table: who writes it meanwhile waits behind the DDL.
const patience = `SET LOCAL lock_timeout = '5s'`

func (b *Backend) bypassDDL(ctx context.Context, bypass Bypass) ([]string, error) {
	place, err := b.findBypass(ctx, bypass)
	if err != nil {
		return nil, err
	}
	columns, err := b.keyColumns(ctx, bypass)
	if err != nil {
		return nil, err
	}
	record, err := b.control.Load(ctx)
	if err != nil {
		return nil, err
	}
	if record.Revision == 0 {
		return nil, bypass.refused("the trigger reads the phase from the flag record of migration %q, which this database does not have; make it first (init)", b.options.Migration)
	}
	kind, err := rowOf(journal.Key{Kind: bypass.Kind})
	if err != nil {
		return nil, err
	}
	w := newWriter(b.w.grammar, place.prefix(b.prefix), b.options.Migration)
	function, err := w.bypassFunction(place, kind.Kind, columns)
	if err != nil {
		return nil, err
	}
	return []string{
		patience,
		function,
		`COMMENT ON FUNCTION ` + place.function() + `() IS ` + quoteText(fmt.Sprintf(
			"dualgen, migration %s: marks the keys of kind %s for writes to %s that bypass the wrapper", b.options.Migration, bypass.Kind, place.Table)),
		`DROP TRIGGER IF EXISTS ` + place.name + ` ON ` + place.Table,
		`CREATE CONSTRAINT TRIGGER ` + place.name + ` AFTER INSERT OR UPDATE OR DELETE ON ` + place.Table + `
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (pg_catalog.current_setting('dualgen.through', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION ` + place.function() + `()`,
	}, nil
}

func (b *Backend) dropBypassDDL(ctx context.Context, bypass Bypass) ([]string, error) {
	place, err := b.findBypass(ctx, bypass)
	if err != nil {
		return nil, err
	}
	return []string{
		patience,
		`DROP TRIGGER IF EXISTS ` + place.name + ` ON ` + place.Table,
		`DROP FUNCTION IF EXISTS ` + place.function() + `()`,
	}, nil
}
