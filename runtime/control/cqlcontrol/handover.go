package cqlcontrol

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
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

// HandoverMany implements journal.HandoverMany. No transaction spans the keys and their kind: the keys' tokens are taken first, so that
// no entity is ever without one, and do not overlap the kind's. Whoever looks in between finds both, which is what he would
// find had he come a moment earlier and a moment later. A crash in between leaves the kind dirty beside the keys.
func (j *Journal) HandoverMany(ctx context.Context, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	if err := j.holds(keys...); err != nil {
		return nil, err
	}
	whole := wholeOf(keys[0])
	e, err := j.read(ctx, whole)
	if err != nil {
		return nil, err
	}
	if !e.holds(kind.ID) {
		return nil, j.endWhole(ctx, whole, kind)
	}
	tokens := make([]journal.Token, len(keys))
	begun := make([]bool, len(keys))
	err = j.turns.together(len(keys), func(i int) error {
		tokens[i] = newToken(owner)
		err := j.enter(ctx, keys[i], tokens[i])
		if err == nil {
			err = j.begun(ctx, keys[i], &tokens[i], j.beginKey(ctx, keys[i], &tokens[i], kind.Primary, kind.ID))
		}
		begun[i] = err == nil
		return err
	})
	if err == nil {
		err = j.endWhole(ctx, whole, kind)
	}
	if err == nil {
		return tokens, nil
	}
	for i, key := range keys {
		switch {
		case !begun[i]:
		case errors.Is(err, journal.ErrTokenLost): // taken away meanwhile
			err = errors.Join(err, j.giveBack(ctx, key, tokens[i]))
		default:
			j.process.owe(key, tokens[i])
		}
	}
	return nil, err
}

// endWhole is End of a whole kind's token, clean.
func (j *Journal) endWhole(ctx context.Context, whole journal.Key, token journal.Token) error {
	return j.giveUp(ctx, "hand over", whole, token.ID, func(*entry, held) {})
}
