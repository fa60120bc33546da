package journaltest

import (
	"fmt"

	"github.com/dualgen/dualgen/runtime/journal"
)

// watching are the rules of a write that lists its keys: under its token on the whole kind, no call on a key goes unnoticed,
// however it took its token.
func watching() []Case {
	return []Case{
		scripted("a call that comes and goes under a listed write makes its key dirty", func(s *script) {
			kind := s.watch("x")
			s.end(key("a"), s.beginQuick("y", key("a")), true)
			s.end(whole, kind, true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
			s.clean(whole, key("b"))
		}),
		scripted("a call that is there before a listed write makes its key dirty", func(s *script) {
			token := s.beginQuick("y", key("a"))
			kind := s.watch("x")
			s.end(key("a"), token, true)
			s.end(whole, kind, true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
		}),
		scripted("a call that outlasts a listed write makes its key dirty", func(s *script) {
			kind := s.watch("x")
			token := s.beginQuick("y", key("a"))
			s.end(whole, kind, true)
			s.end(key("a"), token, true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
		}),
		scripted("keys are marked under a listed write, and copied after it", func(s *script) {
			kind := s.watch("x")
			s.mark(fromOld, key("a"))
			s.noCopy("a token is active on its whole kind", key("a"))
			s.end(whole, kind, true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
			s.end(key("a"), s.mustCopy("copier", key("a")), true)
			s.clean(key("a"), whole)
		}),
		scripted("a listed write that fails leaves its kind dirty", func(s *script) {
			s.end(whole, s.watch("x"), false)
			s.is(whole, want{primary: fromOld, dirty: true})
		}),
		{"a listed write misses no call that it races", func(t TB, j journal.Journal) { listedRace(&script{TB: t, j: j}) }},
	}
}

// watch takes the token of a write that lists its keys.
func (s *script) watch(owner string) journal.Token {
	s.Helper()
	begin := s.j.Begin
	if j, ok := s.j.(journal.Watching); ok {
		begin = j.BeginWatching
	}
	token, err := begin(ctx, owner, whole, fromOld)
	s.must(err)
	return token
}

// beginQuick is Begin in the cheapest way that the journal has.
func (s *script) beginQuick(owner string, key journal.Key) journal.Token {
	s.Helper()
	begin := s.j.Begin
	if j, ok := s.j.(journal.Agreed); ok {
		begin = j.BeginAgreed
	}
	token, err := begin(ctx, owner, key, fromOld)
	s.must(err)
	return token
}

// listedRace lets a listed write and writes of its keys begin and end at once. A key's writer ended before the listed write
// had its token, or its key is dirty.
func listedRace(s *script) {
	const writers, rounds = 4, 10
	for round := range rounds {
		keys := make([]journal.Key, writers)
		held := make(chan struct{})
		after := make([]bool, writers) // it surely ended under the kind's token
		together(writers+1, func(i int) {
			if i == writers {
				kind := s.watch("all")
				close(held)
				s.end(whole, kind, true)
				return
			}
			keys[i] = key(fmt.Sprint(round, " ", i))
			token := s.beginQuick("x", keys[i])
			select {
			case <-held:
			default:
				after[i] = i%2 == 0
			}
			if after[i] {
				<-held
			}
			s.end(keys[i], token, true)
		})
		for i, k := range keys {
			if after[i] {
				s.is(k, want{primary: fromOld, dirty: true})
			}
		}
		s.clean(whole)
	}
}
