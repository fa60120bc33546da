package dual

import (
	"context"
	"errors"
)

// settleRefused ends the tokens of a write that the primary refused. It reports false if the write's keys are not known, or
// something of it may still be under way; the tokens are held then.
func (a *attempt) settleRefused(ctx context.Context, err error) bool {
	m := a.call.state.migration
	if !a.open || a.unclean || a.joint != nil || a.whole() || refusalOf(err, m.refuses) == notRefused || a.call.fenced() != nil {
		return false
	}
	if m.hooks.Off.NoRefusedCopy {
		_ = a.end(true)
		return true
	}
	a.how = mirrorCopy
	if a.call.state.async {
		a.how = mirrorCopyLate
		_ = a.later(ctx, func(ctx context.Context, leg *attempt) error { return leg.compare(ctx) })
		return true
	}
	_ = a.mirrored(ctx, a.compare(a.detach(ctx))) // the caller gets the primary's error
	return true
}

// compare copies those of the write's entities in which the stores differ.
func (a *attempt) compare(ctx context.Context) (err error) {
	defer recoverTo(&err)
	m := a.call.state.migration
	var errs []error
	for _, key := range a.all() {
		errs = append(errs, m.compareKey(ctx, key, a.primary))
	}
	return errors.Join(errs...)
}

// compareKey copies an entity if the stores differ in it.
func (m *Migration) compareKey(ctx context.Context, key Key, from Store) error {
	for _, c := range *m.copiers.Load() {
		if c.Kind() == key.Kind {
			return c.Copy(ctx, key, from)
		}
	}
	return errNoEntity(key.Kind)
}

// neither reports whether no store holds the key, which one of them refused to look for: because of its form, that store
// cannot hold it, and the other one refuses it too, or has none.
func (c *copier[R, E]) neither(ctx context.Context, key Key, from Store, err error) bool {
	if refusalOf(err, nil) != malformed {
		return false
	}
	_, there, err := c.get(ctx, from.Other(), key)
	if err != nil {
		return refusalOf(err, nil) == malformed
	}
	return !there
}
