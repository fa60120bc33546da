package cqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control"
)

// storedRecord is a record as it is stored: with who wrote it last, and who before.
type storedRecord struct {
	control.Record
	Writers []gocql.UUID `json:"writers,omitempty"`
}

// writersKept is how many changes ago a change is still known to have been made.
const writersKept = 32

// Load implements control.Control.
func (c *Control) Load(ctx context.Context) (control.Record, error) {
	stored, err := c.loadRecord(ctx)
	return stored.Record, err
}

func (c *Control) loadRecord(ctx context.Context) (stored storedRecord, err error) {
	var revision uint64
	var body string
	err = patiently(ctx, func() error {
		return c.serialRead(ctx, `SELECT revision, body FROM {record} WHERE migration = ?`, c.options.Migration).Scan(&revision, &body)
	})
	if errors.Is(err, gocql.ErrNotFound) {
		return storedRecord{}, nil
	}
	if err != nil {
		return storedRecord{}, fmt.Errorf("cqlcontrol: load the flag record: %w", err)
	}
	if err := json.Unmarshal([]byte(body), &stored); err != nil {
		return storedRecord{}, fmt.Errorf("cqlcontrol: the stored flag record: %w", err)
	}
	stored.Revision = revision
	return stored, nil
}

// Neighbours implements control.Neighbours. It reads a table with one row a migration.
func (c *Control) Neighbours(ctx context.Context) (records map[string]control.Record, err error) {
	err = patiently(ctx, func() error {
		records = make(map[string]control.Record)
		rows := c.query(ctx, `SELECT migration, body FROM {record}`).Iter()
		var name, body string
		for rows.Scan(&name, &body) {
			var record control.Record
			if err := json.Unmarshal([]byte(body), &record); err != nil {
				return errors.Join(fmt.Errorf("the flag record of %s: %w", name, err), rows.Close())
			}
			records[name] = record
		}
		return rows.Close()
	})
	if err != nil {
		return nil, fmt.Errorf("cqlcontrol: list the migrations: %w", err)
	}
	delete(records, c.options.Migration)
	return records, nil
}

// Swap implements control.Control. The record knows who wrote it: an attempt that got no answer is recognised, if others changed the
// record since then, too.
func (c *Control) Swap(ctx context.Context, expected uint64, next control.Record) error {
	writer := gocql.MustRandomUUID()
	var doubt error // of the last attempt that got no answer
	for attempt := range tries {
		stored, done, err := c.settled(ctx, expected, writer, doubt)
		if err != nil || done {
			return err
		}
		applied, err := c.swap(ctx, expected, stored, next, writer)
		if err == nil && applied {
			return nil
		}
		if err != nil {
			doubt = err
			if stop := pause(ctx, attempt); stop != nil {
				return fmt.Errorf("cqlcontrol: store the flag record: %w", errors.Join(err, stop))
			}
		}
	}
	return fmt.Errorf("cqlcontrol: store the flag record: no answer in %d attempts: %w", tries, doubt)
}

// settled reports whether a writer's change of a revision was made. If that is still to be made, it returns what is stored.
func (c *Control) settled(ctx context.Context, expected uint64, writer gocql.UUID, doubt error) (stored storedRecord, made bool, err error) {
	stored, err = c.loadRecord(ctx)
	switch {
	case err != nil:
		err = errors.Join(err, doubt)
	case slices.Contains(stored.Writers, writer):
		made = true
	case stored.Revision > expected+writersKept && doubt != nil:
		err = fmt.Errorf("cqlcontrol: store the flag record: whether it was stored before the next changes is unknown: %w", doubt)
	case stored.Revision != expected:
		err = control.ErrConflict
	}
	return stored, made, err
}

// swap makes one attempt.
func (c *Control) swap(ctx context.Context, expected uint64, stored storedRecord, next control.Record, writer gocql.UUID) (bool, error) {
	before := stored.Writers[max(0, len(stored.Writers)-writersKept+1):]
	next.Revision = expected + 1
	body, err := json.Marshal(storedRecord{next, append(slices.Clone(before), writer)})
	if err != nil {
		return false, fmt.Errorf("cqlcontrol: flag record: %w", err)
	}
	if expected == 0 {
		return c.apply(ctx, `INSERT INTO {record} (migration, revision, body, writer) VALUES (?, 1, ?, ?) IF NOT EXISTS`,
			c.options.Migration, string(body), writer)
	}
	return c.apply(ctx, `UPDATE {record} SET revision = ?, body = ?, writer = ? WHERE migration = ? IF revision = ?`,
		int64(expected+1), string(body), writer, c.options.Migration, int64(expected))
}
