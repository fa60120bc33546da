package cqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/control"
)

// Control is a control.Control in Cassandra.
type Control struct{ *Backend }

// tries bounds how often a lightweight transaction is repeated that others came before, or whose outcome is unknown.
const tries = 50

// MigrationName is the name of the migration, which decides who is one fleet.
func (c *Control) MigrationName() string { return c.options.Migration }

// Watch implements control.Control. It polls.
func (c *Control) Watch(ctx context.Context, revision uint64) error {
	var stored uint64
	err := c.query(ctx, `SELECT revision FROM {record} WHERE migration = ?`, c.options.Migration).Scan(&stored)
	if err != nil && !errors.Is(err, gocql.ErrNotFound) {
		return fmt.Errorf("cqlcontrol: look at the flag record: %w", err)
	}
	if stored != revision {
		return nil
	}
	timer := time.NewTimer(c.options.Poll)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// insist repeats a lightweight transaction that may be applied twice until it has an answer.
func (c *Control) insist(ctx context.Context, what, statement string, args ...any) (applied bool, err error) {
	for attempt := range tries {
		applied, err = c.apply(ctx, statement, args...)
		if err == nil || pause(ctx, attempt) != nil {
			break
		}
	}
	if err != nil {
		return false, fmt.Errorf("cqlcontrol: %s: %w", what, err)
	}
	return applied, nil
}

// Renew implements control.Control.
func (c *Control) Renew(ctx context.Context, instance control.Instance, ttl time.Duration) error {
	body, err := json.Marshal(instance)
	if err != nil {
		return fmt.Errorf("cqlcontrol: instance: %w", err)
	}
	renewed, err := c.insist(ctx, "renew an instance's lease",
		`UPDATE {instance} SET body = ?, renewed = toTimestamp(now()), ttl = ? WHERE migration = ? AND id = ? IF evicted != true`,
		string(body), ttl.Milliseconds(), c.options.Migration, instance.ID)
	if err == nil && !renewed {
		return control.ErrEvicted
	}
	return err
}

// Leave implements control.Control.
func (c *Control) Leave(ctx context.Context, id string) error {
	removed, err := c.insist(ctx, "remove an instance", `DELETE FROM {instance} WHERE migration = ? AND id = ? IF evicted != true`,
		c.options.Migration, id)
	if err == nil && !removed {
		_, err = c.insist(ctx, "remove an instance", `UPDATE {instance} SET ttl = 0, renewed = null WHERE migration = ? AND id = ? IF evicted = true`, c.options.Migration, id)
	}
	return err
}

// Evict implements control.Control.
func (c *Control) Evict(ctx context.Context, id string) error {
	_, err := c.insist(ctx, "evict an instance", `UPDATE {instance} SET evicted = true WHERE migration = ? AND id = ? IF evicted != true`,
		c.options.Migration, id)
	return err
}

// Instances implements control.Control.
func (c *Control) Instances(ctx context.Context) (instances []control.Instance, err error) {
	err = patiently(ctx, func() (err error) {
		instances, err = c.listInstances(ctx)
		return err
	})
	return instances, err
}

func (c *Control) listInstances(ctx context.Context) ([]control.Instance, error) {
	rows := c.serialRead(ctx, `SELECT body, renewed, ttl, evicted, toTimestamp(now()) FROM {instance} WHERE migration = ?`,
		c.options.Migration).Iter()
	instances := []control.Instance{}
	var body string
	var renewed, now time.Time
	var ttl int64
	var evicted bool
	for rows.Scan(&body, &renewed, &ttl, &evicted, &now) {
		left := renewed.Add(time.Duration(ttl) * time.Millisecond).Sub(now)
		live := left+max(0, c.options.Skew) > 0
		if evicted && (!live || body == "") { // or was never seen
			continue
		}
		var instance control.Instance
		if err := json.Unmarshal([]byte(body), &instance); err != nil {
			return nil, errors.Join(fmt.Errorf("cqlcontrol: a stored instance: %w", err), rows.Close())
		}
		instance.Left, instance.Live, instance.Evicted = left, live, evicted
		instances = append(instances, instance)
	}
	if err := rows.Close(); err != nil {
		return nil, fmt.Errorf("cqlcontrol: list the instances: %w", err)
	}
	slices.SortFunc(instances, func(a, b control.Instance) int { return strings.Compare(a.ID, b.ID) })
	return instances, nil
}

// SaveCheckpoint implements control.Control. Clients with different clocks may write one checkpoint: a lightweight
// transaction makes the last one win.
func (c *Control) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	const what = "save a checkpoint"
	mine := gocql.MustRandomUUID()
	for range tries {
		var version *gocql.UUID
		err := patiently(ctx, func() error {
			return c.serialRead(ctx, `SELECT version FROM {checkpoint} WHERE migration = ? AND name = ?`, c.options.Migration, name).Scan(&version)
		})
		if err != nil && !errors.Is(err, gocql.ErrNotFound) {
			return fmt.Errorf("cqlcontrol: %s: %w", what, err)
		}
		if version != nil && *version == mine {
			return nil // an attempt that seemed to fail
		}
		saved, err := c.apply(ctx, `UPDATE {checkpoint} SET data = ?, version = ? WHERE migration = ? AND name = ? IF version = ?`,
			append([]byte{}, data...), mine, c.options.Migration, name, version)
		if err == nil && saved {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("cqlcontrol: %s: %w", what, errors.Join(ctx.Err(), err))
		}
	}
	return fmt.Errorf("cqlcontrol: %s: others wrote it in each of %d attempts", what, tries)
}

// LoadCheckpoint implements control.Control.
func (c *Control) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := patiently(ctx, func() error {
		return c.serialRead(ctx, `SELECT data FROM {checkpoint} WHERE migration = ? AND name = ?`, c.options.Migration, name).Scan(&data)
	})
	if errors.Is(err, gocql.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cqlcontrol: load a checkpoint: %w", err)
	}
	return data, nil
}
