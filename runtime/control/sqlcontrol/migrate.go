package sqlcontrol

import (
	"context"
	"fmt"
)

// Migrate creates the tables that do not exist, brings those of an earlier version up to date, and adds this migration's row.
// It may run again, and in several instances at once; where the tables are as they should be it changes nothing. A role that
// may not create tables can run it where the owner has created them by the DDL: it needs SELECT, INSERT, UPDATE and DELETE on
// them.
func (b *Backend) Migrate(ctx context.Context) error {
	if b.checkVersion(ctx) == nil && b.checkTables(ctx) == nil {
		return b.addMeta(ctx)
	}
	err := b.createAll(ctx)
	if forbidden(err) {
		if usable := b.checkRights(ctx); usable != nil {
			return fmt.Errorf("sqlcontrol: create the tables: %w; or let their owner run what sqlcontrol.DDL prints, and grant SELECT, INSERT, "+
				"UPDATE and DELETE on them: %w", err, usable)
		}
		err = nil
	}
	if err != nil {
		return fmt.Errorf("sqlcontrol: create the tables: %w", err)
	}
	if err := b.checkVersion(ctx); err != nil {
		return err
	}
	return b.addMeta(ctx)
}

// checkTables returns an error unless every table is there: one that an older build does without came without a version of its own.
func (b *Backend) checkTables(ctx context.Context) error {
	for _, table := range tableNames {
		if _, err := b.exec(ctx, "look at the table "+b.prefix+table, `SELECT count(*) FROM {`+table+`} WHERE 1 = 0`); err != nil {
			return err
		}
	}
	return nil
}

// createAll runs the DDL.
func (b *Backend) createAll(ctx context.Context) error {
	tables, err := ddl(b.dialect, b.prefix)
	if err != nil {
		return err
	}
	rest := tables[len(schema):]
	for _, statement := range tables[:len(schema)] {
		if err := b.create(ctx, statement); err != nil {
			return err
		}
	}
	if b.dialect == SQLite || b.dialect == MySQL {
		if err := b.upgradeOnce(ctx); err != nil {
			return err
		}
	}
	for _, statement := range rest {
		if err := b.create(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// upgradeOnce brings a table of an earlier version up to date, one column after the other. Another instance may do so at the same time.
func (b *Backend) upgradeOnce(ctx context.Context) error {
	has := func(name string) bool {
		_, err := b.exec(ctx, "look at the columns", `SELECT `+name+` FROM {entry} WHERE 1 = 0`)
		return err == nil
	}
	for _, c := range columnsSince1(b.w.grammar, typesOf(b.dialect)) {
		if has(c.name) {
			continue
		}
		if _, err := b.db.ExecContext(ctx, b.w.sql(upgrade(b.w.grammar, []addedColumn{c}, ""))); err != nil && !has(c.name) {
			return err
		}
	}
	return nil
}

// addMeta adds the migration's row. Its incarnation is new: there is no memory of what was before it.
func (d *database) addMeta(ctx context.Context) error {
	_, err := d.exec(ctx, "create the migration's row",
		`{insertNew} {meta} (migration, gen, incarnation) VALUES ({m}, 1, ?) {ignore}`, newIncarnation())
	return err
}

// create runs one statement of the schema. Two instances that create one table at the same time can collide in Postgres'
// catalogue in spite of IF NOT EXISTS; the second attempt finds the table.
func (b *Backend) create(ctx context.Context, statement string) error {
	_, err := b.db.ExecContext(ctx, statement)
	if err != nil && ctx.Err() == nil {
		_, err = b.db.ExecContext(ctx, statement)
	}
	return err
}
