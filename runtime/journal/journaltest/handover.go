package journaltest

import (
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
)

// handovers are the rules of journals that have Handover. Others have none of them to keep.
func handovers() []Case {
	return append(handoversOfMany(),
		handover("a kind's token is handed over to a key, which it does not overlap", func(s *script, j journal.Handover) {
			token := s.handOver(j, s.begin("x", whole, fromNew), key("a"))
			if token.Primary != fromNew {
				s.Errorf("the key's primary is %v, want that of the kind's token", token.Primary)
			}
			s.clean(whole)
			s.is(key("a"), want{primary: fromNew, active: 1})
			s.end(key("a"), token, true)
			s.clean(key("a"))
		}),
		handover("another token on the kind overlaps the key it is handed over to", func(s *script, j journal.Handover) {
			kind, other := s.begin("x", whole, fromOld), s.begin("y", whole, fromOld)
			s.end(key("a"), s.handOver(j, kind, key("a")), true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
			s.is(whole, want{primary: fromOld, active: 1})
			s.end(whole, other, true)
			s.clean(whole)
		}),
		handover("a writer of the key overlaps what is handed over to it", func(s *script, j journal.Handover) {
			kind := s.begin("x", whole, fromOld)
			writer := s.begin("y", key("a"), fromOld)
			token := s.handOver(j, kind, key("a"))
			s.end(key("a"), writer, true)
			s.end(key("a"), token, true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
		}),
		handover("a kind that was dirty stays so", func(s *script, j journal.Handover) {
			s.mark(fromOld, whole)
			token := s.handOver(j, s.begin("x", whole, fromOld), key("a"))
			s.is(whole, want{primary: fromOld, dirty: true})
			s.end(key("a"), token, true)
		}),
		handover("a token that is not there is not handed over", func(s *script, j journal.Handover) {
			kind, other := s.begin("x", whole, fromOld), s.begin("y", whole, fromOld)
			s.end(whole, kind, true)
			if _, err := j.Handover(ctx, "x", kind, key("a")); !errors.Is(err, journal.ErrTokenLost) {
				s.Errorf("Handover of a lost token returns %v", err)
			}
			s.is(whole, want{primary: fromOld, active: 1, dirty: true})
			s.end(whole, other, true)
			if _, unclean, err := s.j.Lookup(ctx, journal.Key{Kind: "Other", ID: "a"}); unclean || err != nil {
				s.Errorf("another kind is unclean: %v, %v", unclean, err)
			}
			entries, err := s.j.Unclean(ctx, journal.Query{})
			s.must(err)
			if len(entries) != 1 || !entries[0].Key.Whole {
				s.Errorf("the journal holds %v, want the kind alone", entries)
			}
		}),
	)
}

// handover is a case for journals that have Handover.
func handover(name string, run func(s *script, j journal.Handover)) Case {
	return scripted(name, func(s *script) {
		if j, ok := s.j.(journal.Handover); ok {
			run(s, j)
		}
	})
}

func (s *script) handOver(j journal.Handover, kind journal.Token, key journal.Key) journal.Token {
	s.Helper()
	token, err := j.Handover(ctx, kind.Owner, kind, key)
	s.must(err)
	return token
}
