package journaltest

import (
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// copies are the rules of copying, listing and counting.
func copies() []Case {
	return []Case{
		scripted("a copy makes a dirty key clean", func(s *script) {
			s.mark(fromNew, key("a"))
			token := s.mustCopy("copier", key("a"))
			if token.Primary != fromNew || token.Owner != "copier" {
				s.Errorf("the copy's token is %+v", token)
			}
			s.is(key("a"), want{primary: fromNew, active: 1})
			s.end(key("a"), token, true)
			s.clean(key("a"))
		}),
		scripted("there is nothing to copy", nothingToCopy),
		scripted("a writer that overlaps a copy keeps the key dirty", copyOverlap),
		scripted("failed copies are counted", failedCopies),
		scripted("a quarantined key is copied once it is marked again", quarantine),
		scripted("no key is quarantined without a limit", func(s *script) {
			s.mark(fromOld, key("a"))
			for range 5 {
				s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), "no", 0))
			}
			s.is(key("a"), want{primary: fromOld, dirty: true, attempts: 5, cause: "no"})
		}),
		scripted("a writer's end does not forget failed copies", func(s *script) {
			s.mark(fromOld, key("a"))
			s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), "no", 3))
			s.end(key("a"), s.begin("x", key("a"), fromOld), true)
			s.is(key("a"), want{primary: fromOld, dirty: true, attempts: 1, cause: "no"})
		}),
		scripted("a failed copy whose token is gone counts nothing", func(s *script) {
			s.mark(fromOld, key("a"))
			token := s.mustCopy("copier", key("a"))
			s.end(key("a"), token, true)
			s.fails("Fail after End", s.j.Fail(ctx, key("a"), token, "no", 1), journal.ErrTokenLost)
			s.clean(key("a"))
			s.mark(fromNew, key("a"))
			s.fails("Fail that meets another entry", s.j.Fail(ctx, key("a"), token, "no", 1), journal.ErrTokenLost)
			s.is(key("a"), want{primary: fromNew, dirty: true})
		}),
		scripted("a whole kind is copied, and its keys are not meanwhile", wholeCopy),
		scripted("listings", listings),
		scripted("listings have a limit", limits),
		scripted("counts", countsByKind),
	}
}

func nothingToCopy(s *script) {
	s.noCopy("the key is clean", key("a"))
	token := s.begin("x", key("a"), fromOld)
	s.noCopy("a token is active", key("a"))
	s.mark(fromOld, key("a"))
	s.noCopy("a token is active on the dirty key", key("a"))
	s.end(key("a"), token, true)
	s.mustCopy("copier", key("a"))
	s.noCopy("another copy is at work", key("a"))
}

func copyOverlap(s *script) {
	s.mark(fromOld, key("a"))
	copying := s.mustCopy("copier", key("a"))
	writing := s.begin("x", key("a"), fromNew)
	s.is(key("a"), want{primary: fromOld, active: 2, dirty: true})
	s.end(key("a"), writing, true)
	s.end(key("a"), copying, true)
	s.is(key("a"), want{primary: fromOld, dirty: true})

	copying = s.mustCopy("copier", key("a"))
	s.mark(fromOld, key("a"))
	s.end(key("a"), copying, true)
	s.is(key("a"), want{primary: fromOld, dirty: true})

	s.end(key("a"), s.mustCopy("copier", key("a")), false)
	s.is(key("a"), want{primary: fromOld, dirty: true})
}

func failedCopies(s *script) {
	s.mark(fromOld, key("a"))
	s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), "first", 5))
	s.is(key("a"), want{primary: fromOld, dirty: true, attempts: 1, cause: "first"})
	s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), "second: ü", 5))
	s.is(key("a"), want{primary: fromOld, dirty: true, attempts: 2, cause: "second: ü"})
	copying := s.mustCopy("copier", key("a"))
	writing := s.begin("x", key("a"), fromOld)
	s.end(key("a"), copying, true)
	s.end(key("a"), writing, true)
	s.is(key("a"), want{primary: fromOld, dirty: true}) // the copy was good: its failures are forgotten
}

func quarantine(s *script) {
	s.mark(fromOld, key("a"))
	for i := range 2 {
		s.must(s.j.Fail(ctx, key("a"), s.mustCopy("copier", key("a")), fmt.Sprint("cause ", i), 2))
	}
	s.is(key("a"), want{primary: fromOld, dirty: true, attempts: 2, quarantined: true, cause: "cause 1"})
	s.noCopy("the key is quarantined", key("a"))
	s.lists("quarantined keys", journal.Query{Quarantined: true}, key("a"))
	s.lists("copyable keys", journal.Query{Copyable: true})
	s.end(key("a"), s.begins("x", key("a"), fromNew, fromOld), true)
	s.noCopy("the key is still quarantined", key("a"))
	s.mark(fromOld, key("a"))
	s.lists("quarantined keys after a mark", journal.Query{Quarantined: true})
	s.end(key("a"), s.mustCopy("copier", key("a")), true)
	s.clean(key("a"))
}

func wholeCopy(s *script) {
	s.mark(fromOld, whole, key("a"))
	token := s.mustCopy("verify", whole)
	s.noCopy("a token is active on its whole kind", key("a"))
	s.mark(fromNew, key("b"))
	s.is(key("b"), want{primary: fromOld, dirty: true})
	late := s.begin("x", whole, fromOld)
	s.end(whole, late, false)
	s.end(whole, token, true)
	s.is(whole, want{primary: fromOld, dirty: true}) // a write during the pass
	s.end(whole, s.mustCopy("verify", whole), true)
	s.clean(whole)
	s.end(key("a"), s.mustCopy("copier", key("a")), true)
	s.end(key("b"), s.mustCopy("copier", key("b")), true)
	s.clean(key("a"), key("b"))
}

// tick lets the clock of a journal go on that counts milliseconds: entries of one moment are listed in any order.
func tick() { time.Sleep(5 * time.Millisecond) }

func listings(s *script) {
	order := journal.Key{Kind: "Order", ID: "1"}
	s.mark(fromOld, key("a"))
	tick()
	s.mark(fromNew, order)
	tick()
	s.begin("x", key("b"), fromOld)
	tick()
	s.mark(fromOld, key("c"))
	tick()
	s.lists("all", journal.Query{}, key("a"), order, key("b"), key("c"))
	s.mark(fromOld, key("a"))
	s.lists("oldest activity first", journal.Query{}, order, key("b"), key("c"), key("a"))
	s.lists("a kind", journal.Query{Kind: "User"}, key("b"), key("c"), key("a"))
	s.lists("copyable", journal.Query{Copyable: true}, order, key("c"), key("a"))
	s.lists("idle for an hour", journal.Query{IdleFor: long})
	s.lists("at most two", journal.Query{Limit: 2}, order, key("b"))
	for _, e := range s.unclean(journal.Query{Kind: "Order"}) {
		if e.Primary != fromNew || !e.Dirty || e.Active != 0 {
			s.Errorf("the listed entry is %+v", e)
		}
	}
}

func limits(s *script) {
	const n = 1005
	keys := make([]journal.Key, n)
	for i := range keys {
		keys[i] = key(fmt.Sprint(i))
	}
	s.mark(fromOld, keys...)
	if got := len(s.unclean(journal.Query{})); got != 1000 {
		s.Errorf("a listing without limit has %d entries of %d, want 1000", got, n)
	}
	if got := len(s.unclean(journal.Query{Limit: 2 * n})); got != n {
		s.Errorf("a listing with a large limit has %d entries, want %d", got, n)
	}
	s.counts("", journal.Counts{Dirty: n, Primary: [2]int{n, 0}})
}

func countsByKind(s *script) {
	order := journal.Key{Kind: "Order", ID: "1"}
	s.mark(fromNew, order)
	s.begin("x", key("a"), fromOld)
	s.mark(fromOld, key("b"), key("c"))
	s.must(s.j.Fail(ctx, key("c"), s.mustCopy("copier", key("c")), "no", 1))
	active := s.begin("x", key("b"), fromOld)
	s.counts("User", journal.Counts{Active: 2, Dirty: 2, Quarantined: 1, Primary: [2]int{3, 0}})
	s.counts("Order", journal.Counts{Dirty: 1, Primary: [2]int{0, 1}})
	s.counts("", journal.Counts{Active: 2, Dirty: 3, Quarantined: 1, Primary: [2]int{3, 1}})
	s.counts("None", journal.Counts{})
	s.end(key("b"), active, true)
	s.mark(fromOld, whole)
	s.counts("User", journal.Counts{Active: 1, Dirty: 3, Quarantined: 1, Primary: [2]int{4, 0}})
}
