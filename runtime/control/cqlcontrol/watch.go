package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var _ journal.Watching = (*Journal)(nil)

// watch is a token on a whole kind whose End wants to know which keys had a call meanwhile. The fast path does not look at
// the kind, so that the logs tell. A track keeps them; it is named after the owner, whose lease it does not outlive for long.
type watch struct {
	track string
	since map[int64]position
}

const watchPrefix = "watch "

func watchName(owner string) string {
	return watchPrefix + owner + " " + gocql.MustRandomUUID().String()
}

// BeginWatching implements journal.Watching. The token is taken first: a call that had ended before the logs' positions
// were read is seen by whatever the caller reads then, and all others are in the logs from there on.
func (j *Journal) BeginWatching(ctx context.Context, owner string, kind journal.Key, primary phase.Store) (journal.Token, error) {
	kind = canonical(kind)
	token, err := j.Begin(ctx, owner, kind, primary)
	if err != nil {
		return token, err
	}
	w := &watch{track: watchName(owner)}
	j.process.watch(token.ID, w)
	err = j.keepLogs(ctx, w.track)
	if err == nil {
		w.since, err = j.positions(ctx)
	}
	if err != nil {
		return journal.Token{}, errors.Join(err, j.giveBack(ctx, kind, token))
	}
	return token, nil
}

// endWatching marks the keys that had a call since a watch began.
func (j *Journal) endWatching(ctx context.Context, kind journal.Key, token journal.Token, w *watch) error {
	keys, err := j.activity(ctx, kind.Kind, w.since)
	if err != nil {
		return err
	}
	return j.turns.together(len(keys), func(i int) error {
		if keys[i].Whole {
			return nil
		}
		if e, err := j.read(ctx, keys[i]); err != nil || e.body.Dirty { // which it stays: no copy begins beside the kind's token
			return err
		}
		return j.markKey(ctx, keys[i], token.Primary)
	})
}

// dropTracks removes the tracks of watches that are over.
func (j *Journal) dropTracks(ctx context.Context) error {
	var errs []error
	for _, name := range j.process.takeUnwatched() {
		if err := j.Untrack(ctx, name); err != nil {
			j.process.unwatch(name) // next time
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// dropTracksOf removes the tracks of owners whose leases ran out: their tokens are gone, and their kinds dirty.
func (j *Journal) dropTracksOf(ctx context.Context, owners map[string]bool) error {
	var names []string
	rows := j.serialRead(ctx, `SELECT name FROM {track} WHERE migration = ?`, j.options.Migration).Iter()
	for name := ""; rows.Scan(&name); {
		if text, ok := strings.CutPrefix(name, watchPrefix); ok && owners[text[:max(0, strings.LastIndexByte(text, ' '))]] {
			names = append(names, name)
		}
	}
	if err := rows.Close(); err != nil {
		return fmt.Errorf("cqlcontrol: look for tracks: %w", err)
	}
	var errs []error
	for _, name := range names {
		errs = append(errs, j.Untrack(ctx, name))
	}
	return errors.Join(errs...)
}

// keepLogs implements table. The track has a since that Track never gives.
func (t cqlTable) keepLogs(ctx context.Context, name string) error {
	_, err := t.apply(ctx, `INSERT INTO {track} (migration, name, since) VALUES (?, ?, 1) IF NOT EXISTS`, t.options.Migration, name)
	if err != nil {
		return fmt.Errorf("cqlcontrol: keep the logs: %w", err)
	}
	return nil
}

// watch notes what the end of a token that this process holds wants to know.
func (p *process) watch(id uint64, w *watch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h := p.tokens[id]
	h.watch = w
	p.tokens[id] = h
}

// unwatch leaves a watch's track to be removed.
func (p *process) unwatch(track string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unwatched = append(p.unwatched, track)
}

func (p *process) takeUnwatched() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := p.unwatched
	p.unwatched = nil
	return names
}
