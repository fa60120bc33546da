package journaltest

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// claimsOf are the rules of journals that have Claims. Others have none of them to keep.
func claimsOf() []Case {
	return []Case{
		claims("copies of several keys begin together, each with its key's primary", claimSeveral),
		claims("of several keys those are claimed that there is something to copy of", claimSome),
		claims("claims of several keys wait out the settle window", claimSettled),
		claims("a writer that overlaps one of several claims keeps that key dirty", claimOverlap),
		claims("of all claims of a key one is given", claimRace),
	}
}

// claims is a case for journals that have Claims.
func claims(name string, run func(s *script, j journal.Claims)) Case {
	return scripted(name, func(s *script) {
		if j, ok := s.j.(journal.Claims); ok {
			run(s, j)
		}
	})
}

func (s *script) claim(j journal.Claims, idle time.Duration, keys ...journal.Key) []journal.Token {
	s.Helper()
	tokens, err := j.BeginCopies(ctx, "copier", keys, idle)
	s.must(err)
	if len(tokens) != len(keys) {
		s.Fatalf("BeginCopies of %d keys returns %d tokens", len(keys), len(tokens))
	}
	return tokens
}

func claimSeveral(s *script, j journal.Claims) {
	order := journal.Key{Kind: "Order", ID: "1"}
	s.mark(fromNew, key("b"), order)
	s.mark(fromOld, key("a"))
	s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), "no", 5))
	keys := []journal.Key{key("b"), key("a"), order}
	tokens := s.claim(j, 0, keys...)
	for i, primary := range []int{1, 0, 1} {
		if int(tokens[i].Primary) != primary || tokens[i].Owner != "copier" {
			s.Errorf("the token of %v is %+v", keys[i], tokens[i])
		}
	}
	s.is(key("a"), want{primary: fromOld, active: 1, attempts: 1, cause: "no"})
	s.is(key("b"), want{primary: fromNew, active: 1})
	s.is(order, want{primary: fromNew, active: 1})
	s.must(s.j.EndMany(ctx, keys, tokens, true))
	s.clean(keys...)
}

func claimSome(s *script, j journal.Claims) {
	s.mark(fromOld, key("dirty"), key("held"), key("stopped"), key("copied"))
	s.begin("x", key("held"), fromOld)
	s.begin("x", key("written"), fromOld)
	s.must(s.j.Fail(ctx, key("stopped"), s.mustCopy("copier", key("stopped")), "no", 1))
	s.mustCopy("copier", key("copied"))
	keys := []journal.Key{key("clean"), key("held"), key("dirty"), key("stopped"), key("written"), key("copied")}
	for i, token := range s.claim(j, 0, keys...) {
		if given := token != (journal.Token{}); given != (keys[i] == key("dirty")) {
			s.Errorf("of %v the token is %+v", keys[i], token)
		}
	}
	s.is(key("dirty"), want{primary: fromOld, active: 1})
	s.is(key("held"), want{primary: fromOld, active: 1, dirty: true})
	s.clean(key("clean"))

	s.mark(fromOld, key("one"), whole)
	token := s.mustCopy("verify", whole)
	if tokens := s.claim(j, 0, key("one")); tokens[0] != (journal.Token{}) {
		s.Errorf("a key is claimed while a token is active on its kind: %+v", tokens[0])
	}
	s.end(whole, token, true)
	if tokens := s.claim(j, 0, key("one")); tokens[0] == (journal.Token{}) {
		s.Errorf("a key is not claimed once no token is active on its kind")
	}
}

func claimSettled(s *script, j journal.Claims) {
	s.mark(fromOld, key("a"), key("b"))
	for _, token := range s.claim(j, long, key("a"), key("b")) {
		if token != (journal.Token{}) {
			s.Errorf("a key is claimed before it was idle for an hour: %+v", token)
		}
	}
	var given [2]bool // one may be due a moment before the other
	s.eventually("a claim of two keys that are idle for 200 ms", func() bool {
		for i, token := range s.claim(j, 200*time.Millisecond, key("a"), key("b")) {
			given[i] = given[i] || token != (journal.Token{})
		}
		return given[0] && given[1]
	})
}

func claimOverlap(s *script, j journal.Claims) {
	s.mark(fromOld, key("a"), key("b"))
	tokens := s.claim(j, 0, key("a"), key("b"))
	s.end(key("a"), s.begin("x", key("a"), fromNew), true)
	s.must(s.j.EndMany(ctx, []journal.Key{key("a"), key("b")}, tokens, true))
	s.is(key("a"), want{primary: fromOld, dirty: true})
	s.clean(key("b"))
}

// claimRace has several claim the same keys, in opposite orders.
func claimRace(s *script, j journal.Claims) {
	const copiers, rounds = 4, 10
	for round := range rounds {
		forth := []journal.Key{key(fmt.Sprint(round, "a")), key(fmt.Sprint(round, "b")), key(fmt.Sprint(round, "c"))}
		back := []journal.Key{forth[2], forth[1], forth[0]}
		s.mark(fromOld, forth...)
		var given atomic.Int32
		together(copiers, func(i int) {
			keys := forth
			if i%2 == 1 {
				keys = back
			}
			tokens, err := j.BeginCopies(ctx, fmt.Sprint("copier ", i), keys, 0)
			if err != nil {
				s.Errorf("BeginCopies: %v", err)
			}
			for _, token := range tokens {
				if token != (journal.Token{}) {
					given.Add(1)
				}
			}
		})
		if given.Load() != 3 {
			s.Errorf("%d copies of 3 keys began at once", given.Load())
		}
	}
}
