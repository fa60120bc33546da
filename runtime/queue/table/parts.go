package table

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/queue"
)

// parts is into how many parts the keys of a queue are divided. Each has one process that applies its entries. It must never change: two
// builds would apply the entries of one key at once.
const parts = 64

// partOf is the part of a key.
func partOf(key journal.Key) int {
	sum := hash(key.Kind, key.ID)
	return int((sum ^ sum>>32) % parts)
}

func hash(texts ...string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.Join(texts, "\x00"))) // never fails
	return h.Sum64()
}

func millis(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

// holding is what a process has of a queue's parts. Until is by this process's own clock, before the database's lease ends.
type holding struct {
	q      *Queue
	config queue.Config
	mine   map[int]uint64 // with the number of the read under way when it was taken: what that read is out of date
	until  time.Time
}

// renew extends what is held, takes what is free up to a fair share, and gives back what is above it and can be released. It returns the
// error of the database; what is held then stays held until its lease ends.
func (h *holding) renew(ctx context.Context, release func(part int) bool) error {
	asked := time.Now()
	lease := h.config.Lease.Milliseconds()
	if _, err := h.q.db.ExecContext(ctx, h.q.text(`INSERT INTO dualgen_queue_consumers (queue, owner, until) VALUES (?, ?, {now} + ?)
		ON CONFLICT (queue, owner) DO UPDATE SET until = excluded.until`), h.q.options.Name, h.config.Owner, lease); err != nil {
		return fmt.Errorf("register with the queue: %w", err)
	}
	if _, err := h.q.db.ExecContext(ctx, h.q.text(`UPDATE dualgen_queue_parts SET until = {now} + ? WHERE queue = ? AND owner = ? AND until > {now}`),
		lease, h.q.options.Name, h.config.Owner); err != nil {
		return fmt.Errorf("renew the parts of the queue: %w", err)
	}
	mine, free, owners, err := h.look(ctx)
	if err != nil {
		return err
	}
	fair := (parts + owners - 1) / owners
	for part := range mine {
		if len(mine) > fair && release(part) {
			if err := h.give(ctx, part); err != nil {
				return err
			}
			delete(mine, part)
		}
	}
	for _, part := range free {
		if len(mine) >= fair {
			break
		}
		taken, err := h.take(ctx, part)
		if err != nil {
			return err
		}
		if taken {
			mine[part] = 0
		}
	}
	h.mine, h.until = mine, asked.Add(h.config.Lease)
	return nil
}

// look lists the parts that this process holds, those that nobody does, and how many processes there are, this one included.
func (h *holding) look(ctx context.Context) (mine map[int]uint64, free []int, owners int, err error) {
	if err := h.q.db.QueryRowContext(ctx, h.q.text(`SELECT count(*) FROM dualgen_queue_consumers WHERE queue = ? AND until > {now}`), h.q.options.Name).Scan(&owners); err != nil {
		return nil, nil, 0, fmt.Errorf("count the queue's consumers: %w", err)
	}
	rows, err := h.q.db.QueryContext(ctx, h.q.text(`SELECT part, owner, until > {now}, until + ? > {now} FROM dualgen_queue_parts WHERE queue = ?`),
		h.config.Settle.Milliseconds(), h.q.options.Name)
	if err != nil {
		return nil, nil, 0, fmt.Errorf("look at the parts of the queue: %w", err)
	}
	defer rows.Close()
	mine = map[int]uint64{}
	taken := map[int]bool{}
	for rows.Next() {
		var part int
		var owner string
		var held, settling bool
		if err := rows.Scan(&part, &owner, &held, &settling); err != nil {
			return nil, nil, 0, fmt.Errorf("look at the parts of the queue: %w", err)
		}
		taken[part] = settling && owner != ""
		if held && owner == h.config.Owner {
			mine[part] = 0
		}
	}
	for part := range parts {
		if !taken[part] {
			free = append(free, part)
		}
	}
	return mine, free, max(owners, 1), rows.Err()
}

// take takes a part that nobody holds: its holder gave it back, or has not been heard of for a lease, and what it sent the stores has
// landed since.
func (h *holding) take(ctx context.Context, part int) (bool, error) {
	result, err := h.q.db.ExecContext(ctx, h.q.text(`INSERT INTO dualgen_queue_parts (queue, part, owner, until) VALUES (?, ?, ?, {now} + ?)
		ON CONFLICT (queue, part) DO UPDATE SET owner = excluded.owner, until = excluded.until
		WHERE dualgen_queue_parts.owner = '' OR dualgen_queue_parts.until + ? <= {now}`),
		h.q.options.Name, part, h.config.Owner, h.config.Lease.Milliseconds(), h.config.Settle.Milliseconds())
	if err != nil {
		return false, fmt.Errorf("take part %d of the queue: %w", part, err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// give gives a part back of which nothing is under way.
func (h *holding) give(ctx context.Context, part int) error {
	_, err := h.q.db.ExecContext(ctx, h.q.text(`UPDATE dualgen_queue_parts SET owner = '' WHERE queue = ? AND part = ? AND owner = ?`), h.q.options.Name, part, h.config.Owner)
	if err != nil {
		return fmt.Errorf("give part %d of the queue back: %w", part, err)
	}
	return nil
}

// leave gives everything back. Nothing is under way.
func (h *holding) leave(ctx context.Context) error {
	for part := range h.mine {
		if err := h.give(ctx, part); err != nil {
			return err
		}
	}
	_, err := h.q.db.ExecContext(ctx, h.q.text(`DELETE FROM dualgen_queue_consumers WHERE queue = ? AND owner = ?`), h.q.options.Name, h.config.Owner)
	return err
}
