package journaltest

import (
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
)

// handoversOfMany are the rules of journals that have HandoverMany. Others have none of them to keep.
func handoversOfMany() []Case {
	keys := []journal.Key{key("c"), key("a"), key("b")}
	return []Case{
		handoverMany("a kind's token is handed over to several keys, which it does not overlap", func(s *script, j journal.HandoverMany) {
			tokens := s.handOverMany(j, s.begin("x", whole, fromNew), keys)
			s.clean(whole)
			for i, key := range keys {
				if tokens[i].Primary != fromNew || tokens[i].Owner != "x" {
					s.Errorf("the token of %v is %+v, want the owner and the primary of the kind's", key, tokens[i])
				}
				s.is(key, want{primary: fromNew, active: 1})
			}
			s.end(keys[1], tokens[1], false)
			s.end(keys[0], tokens[0], true) // each has its own
			s.end(keys[2], tokens[2], true)
			s.clean(keys[0])
			s.is(keys[1], want{primary: fromNew, dirty: true})
			s.clean(keys[2])
		}),
		handoverMany("a token for several keys overlaps who else is on one of them", func(s *script, j journal.HandoverMany) {
			writer := s.begin("y", key("a"), fromOld) // overlaps the kind once that begins
			kind := s.begin("x", whole, fromOld)
			later := s.begin("z", key("b"), fromOld)
			tokens := s.handOverMany(j, kind, keys)
			s.end(key("a"), writer, true)
			s.end(key("b"), later, true)
			s.must(s.j.EndMany(ctx, keys, tokens, true))
			s.clean(key("c"))
			s.is(key("a"), want{primary: fromOld, dirty: true})
			s.is(key("b"), want{primary: fromOld, dirty: true})
			s.clean(whole)
		}),
		handoverMany("another token on the kind overlaps all keys that it is handed over to", func(s *script, j journal.HandoverMany) {
			kind, other := s.begin("x", whole, fromOld), s.begin("y", whole, fromOld)
			tokens := s.handOverMany(j, kind, keys)
			s.must(s.j.EndMany(ctx, keys, tokens, true))
			for _, key := range keys {
				s.is(key, want{primary: fromOld, dirty: true})
			}
			s.is(whole, want{primary: fromOld, active: 1})
			s.end(whole, other, true)
			s.clean(whole)
		}),
		handoverMany("a token that is not there is handed over to no key", func(s *script, j journal.HandoverMany) {
			kind, other := s.begin("x", whole, fromOld), s.begin("y", whole, fromOld)
			s.end(whole, kind, true)
			if _, err := j.HandoverMany(ctx, "x", kind, keys); !errors.Is(err, journal.ErrTokenLost) {
				s.Errorf("HandoverMany of a lost token returns %v", err)
			}
			s.end(whole, other, true)
			entries, err := s.j.Unclean(ctx, journal.Query{})
			s.must(err)
			if len(entries) != 1 || !entries[0].Key.Whole || !entries[0].Dirty {
				s.Errorf("the journal holds %v, want the dirty kind alone", entries)
			}
		}),
	}
}

// handoverMany is a case for journals that have HandoverMany.
func handoverMany(name string, run func(s *script, j journal.HandoverMany)) Case {
	return scripted(name, func(s *script) {
		if j, ok := s.j.(journal.HandoverMany); ok {
			run(s, j)
		}
	})
}

func (s *script) handOverMany(j journal.HandoverMany, kind journal.Token, keys []journal.Key) []journal.Token {
	s.Helper()
	tokens, err := j.HandoverMany(ctx, kind.Owner, kind, keys)
	s.must(err)
	if len(tokens) != len(keys) {
		s.Fatalf("%d tokens for %d keys", len(tokens), len(keys))
	}
	return tokens
}
