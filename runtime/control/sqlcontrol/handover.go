package sqlcontrol

import (
	"context"

	"github.com/dualgen/dualgen/runtime/journal"
)

var _ journal.Handover = (*Journal)(nil)

// Handover implements journal.Handover, in one transaction that holds the kind alone.
func (j *Journal) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return journal.Token{}, err
	}
	whole, err := j.rowOf(ctx, journal.Key{Kind: key.Kind, Whole: true})
	if err != nil {
		return journal.Token{}, err
	}
	if err := j.lazy.settle(ctx, r); err != nil {
		return journal.Token{}, err
	}
	token := journal.Token{ID: j.held.take(false), Owner: owner}
	there := false
	err = j.inTx(ctx, "hand over", func(t transaction) error {
		ended, err := t.exec(endToken, endArgs(whole, kind, true)...)
		if there = ended > 0; err != nil || !there {
			return err
		}
		if _, err := t.exec(beginOne, r.Kind, r.ID, int(kind.Primary), tokenText(token)); err != nil {
			return err
		}
		return t.get(&token.Primary, primaryOf, r.Kind, r.Whole, r.ID)
	})
	if err != nil || !there {
		j.held.drop(token.ID) // if it is in the table after all, Renew finds a stray
	}
	if err != nil {
		return journal.Token{}, err
	}
	j.held.ended(kind.ID, nil)
	if !there {
		return journal.Token{}, j.lost(ctx, whole)
	}
	return token, nil
}
