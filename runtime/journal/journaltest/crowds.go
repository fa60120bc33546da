package journaltest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// crowds are the rules with many callers at once.
func crowds() []Case {
	return []Case{
		{"random calls do as the model does", func(t TB, j journal.Journal) { followModel(&script{TB: t, j: j}, 1, 400) }},
		{"of all copies of a key one begins", func(t TB, j journal.Journal) { copyRace(&script{TB: t, j: j}) }},
		{"of all writers of a clean key none is missed", func(t TB, j journal.Journal) { beginRace(&script{TB: t, j: j}) }},
		{"tokens of several keys are taken together", func(t TB, j journal.Journal) { manyRace(&script{TB: t, j: j}) }},
		{"a track misses no end that it races", func(t TB, j journal.Journal) { trackRace(&script{TB: t, j: j}) }},
		{"a whole kind misses no key that it races", func(t TB, j journal.Journal) { wholeRace(&script{TB: t, j: j}) }},
		{"several keys are taken and marked while their kind changes", func(t TB, j journal.Journal) { manyBesideWhole(&script{TB: t, j: j}) }},
	}
}

// together runs f in n goroutines that begin at once.
func together(n int, f func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}

func copyRace(s *script) {
	const copiers, rounds = 4, 10
	for round := range rounds {
		k := key(fmt.Sprint(round))
		s.mark(fromOld, k)
		var begun atomic.Int32
		together(copiers, func(i int) {
			_, ok, err := s.j.BeginCopy(ctx, fmt.Sprint("copier ", i), k, 0)
			if err != nil {
				s.Errorf("BeginCopy: %v", err)
			}
			if ok {
				begun.Add(1)
			}
		})
		if begun.Load() != 1 {
			s.Errorf("%d copies of one key began at once", begun.Load())
		}
	}
}

// beginRace has writers with opposite phases begin at once. They must agree on one primary, and know that they overlap.
func beginRace(s *script) {
	const writers, rounds = 4, 10
	for round := range rounds {
		k := key(fmt.Sprint(round))
		tokens := make([]journal.Token, writers)
		together(writers, func(i int) {
			var err error
			if tokens[i], err = s.j.Begin(ctx, fmt.Sprint("writer ", i), k, phase.Store(i%2)); err != nil {
				s.Errorf("Begin: %v", err)
			}
		})
		s.is(k, want{primary: tokens[0].Primary, active: writers, dirty: true})
		together(writers, func(i int) {
			if tokens[i].Primary != tokens[0].Primary {
				s.Errorf("writers of one key have opposite primaries")
			}
			if err := s.j.End(ctx, k, tokens[i], true); err != nil {
				s.Errorf("End: %v", err)
			}
		})
		s.is(k, want{primary: tokens[0].Primary, dirty: true})
	}
}

// manyRace has writers of the same keys, in opposite orders and phases, begin at once. None may wait for another for
// ever, and each gets all its tokens with one primary.
func manyRace(s *script) {
	const writers, rounds = 4, 10
	for round := range rounds {
		forth := []journal.Key{key(fmt.Sprint(round, "a")), key(fmt.Sprint(round, "b")), key(fmt.Sprint(round, "c"))}
		back := []journal.Key{forth[2], forth[1], forth[0]}
		together(writers, func(i int) {
			keys := forth
			if i%2 == 1 {
				keys = back
			}
			tokens, err := s.j.BeginMany(ctx, fmt.Sprint("writer ", i), keys, phase.Store(i%2))
			if err != nil {
				s.Errorf("BeginMany: %v", err)
				return
			}
			for _, token := range tokens {
				if token.Primary != tokens[0].Primary {
					s.Errorf("the tokens of one write have opposite primaries")
				}
			}
			time.Sleep(time.Millisecond)
			if err := s.j.EndMany(ctx, keys, tokens, true); err != nil {
				s.Errorf("EndMany: %v", err)
			}
		})
		for _, e := range s.unclean(journal.Query{}) {
			if e.Active != 0 {
				s.Errorf("tokens are left: %+v", e)
			}
		}
	}
}

// trackRace ends tokens while a track begins. A key that is not in the activity since then must have been clean before
// the track returned.
func trackRace(s *script) {
	const writers, rounds = 4, 8
	for round := range rounds {
		name := fmt.Sprint("track ", round)
		var since journal.Seq
		var tracked atomic.Bool
		endedAfter := make([]bool, writers)
		keys := make([]journal.Key, writers)
		tokens := make([]journal.Token, writers)
		for i := range writers {
			keys[i] = key(fmt.Sprint(round, " ", i))
			tokens[i] = s.begin("x", keys[i], fromOld)
		}
		together(writers+1, func(i int) {
			if i == writers {
				var err error
				if since, err = s.j.Track(ctx, name); err != nil {
					s.Errorf("Track: %v", err)
				}
				tracked.Store(true)
				return
			}
			time.Sleep(time.Duration(rand.IntN(500)) * time.Microsecond)
			endedAfter[i] = tracked.Load() // then its End comes after the track for certain
			if err := s.j.End(ctx, keys[i], tokens[i], true); err != nil {
				s.Errorf("End: %v", err)
			}
		})
		var must []journal.Key
		for i, after := range endedAfter {
			if after {
				must = append(must, keys[i])
			}
		}
		s.active(since, must, nil)
		s.must(s.j.Untrack(ctx, name))
	}
}

// wholeRace begins a write of a whole kind and writes of its keys at once. Each key's writer either ended before the
// whole kind's began, or its key is dirty.
func wholeRace(s *script) {
	const writers, rounds = 3, 10
	for round := range rounds {
		tokens := make([]journal.Token, writers)
		keys := make([]journal.Key, writers)
		var all journal.Token
		together(writers+1, func(i int) {
			var err error
			if i == writers {
				all, err = s.j.Begin(ctx, "all", whole, fromOld)
			} else {
				keys[i] = key(fmt.Sprint(round, " ", i))
				tokens[i], err = s.j.Begin(ctx, "x", keys[i], fromOld)
			}
			if err != nil {
				s.Errorf("Begin: %v", err)
			}
		})
		for i, k := range keys {
			s.is(k, want{primary: fromOld, active: 1, dirty: true}) // all are active together now
			s.end(k, tokens[i], true)
		}
		s.end(whole, all, true)
		s.clean(whole)
	}
}

// manyBesideWhole takes and marks several keys at once while tokens on their kind come and go.
func manyBesideWhole(s *script) {
	const rounds = 10
	together(4, func(i int) {
		keys := []journal.Key{key(fmt.Sprint(i, " a")), key(fmt.Sprint(i, " b")), key(fmt.Sprint(i, " c"))}
		for range rounds {
			switch {
			case i < 2:
				token, err := s.j.Begin(ctx, "kind", whole, fromOld)
				if err == nil {
					err = s.j.End(ctx, whole, token, true)
				}
				if err != nil {
					s.Errorf("of the kind: %v", err)
				}
			case i == 2:
				tokens, err := s.j.BeginMany(ctx, "many", keys, fromOld)
				if err == nil {
					err = s.j.EndMany(ctx, keys, tokens, true)
				}
				if err != nil {
					s.Errorf("of several keys: %v", err)
				}
			default:
				if err := s.j.MarkDirty(ctx, keys, fromOld); err != nil {
					s.Errorf("MarkDirty: %v", err)
				}
			}
		}
	})
	s.clean(whole)
}

// followModel makes random calls, and compares the journal with the model after each.
func followModel(s *script, seed uint64, steps int) {
	random := rand.New(rand.NewPCG(seed, seed))
	m := newModel()
	keys := []journal.Key{key("a"), key("b"), key("c"), whole}
	for step := range steps {
		what := m.step(s, random, keys)
		for _, k := range keys {
			e, ok, err := s.j.Lookup(ctx, k)
			s.must(err)
			got := "clean"
			if ok {
				got = fmt.Sprintf("%v: %v %d %v %d %v", e.Key, e.Primary, e.Active, e.Dirty, e.Attempts, e.Quarantined)
			}
			if want := m.describe(k); got != want {
				s.Fatalf("seed %d, step %d, after %s: %v is %s, and in the model %s", seed, step, what, k, got, want)
			}
		}
	}
}

func sameError(a, b error) bool {
	for _, known := range []error{journal.ErrConflict, journal.ErrTokenLost} {
		if errors.Is(a, known) != errors.Is(b, known) {
			return false
		}
	}
	return (a == nil) == (b == nil)
}
