package sqlcontrol

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control"
)

// Control is a control.Control in a SQL database.
type Control struct {
	*Backend
	listener listener

	load, insert, update, updateNotify, revision string
	register, evicted, remove, evict, instances  string
	saveCheckpoint, loadCheckpoint               string
}

func newControl(b *Backend) *Control {
	sql := b.w.sql
	c := &Control{
		Backend:   b,
		load:      sql(`SELECT revision, body FROM {record} WHERE migration = {m}`),
		revision:  sql(`SELECT revision FROM {record} WHERE migration = {m}`),
		insert:    sql(`{insertNew} {record} (migration, revision, body) VALUES ({m}, ?, ?) {ignore}`),
		update:    sql(`UPDATE {record} SET revision = ?, body = ? WHERE migration = {m} AND revision = ?`),
		remove:    sql(`DELETE FROM {instance} WHERE migration = {m} AND id = ? AND evicted = 0`),
		instances: sql(`SELECT body, expires - {now} AS left_us FROM {instance} WHERE migration = {m} AND evicted = 0`),

		register: sql(`INSERT INTO {instance}{alias} (migration, id, evicted, expires, body) VALUES ({m}, ?, 0, {now} + ?, ?)
			{on migration, id} expires = new.expires, body = new.body`),
		evict: sql(`INSERT INTO {instance}{alias} (migration, id, evicted, expires, body) VALUES ({m}, ?, 1, 0, '{}')
			{on migration, id} evicted = 1`),
		loadCheckpoint: sql(`SELECT data FROM {checkpoint} WHERE migration = {m} AND name = ?`),
		saveCheckpoint: sql(`INSERT INTO {checkpoint}{alias} (migration, name, data) VALUES ({m}, ?, ?)
			{on migration, name} data = new.data`),
		evicted: sql(`SELECT evicted FROM {instance} WHERE migration = {m} AND id = ?`),
	}
	if b.dialect == Postgres {
		c.updateNotify = sql(`SELECT pg_notify(?, '')`)
	}
	return c
}

// Load implements control.Control.
func (c *Control) Load(ctx context.Context) (control.Record, error) {
	var stored struct {
		Revision uint64 `db:"revision"`
		Body     []byte `db:"body"`
	}
	err := c.get(ctx, "load the flag record", &stored, c.load)
	if errors.Is(err, sql.ErrNoRows) {
		return control.Record{}, nil
	}
	if err != nil {
		return control.Record{}, err
	}
	var record control.Record
	if err := json.Unmarshal(stored.Body, &record); err != nil {
		return control.Record{}, fmt.Errorf("sqlcontrol: the stored flag record: %w", err)
	}
	record.Revision = stored.Revision
	return record, nil
}

// Swap implements control.Control.
func (c *Control) Swap(ctx context.Context, expected uint64, next control.Record) error {
	next.Revision = expected + 1
	body, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("sqlcontrol: flag record: %w", err)
	}
	return c.inTx(ctx, "store the flag record", func(tx *sqlx.Tx) error {
		statement, args := c.update, []any{next.Revision, string(body), expected}
		if expected == 0 {
			statement, args = c.insert, args[:2]
		}
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		if changed, err := result.RowsAffected(); err != nil || changed == 0 {
			return errors.Join(err, control.ErrConflict)
		}
		if c.updateNotify != "" {
			_, err = tx.ExecContext(ctx, c.updateNotify, c.channel())
		}
		return err
	})
}

// Renew implements control.Control.
func (c *Control) Renew(ctx context.Context, instance control.Instance, ttl time.Duration) error {
	body, err := json.Marshal(instance)
	if err != nil {
		return fmt.Errorf("sqlcontrol: instance: %w", err)
	}
	return c.inTx(ctx, "renew an instance's lease", func(tx *sqlx.Tx) error {
		// The insert locks the row first, so that an eviction cannot come between.
		if _, err := tx.ExecContext(ctx, c.register, escape(instance.ID), ttl.Microseconds(), string(body)); err != nil {
			return err
		}
		var evicted bool
		if err := tx.GetContext(ctx, &evicted, c.evicted, escape(instance.ID)); err != nil {
			return err
		}
		if evicted {
			return control.ErrEvicted // and roll back
		}
		return nil
	})
}

// Leave implements control.Control.
func (c *Control) Leave(ctx context.Context, id string) error {
	_, err := c.exec(ctx, "remove an instance", c.remove, escape(id))
	return err
}

// Evict implements control.Control.
func (c *Control) Evict(ctx context.Context, id string) error {
	_, err := c.exec(ctx, "evict an instance", c.evict, escape(id))
	return err
}

// Instances implements control.Control.
func (c *Control) Instances(ctx context.Context) ([]control.Instance, error) {
	var stored []struct {
		Body []byte `db:"body"`
		Left int64  `db:"left_us"`
	}
	if err := c.query(ctx, "list the instances", &stored, c.instances); err != nil {
		return nil, err
	}
	instances := make([]control.Instance, len(stored))
	for i, s := range stored {
		if err := json.Unmarshal(s.Body, &instances[i]); err != nil {
			return nil, fmt.Errorf("sqlcontrol: a stored instance: %w", err)
		}
		instances[i].Left = time.Duration(s.Left) * time.Microsecond
		instances[i].Live = s.Left > 0
	}
	slices.SortFunc(instances, func(a, b control.Instance) int { return strings.Compare(a.ID, b.ID) })
	return instances, nil
}

// SaveCheckpoint implements control.Control.
func (c *Control) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	if data == nil {
		data = []byte{}
	}
	_, err := c.exec(ctx, "save a checkpoint", c.saveCheckpoint, escape(name), data)
	return err
}

// LoadCheckpoint implements control.Control.
func (c *Control) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := c.get(ctx, "load a checkpoint", &data, c.loadCheckpoint, escape(name))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return data, err
}
