package journaltest

import (
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// short is a lease that runs out within a test.
const short = 300 * time.Millisecond

// times are the rules of sequences, tracking, leases and idle times.
func times() []Case {
	return []Case{
		scripted("the sequence grows with every change", sequence),
		scripted("activity under a track", tracking),
		scripted("a track that was begun again keeps what it knew", retrack),
		scripted("tracks of several names", func(s *script) {
			_, err := s.j.Track(ctx, "one")
			s.must(err)
			since, err := s.j.Track(ctx, "two")
			s.must(err)
			s.end(key("a"), s.begin("x", key("a"), fromOld), true)
			s.must(s.j.Untrack(ctx, "one"))
			s.active(since, []journal.Key{key("a")}, nil)
			s.must(s.j.Untrack(ctx, "two"))
			s.must(s.j.Untrack(ctx, "two"))
		}),
		scripted("tokens of an owner whose lease ran out are taken away", expire),
		scripted("a lease that is renewed lasts", func(s *script) {
			s.must(s.j.Renew(ctx, "x", long))
			s.must(s.j.Renew(ctx, "y", short))
			kept := s.begin("x", key("a"), fromOld)
			s.begin("y", key("b"), fromOld)
			s.expires("a lease of 300 ms", 1)
			s.is(key("a"), want{primary: fromOld, active: 1})
			s.end(key("a"), kept, true)
			s.clean(key("a"))
		}),
		scripted("an owner that never renewed keeps its tokens", func(s *script) {
			token := s.begin("x", key("a"), fromOld)
			n, err := s.j.Expire(ctx)
			s.must(err)
			if n != 0 {
				s.Errorf("Expire takes away %d keys, want none", n)
			}
			s.end(key("a"), token, true)
			s.clean(key("a"))
		}),
		scripted("a token taken after the lease ran out is taken away", func(s *script) {
			s.must(s.j.Renew(ctx, "x", short))
			s.begin("x", key("a"), fromOld)
			s.expires("a lease of 300 ms", 1)
			s.begin("x", key("b"), fromOld)
			s.expires("the token of an owner without lease", 1)
			s.must(s.j.Renew(ctx, "x", long))
			s.begin("x", key("c"), fromOld)
			n, err := s.j.Expire(ctx)
			s.must(err)
			if n != 0 {
				s.Errorf("Expire takes away %d keys of an owner that renewed, want none", n)
			}
		}),
		scripted("a copy whose owner died can be taken up", func(s *script) {
			s.must(s.j.Renew(ctx, "copier", short))
			s.mark(fromNew, key("a"))
			s.mustCopy("copier", key("a"))
			s.expires("a lease of 300 ms", 1)
			s.is(key("a"), want{primary: fromNew, dirty: true})
			s.end(key("a"), s.mustCopy("other", key("a")), true)
			s.clean(key("a"))
		}),
		scripted("idle times", idle),
		scripted("what begins the settle window", doubts),
		scripted("a copy waits out the settle window", func(s *script) {
			s.mark(fromOld, key("a"), whole)
			for _, k := range []journal.Key{key("a"), whole} {
				if _, ok, err := s.j.BeginCopy(ctx, "copier", k, long); err != nil || ok {
					s.Errorf("BeginCopy of %v, idle for an hour: %v, %v", k, ok, err)
				}
				s.eventually("a copy of a key that is idle for 200 ms", func() bool {
					token, ok, err := s.j.BeginCopy(ctx, "copier", k, 200*time.Millisecond)
					s.must(err)
					if ok {
						s.end(k, token, true)
					}
					return ok
				})
			}
		}),
		scripted("the incarnation stays", func(s *script) {
			one, err := s.j.Incarnation(ctx)
			s.must(err)
			s.end(key("a"), s.begin("x", key("a"), fromOld), true)
			two, err := s.j.Incarnation(ctx)
			s.must(err)
			if one == "" || one != two {
				s.Errorf("the incarnation was %q and is %q", one, two)
			}
		}),
	}
}

// expires waits until Expire has taken away so many keys.
func (s *script) expires(what string, keys int) {
	s.Helper()
	taken := 0
	s.eventually(what, func() bool {
		n, err := s.j.Expire(ctx)
		s.must(err)
		taken += n
		return taken >= keys
	})
	if taken != keys {
		s.Errorf("Expire took away %d keys, want %d", taken, keys)
	}
}

func sequence(s *script) {
	last := s.seq()
	grown := func(what string) {
		s.Helper()
		e := s.unclean(journal.Query{Kind: "User"})
		if len(e) != 1 || e[0].Seq <= last {
			s.Errorf("the entry after %s is %+v, want a sequence above %d", what, e, last)
		}
		s.eventually("the sequence grows after "+what, func() bool { return s.seq() > last })
		last = s.seq()
	}
	token := s.begin("x", key("a"), fromOld)
	grown("Begin")
	s.end(key("a"), token, false)
	grown("End")
	s.mark(fromOld, key("a"))
	grown("MarkDirty")
	s.must(s.j.Fail(ctx, key("a"), s.mustCopy("c", key("a")), "no", 0))
	grown("Fail")
	s.end(key("a"), s.mustCopy("c", key("a")), true)
	s.eventually("the sequence grows after a clean End", func() bool { return s.seq() > last })
}

func tracking(s *script) {
	ended := s.begin("x", key("ended before"), fromOld)
	s.end(key("ended before"), ended, true)
	across := s.begin("x", key("across"), fromOld)
	s.mark(fromOld, key("dirty before"))
	s.passed()
	since, err := s.j.Track(ctx, "backfill")
	s.must(err)
	s.end(key("across"), across, true)
	s.end(key("ended"), s.begin("x", key("ended"), fromOld), true)
	s.begin("x", key("active"), fromOld)
	s.mark(fromOld, key("marked"))
	tokens, err := s.j.BeginMany(ctx, "x", []journal.Key{key("m1"), key("m2")}, fromOld)
	s.must(err)
	s.must(s.j.EndMany(ctx, []journal.Key{key("m1"), key("m2")}, tokens, true))
	s.end(journal.Key{Kind: "Order", ID: "1"}, s.begin("x", journal.Key{Kind: "Order", ID: "1"}, fromOld), true)
	all := []journal.Key{key("across"), key("ended"), key("active"), key("marked"), key("m1"), key("m2")}
	quiet := []journal.Key{key("ended before"), {Kind: "Order", ID: "1"}}
	s.active(since, all, quiet)

	s.passed()
	later := s.seq()
	s.active(later, []journal.Key{key("active")}, []journal.Key{key("ended"), key("across"), key("m1")})
	s.end(key("ended"), s.begin("x", key("ended"), fromOld), true)
	s.end(key("marked"), s.mustCopy("c", key("marked")), true)
	s.active(later, []journal.Key{key("ended"), key("marked"), key("active")}, []journal.Key{key("across")})
	s.active(since, all, quiet)
	s.must(s.j.Untrack(ctx, "backfill"))
	s.passed()
	s.active(s.seq(), []journal.Key{key("active")}, []journal.Key{key("ended"), key("across")})
}

func retrack(s *script) {
	since, err := s.j.Track(ctx, "backfill")
	s.must(err)
	s.end(key("a"), s.begin("x", key("a"), fromOld), true)
	again, err := s.j.Track(ctx, "backfill")
	s.must(err)
	if again != since {
		s.Errorf("Track again returns %d, want %d", again, since)
	}
	s.active(since, []journal.Key{key("a")}, nil)
	s.must(s.j.Untrack(ctx, "backfill"))
	s.end(key("b"), s.begin("x", key("b"), fromOld), true)
	fresh, err := s.j.Track(ctx, "backfill")
	s.must(err)
	if fresh <= since {
		s.Errorf("Track after Untrack returns %d, want more than %d", fresh, since)
	}
}

func expire(s *script) {
	s.must(s.j.Renew(ctx, "x", short))
	one := s.begin("x", key("a"), fromOld)
	two := s.begin("x", key("b"), fromNew)
	other := s.begin("other", key("b"), fromNew)
	all := s.begin("x", journal.Key{Kind: "Order", Whole: true}, fromNew)
	s.expires("a lease of 300 ms", 3)
	s.is(key("a"), want{primary: fromOld, dirty: true})
	s.is(key("b"), want{primary: fromNew, active: 1, dirty: true})
	s.is(journal.Key{Kind: "Order", Whole: true}, want{primary: fromNew, dirty: true})
	s.fails("End after the lease ran out", s.j.End(ctx, key("a"), one, true), journal.ErrTokenLost)
	s.is(key("a"), want{primary: fromOld, dirty: true})
	s.fails("EndMany of it", s.j.EndMany(ctx, []journal.Key{key("b")}, []journal.Token{two}, true), journal.ErrTokenLost)
	s.fails("End of the whole kind", s.j.End(ctx, journal.Key{Kind: "Order", Whole: true}, all, true), journal.ErrTokenLost)
	s.end(key("b"), other, true)
	s.is(key("b"), want{primary: fromNew, dirty: true})
	s.end(key("a"), s.mustCopy("copier", key("a")), true)
	s.fails("End after the copy", s.j.End(ctx, key("a"), one, false), journal.ErrTokenLost)
	s.clean(key("a"))
}

func idle(s *script) {
	s.mark(fromOld, key("a"))
	s.eventually("a key is idle for 200 ms", func() bool {
		return len(s.unclean(journal.Query{IdleFor: 200 * time.Millisecond})) == 1
	})
	if e := s.unclean(journal.Query{}); len(e) != 1 || e[0].Idle < 200*time.Millisecond {
		s.Errorf("the idle entry is %+v", e)
	}
	token := s.begin("x", key("a"), fromOld)
	if e := s.unclean(journal.Query{}); len(e) != 1 || e[0].Idle != 0 {
		s.Errorf("the entry with a token is %+v, want no idle time", e)
	}
	s.lists("idle keys while a token is active", journal.Query{IdleFor: time.Nanosecond})
	s.lists("settled keys while a token is active", journal.Query{SettledFor: 200 * time.Millisecond}, key("a"))
	s.end(key("a"), token, true)
	s.lists("idle keys after a call that ended clean", journal.Query{IdleFor: 200 * time.Millisecond}, key("a"))
	if e := s.unclean(journal.Query{IdleFor: long}); len(e) != 0 {
		s.Errorf("idle for an hour: %+v", e)
	}
	before := s.unclean(journal.Query{})[0].Idle
	s.mark(fromOld, key("a"))
	if after := s.unclean(journal.Query{})[0].Idle; after > before+10*time.Second {
		s.Errorf("a mark makes the key idle for %v, and it was for %v", after, before)
	}
}

// doubts: whatever leaves an attempt behind whose outcome nobody knows begins the settle window anew; what ended clean doesn't.
func doubts(s *script) {
	const window = 200 * time.Millisecond
	fresh := func(what string, event func()) {
		s.eventually("the key settles", func() bool { return len(s.unclean(journal.Query{SettledFor: window})) == 1 })
		began := time.Now()
		event()
		e := s.unclean(journal.Query{})
		if passed := time.Since(began) + window/2; len(e) != 1 || e[0].Settled > passed {
			s.Errorf("%v after %s: %+v", passed, what, e)
		}
	}
	s.mark(fromOld, key("a"))
	s.lists("settled for an hour", journal.Query{SettledFor: long})
	fresh("an end that is not clean", func() { s.end(key("a"), s.begin("x", key("a"), fromOld), false) })
	fresh("a copy that failed", func() { s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), "x", 0)) })
	fresh("a mark", func() { s.mark(fromOld, key("a")) })
	if _, ok, err := s.j.BeginCopy(ctx, "copier", key("a"), long); ok || err != nil {
		s.Errorf("a copy within the window: %v, %v", ok, err)
	}
	s.eventually("the key settles", func() bool { return len(s.unclean(journal.Query{SettledFor: window})) == 1 })
	one, two := s.begin("x", key("a"), fromOld), s.begin("y", key("a"), fromOld)
	s.end(key("a"), one, true)
	s.end(key("a"), two, true)
	if _, ok, err := s.j.BeginCopy(ctx, "copier", key("a"), window); !ok || err != nil {
		s.Errorf("a copy after two calls that overlapped and ended clean: %v, %v", ok, err)
	}
}
