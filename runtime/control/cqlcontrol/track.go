package cqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
)

// A sequence names a row of the mark table: how far each process was in its log when the sequence was handed out. So no
// clock and no common counter orders the calls, and what has happened since is read from the logs. Of another process, the
// position that it last told is taken, which is behind its real one: Activity then returns some keys too many.

// markLife is how long a sequence can be used, in seconds: 90 days.
const markLife = 90 * 24 * 3600

// Seq implements journal.Journal.
func (j *Journal) Seq(ctx context.Context) (journal.Seq, error) {
	present, err := j.positions(ctx)
	if err != nil {
		return 0, err
	}
	positions := make(map[int64]string, len(present))
	for process, p := range present {
		text, err := json.Marshal(p)
		if err != nil {
			return 0, err
		}
		positions[process] = string(text)
	}
	seq, err := j.nextSeq(ctx)
	if err != nil {
		return 0, err
	}
	err = j.query(ctx, `INSERT INTO {mark} (migration, seq, positions) VALUES (?, ?, ?) USING TTL ?`,
		j.options.Migration, seq, positions, markLife).Exec()
	if err != nil {
		return 0, fmt.Errorf("cqlcontrol: note a sequence: %w", err)
	}
	j.process.sawSequence(uint64(seq))
	return journal.Seq(seq), nil
}

// nextSeq counts the sequence up. An attempt without an answer costs a number.
func (j *Journal) nextSeq(ctx context.Context) (int64, error) {
	for attempt := range tries {
		seq, err := j.presentSeq(ctx)
		if err != nil {
			return 0, err
		}
		counted, err := j.apply(ctx, `UPDATE {meta} SET seq = ? WHERE migration = ? IF seq = ?`, seq+1, j.options.Migration, seq)
		if err == nil && counted {
			return seq + 1, nil
		}
		if err := pause(ctx, attempt); err != nil {
			return 0, fmt.Errorf("cqlcontrol: count the sequence: %w", err)
		}
	}
	return 0, fmt.Errorf("cqlcontrol: count the sequence: others did in each of %d attempts", tries)
}

func (j *Journal) presentSeq(ctx context.Context) (seq int64, err error) {
	if err := j.readMeta(ctx, "seq", &seq); err != nil {
		return 0, fmt.Errorf("cqlcontrol: read the sequence: %w", err)
	}
	return seq, nil
}

// Track implements journal.Journal. The name is stored before the sequence is counted: a sweep that does not see the name
// began before, and forgets calls only that had ended by then.
func (j *Journal) Track(ctx context.Context, name string) (journal.Seq, error) {
	for attempt := range tries {
		since, found, err := j.since(ctx, name)
		if err != nil || since > 0 {
			return since, err
		}
		if found {
			var seq journal.Seq
			if seq, err = j.Seq(ctx); err != nil {
				return 0, err
			}
			_, err = j.apply(ctx, `UPDATE {track} SET since = ? WHERE migration = ? AND name = ? IF since = 0`, int64(seq), j.options.Migration, name)
		} else {
			_, err = j.apply(ctx, `INSERT INTO {track} (migration, name, since) VALUES (?, ?, 0) IF NOT EXISTS`, j.options.Migration, name)
		}
		if err == nil {
			continue // and read what is stored
		}
		if err := pause(ctx, attempt); err != nil {
			return 0, fmt.Errorf("cqlcontrol: track: %w", err)
		}
	}
	return 0, fmt.Errorf("cqlcontrol: track: no answer in %d attempts", tries)
}

func (j *Journal) since(ctx context.Context, name string) (since journal.Seq, found bool, err error) {
	err = patiently(ctx, func() error {
		return j.serialRead(ctx, `SELECT since FROM {track} WHERE migration = ? AND name = ?`, j.options.Migration, name).Scan((*uint64)(&since))
	})
	if errors.Is(err, gocql.ErrNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("cqlcontrol: track: %w", err)
	}
	return since, true, nil
}

// Untrack implements journal.Journal.
func (j *Journal) Untrack(ctx context.Context, name string) (err error) {
	for range tries {
		_, err = j.apply(ctx, `DELETE FROM {track} WHERE migration = ? AND name = ? IF EXISTS`, j.options.Migration, name)
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("cqlcontrol: untrack: %w", err)
	}
	return nil
}

// tracked reports whether anybody tracks.
func (j *Journal) tracked(ctx context.Context) (bool, error) {
	var name string
	rows := j.serialRead(ctx, `SELECT name FROM {track} WHERE migration = ?`, j.options.Migration).Iter()
	found := rows.Scan(&name)
	if err := rows.Close(); err != nil {
		return false, fmt.Errorf("cqlcontrol: look for tracks: %w", err)
	}
	return found, nil
}

// Activity implements journal.Journal.
func (j *Journal) Activity(ctx context.Context, kind string, since journal.Seq) ([]journal.Key, error) {
	marked, err := j.marked(ctx, since)
	if err != nil {
		return nil, err
	}
	return j.activity(ctx, kind, marked)
}

// positions implements table.
func (t cqlTable) positions(ctx context.Context) (map[int64]position, error) {
	positions := map[int64]position{t.process.id: t.process.position()}
	remotes, err := t.remotes(ctx)
	for _, r := range remotes {
		positions[r.id] = r.position
	}
	return positions, err
}

// activity implements table.
func (t cqlTable) activity(ctx context.Context, kind string, since map[int64]position) ([]journal.Key, error) {
	j := t.Journal
	remotes, err := j.remotes(ctx)
	if err != nil {
		return nil, err
	}
	remotes = append(remotes, remote{id: j.process.id, ceiling: j.process.position().Next})
	logged := make([][]journal.Key, len(remotes))
	err = j.turns.together(len(remotes), func(i int) (err error) {
		logged[i], err = j.logged(ctx, remotes[i].id, since[remotes[i].id], remotes[i].ceiling)
		return err
	})
	if err != nil {
		return nil, err
	}
	seen := make(map[journal.Key]bool)
	keys := []journal.Key{}
	for _, key := range slices.Concat(logged...) {
		if key.Kind == kind && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// marked reads how far each process was when a sequence was handed out.
func (j *Journal) marked(ctx context.Context, seq journal.Seq) (map[int64]position, error) {
	var texts map[int64]string
	err := j.query(ctx, `SELECT positions FROM {mark} WHERE migration = ? AND seq = ?`, j.options.Migration, int64(seq)).Scan(&texts)
	if err != nil {
		return nil, fmt.Errorf("cqlcontrol: sequence %d: %w", seq, err)
	}
	positions := make(map[int64]position, len(texts))
	for process, text := range texts {
		var p position
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return nil, fmt.Errorf("cqlcontrol: sequence %d: %w", seq, err)
		}
		positions[process] = p
	}
	return positions, nil
}
