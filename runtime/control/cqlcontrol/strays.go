package cqlcontrol

import (
	"context"

	"github.com/dualgen/dualgen/runtime/journal"
)

// stray is a row that may be nobody's.
type stray struct {
	key journal.Key
	at  listing
}

// maxStrays bounds what is remembered; the rest is found again.
const maxStrays = 1 << 12

// stray notes a row that may be nobody's.
func (p *process) stray(key journal.Key, at listing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.strays) < maxStrays {
		p.strays = append(p.strays, stray{key, at})
	}
}

// strayed notes the rows of attempts of which it is not known whether they were applied.
func (p *process) strayed(open []attempt) {
	for _, a := range open {
		if a.fresh != nil {
			p.stray(a.after.key, *a.fresh)
		}
		if a.before != nil {
			p.stray(a.after.key, *a.before)
		}
	}
}

// takeStrays returns some of the rows to be tidied.
func (p *process) takeStrays(n int) []stray {
	p.mu.Lock()
	defer p.mu.Unlock()
	n = min(n, len(p.strays))
	taken := p.strays[:n:n]
	p.strays = p.strays[n:]
	return taken
}

// tidy removes a row, unless its key's body names it.
func (j *Journal) tidy(ctx context.Context, s stray) error {
	named := false
	_, err := j.change(ctx, "tidy the listing", s.key, func(e *entry) error {
		if named = e.body.Listing.same(s.at); named {
			return errKeep
		}
		e.calm = true
		return nil // a new version: whoever was to name the row finds out
	})
	if err != nil || named {
		return err
	}
	return j.unlist(ctx, s.key, s.at)
}
