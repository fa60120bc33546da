package sqlcontrol

import (
	"context"
	"slices"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var (
	_ journal.Handover     = (*Journal)(nil)
	_ journal.HandoverMany = (*Journal)(nil)
)

// Handover implements journal.Handover.
func (j *Journal) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	tokens, err := j.HandoverMany(ctx, owner, kind, []journal.Key{key})
	if err != nil {
		return journal.Token{}, err
	}
	return tokens[0], nil
}

// HandoverMany implements journal.HandoverMany, in one transaction that holds the kind alone. Nobody who holds the kind, and so
// nobody who holds several keys, can be waiting for one of its keys meanwhile.
func (j *Journal) HandoverMany(ctx context.Context, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	whole, err := j.rowOf(ctx, journal.Key{Kind: keys[0].Kind, Whole: true})
	if err != nil {
		return nil, err
	}
	claims, err := j.claims(ctx, owner, keys)
	if err != nil {
		return nil, err
	}
	there := false
	err = j.inTx(ctx, "hand over", func(t transaction) error {
		ended, err := t.exec(endToken, endArgs(whole, kind, true)...)
		if there = ended > 0; err != nil || !there {
			return err
		}
		for part := range slices.Chunk(claims, batch) {
			if err := t.beginEach(part, kind.Primary); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !there {
		j.dropAll(claims) // if they are in the table after all, Renew finds strays
	}
	if err != nil {
		return nil, err
	}
	j.held.ended(kind.ID, nil)
	if !there {
		return nil, j.lost(ctx, whole)
	}
	return tokensOf(claims, kind.Primary), nil
}

// beginEach puts a token on each key. While a token is on their kind, every unclean key has the kind's primary.
func (t transaction) beginEach(claims []claim, primary phase.Store) error {
	args := make([]any, 0, 4*len(claims))
	for _, c := range claims {
		args = append(args, c.Kind, c.ID, int(primary), c.text)
	}
	_, err := t.exec(beginHead+union(len(claims), beginSource)+beginTail, args...)
	return err
}

// putWhole puts a token in the row of a kind, which is held alone.
func putWhole(t transaction, c claim, primary phase.Store) error {
	if _, err := t.exec(beginWhole, int(primary), c.text, c.Kind); err != nil {
		return err
	}
	return t.overlapCalls(c.Kind)
}
