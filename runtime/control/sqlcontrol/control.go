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

	"github.com/dualgen/dualgen/runtime/control"
)

// Control is a control.Control in a SQL database.
type Control struct {
	*database
	listener listener
}

func newControl(d *database) *Control { return &Control{database: d} }

// MigrationName is the name of the migration, which decides who is one fleet.
func (c *Control) MigrationName() string { return c.options.Migration }

// Load implements control.Control.
func (c *Control) Load(ctx context.Context) (control.Record, error) {
	var stored struct {
		Revision uint64 `db:"revision"`
		Body     []byte `db:"body"`
	}
	err := c.get(ctx, "load the flag record", &stored, `SELECT revision, body FROM {record} WHERE migration = {m}`)
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

// Neighbours implements control.Neighbours.
func (c *Control) Neighbours(ctx context.Context) (map[string]control.Record, error) {
	var stored []struct {
		Migration string `db:"migration"`
		Body      []byte `db:"body"`
	}
	if err := c.query(ctx, "list the migrations", &stored, `SELECT migration, body FROM {record} WHERE migration <> {m}`); err != nil {
		return nil, err
	}
	records := make(map[string]control.Record, len(stored))
	for _, s := range stored {
		var record control.Record
		if err := json.Unmarshal(s.Body, &record); err != nil {
			return nil, fmt.Errorf("sqlcontrol: the flag record of %s: %w", s.Migration, err)
		}
		records[s.Migration] = record
	}
	return records, nil
}

const (
	insertRecord = `{insertNew} {record} (migration, revision, body) VALUES ({m}, ?, ?) {ignore}`
	updateRecord = `UPDATE {record} SET revision = ?, body = ? WHERE migration = {m} AND revision = ?`
	notify       = `SELECT pg_notify(?, '')`
)

// Swap implements control.Control.
func (c *Control) Swap(ctx context.Context, expected uint64, next control.Record) error {
	next.Revision = expected + 1
	body, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("sqlcontrol: flag record: %w", err)
	}
	return c.inTx(ctx, "store the flag record", func(t transaction) error {
		statement, args := updateRecord, []any{next.Revision, string(body), expected}
		if expected == 0 {
			statement, args = insertRecord, args[:2]
		}
		if changed, err := t.exec(statement, args...); err != nil || changed == 0 {
			return orElse(err, control.ErrConflict)
		}
		if c.dialect != Postgres {
			return nil
		}
		_, err := t.exec(notify, c.channel()) // is sent with the commit
		return err
	})
}

const (
	registerInstance = `INSERT INTO {instance}{alias} (migration, id, evicted, expires, body) VALUES ({m}, ?, 0, {now} + ?, ?)
{on migration, id} expires = new.expires, body = new.body`
	evictInstance = `INSERT INTO {instance}{alias} (migration, id, evicted, expires, body) VALUES ({m}, ?, 1, 0, '{}')
{on migration, id} evicted = 1`
	isEvicted      = `SELECT evicted FROM {instance} WHERE migration = {m} AND id = ?`
	removeInstance = `DELETE FROM {instance} WHERE migration = {m} AND id = ? AND evicted = 0`
	endEvicted     = `UPDATE {instance} SET expires = 0 WHERE migration = {m} AND id = ? AND evicted = 1`
	listInstances  = `SELECT body, evicted, expires - {now} AS left_us FROM {instance} WHERE migration = {m} AND (evicted = 0 OR expires > {now})`
)

// Renew implements control.Control.
func (c *Control) Renew(ctx context.Context, instance control.Instance, ttl time.Duration) error {
	body, err := json.Marshal(instance)
	if err != nil {
		return fmt.Errorf("sqlcontrol: instance: %w", err)
	}
	id := escape(instance.ID)
	return c.inTx(ctx, "renew an instance's lease", func(t transaction) error {
		// The insert locks the row first, so that an eviction cannot come between.
		if _, err := t.exec(registerInstance, id, ttl.Microseconds(), string(body)); err != nil {
			return err
		}
		var evicted bool
		if err := t.get(&evicted, isEvicted, id); err != nil || !evicted {
			return err
		}
		return control.ErrEvicted // and roll back
	})
}

// Leave implements control.Control.
func (c *Control) Leave(ctx context.Context, id string) error {
	removed, err := c.exec(ctx, "remove an instance", removeInstance, escape(id))
	if err == nil && removed == 0 {
		_, err = c.exec(ctx, "remove an instance", endEvicted, escape(id))
	}
	return err
}

// Evict implements control.Control.
func (c *Control) Evict(ctx context.Context, id string) error {
	_, err := c.exec(ctx, "evict an instance", evictInstance, escape(id))
	return err
}

// Instances implements control.Control.
func (c *Control) Instances(ctx context.Context) ([]control.Instance, error) {
	var stored []struct {
		Body    []byte `db:"body"`
		Evicted bool   `db:"evicted"`
		Left    int64  `db:"left_us"`
	}
	if err := c.query(ctx, "list the instances", &stored, listInstances); err != nil {
		return nil, err
	}
	instances := make([]control.Instance, len(stored))
	for i, s := range stored {
		if err := json.Unmarshal(s.Body, &instances[i]); err != nil {
			return nil, fmt.Errorf("sqlcontrol: a stored instance: %w", err)
		}
		instances[i].Left = time.Duration(s.Left) * time.Microsecond
		instances[i].Live, instances[i].Evicted = s.Left > 0, s.Evicted
	}
	slices.SortFunc(instances, func(a, b control.Instance) int { return strings.Compare(a.ID, b.ID) })
	return instances, nil
}

const (
	saveCheckpoint = `INSERT INTO {checkpoint}{alias} (migration, name, data) VALUES ({m}, ?, ?) {on migration, name} data = new.data`
	loadCheckpoint = `SELECT data FROM {checkpoint} WHERE migration = {m} AND name = ?`
)

// SaveCheckpoint implements control.Control.
func (c *Control) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	if data == nil {
		data = []byte{}
	}
	_, err := c.exec(ctx, "save a checkpoint", saveCheckpoint, escape(name), data)
	return err
}

// LoadCheckpoint implements control.Control.
func (c *Control) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := c.get(ctx, "load a checkpoint", &data, loadCheckpoint, escape(name))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return data, err
}
