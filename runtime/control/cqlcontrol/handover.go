package cqlcontrol

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
)

var _ journal.Handover = (*Journal)(nil)

// Handover implements journal.Handover. No transaction spans the key and its kind: the key's token is taken first, so that the
// entity is never without one, and does not overlap the kind's. Whoever looks in between finds both, which is what he would
// find had he come a moment earlier and a moment later. A crash in between leaves the kind dirty beside the key.
func (j *Journal) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	whole := wholeOf(key)
	e, err := j.read(ctx, whole)
	if err != nil {
		return journal.Token{}, err
	}
	if !e.holds(kind.ID) {
		return journal.Token{}, j.endWhole(ctx, whole, kind)
	}
	token := newToken(owner)
	if err := j.enter(ctx, key, token.ID); err != nil {
		return journal.Token{}, err
	}
	if err := j.begun(key, &token, j.beginKey(ctx, key, &token, kind.Primary, kind.ID)); err != nil {
		return journal.Token{}, err
	}
	err = j.endWhole(ctx, whole, kind)
	switch {
	case err == nil:
		return token, nil
	case errors.Is(err, journal.ErrTokenLost): // taken away meanwhile
		err = errors.Join(err, j.giveBack(ctx, key, token))
	default:
		j.process.owe(key, token)
	}
	return journal.Token{}, err
}

// endWhole is End of a whole kind's token, clean.
func (j *Journal) endWhole(ctx context.Context, whole journal.Key, token journal.Token) error {
	return j.giveUp(ctx, "hand over", whole, token.ID, func(*entry, held) {})
}
