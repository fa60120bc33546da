package journaltest

import (
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

const (
	fromOld = phase.Old
	fromNew = phase.New
)

// rules are the rules of tokens, one caller at a time.
func rules() []Case {
	return []Case{
		scripted("a journal begins empty", func(s *script) {
			s.clean(key("a"), whole)
			s.lists("an empty journal", journal.Query{})
			s.counts("", journal.Counts{})
		}),
		scripted("a token makes its key unclean, its clean end makes it clean", func(s *script) {
			token := s.begins("x", key("a"), fromNew, fromNew)
			if token.Owner != "x" {
				s.Errorf("the token's owner is %q", token.Owner)
			}
			s.is(key("a"), want{primary: fromNew, active: 1})
			s.clean(key("b"))
			s.end(key("a"), token, true)
			s.clean(key("a"))
		}),
		scripted("a failed end leaves the key dirty", func(s *script) {
			s.end(key("a"), s.begin("x", key("a"), fromOld), false)
			s.is(key("a"), want{primary: fromOld, dirty: true})
		}),
		scripted("tokens have ids of their own", func(s *script) {
			seen := make(map[uint64]bool)
			for _, k := range []journal.Key{key("a"), key("b"), key("a"), {Kind: "Order", ID: "a"}} {
				token := s.begin("x", k, fromOld)
				if seen[token.ID] {
					s.Errorf("token id %d was handed out twice", token.ID)
				}
				seen[token.ID] = true
			}
		}),
		scripted("kinds and odd ids are told apart", oddKeys),
		scripted("an unclean key keeps its primary, and writers adopt it", adopt),
		scripted("writers that overlap make the key dirty", overlap),
		scripted("more tokens than two on one key", crowd),
		scripted("a clean writer does not clean what another one left", func(s *script) {
			s.mark(fromOld, key("a"))
			s.end(key("a"), s.begin("x", key("a"), fromOld), true)
			s.is(key("a"), want{primary: fromOld, dirty: true})
		}),
		scripted("the end of a token that is not there", lost),
		scripted("several keys get tokens together, with one primary", many),
		scripted("several keys that disagree get none", manyConflict),
		scripted("several tokens end together", manyEnd),
		scripted("several whole kinds get tokens together, all or none", manyKinds),
		scripted("a key of an unclean kind adopts the kind's primary", wholeAdopt),
		scripted("a whole kind overlaps its keys", wholeOverlap),
		scripted("a whole kind conflicts with keys of the other primary", wholeConflict),
		scripted("tokens on a whole kind do not overlap each other", func(s *script) {
			one, two := s.begin("x", whole, fromOld), s.begin("y", whole, fromOld)
			s.end(whole, one, true)
			s.is(whole, want{primary: fromOld, active: 1})
			s.end(whole, two, true)
			s.clean(whole)
		}),
		scripted("a whole kind is dirty after a failed end", func(s *script) {
			one, two := s.begin("x", whole, fromOld), s.begin("y", whole, fromOld)
			s.end(whole, one, false)
			s.end(whole, two, true)
			s.is(whole, want{primary: fromOld, dirty: true})
		}),
		scripted("marks", marks),
	}
}

func oddKeys(s *script) {
	odd := []journal.Key{
		{Kind: "User", ID: ""}, {Kind: "User", ID: "a"}, {Kind: "User", ID: "A"}, {Kind: "User", ID: "a "},
		{Kind: "user", ID: "a"}, {Kind: "User", ID: "a/b"}, {Kind: "User/a", ID: "b"}, {Kind: "User", ID: "*"},
		{Kind: "User", ID: "ü\u0301'\"\\;--%_"}, {Kind: "User", ID: "u\u0308"},
	}
	tokens := make([]journal.Token, len(odd))
	for i, k := range odd {
		s.clean(k)
		tokens[i] = s.begin("x", k, fromOld)
		s.is(k, want{primary: fromOld, active: 1})
	}
	s.clean(whole)
	for i, k := range odd {
		s.end(k, tokens[i], true)
		s.clean(k)
	}
}

func adopt(s *script) {
	one := s.begin("x", key("a"), fromOld)
	two := s.begins("y", key("a"), fromNew, fromOld)
	s.end(key("a"), one, true)
	s.end(key("a"), two, true)
	three := s.begins("y", key("a"), fromNew, fromOld) // dirty by the overlap
	s.end(key("a"), three, true)
	s.is(key("a"), want{primary: fromOld, dirty: true})
	s.begins("x", key("b"), fromNew, fromNew)
}

func overlap(s *script) {
	one := s.begin("x", key("a"), fromOld)
	s.is(key("a"), want{primary: fromOld, active: 1})
	two := s.begin("x", key("a"), fromOld) // the same instance counts too
	s.is(key("a"), want{primary: fromOld, active: 2, dirty: true})
	s.end(key("a"), one, true)
	s.end(key("a"), two, true)
	s.is(key("a"), want{primary: fromOld, dirty: true})
}

func crowd(s *script) {
	const n = 7
	var tokens []journal.Token
	for range n {
		tokens = append(tokens, s.begin("x", key("a"), fromOld))
	}
	s.is(key("a"), want{primary: fromOld, active: n, dirty: true})
	for _, i := range []int{3, 0, 6, 1, 5, 2, 4} {
		s.end(key("a"), tokens[i], true)
	}
	s.is(key("a"), want{primary: fromOld, dirty: true})
	for _, token := range tokens {
		s.fails("a token ended twice", s.j.End(ctx, key("a"), token, true), journal.ErrTokenLost)
	}
}

func lost(s *script) {
	token := s.begin("x", key("a"), fromOld)
	s.end(key("a"), token, true)
	s.fails("a second end", s.j.End(ctx, key("a"), token, true), journal.ErrTokenLost)
	s.clean(key("a")) // no entry is made: which store is right now is not for an old token to say
	s.fails("a failed end of it", s.j.End(ctx, key("a"), token, false), journal.ErrTokenLost)
	s.clean(key("a"))

	other := s.begin("y", key("a"), fromNew)
	s.fails("an end that meets another token", s.j.End(ctx, key("a"), token, true), journal.ErrTokenLost)
	s.is(key("a"), want{primary: fromNew, active: 1, dirty: true})
	s.end(key("a"), other, true)
	s.is(key("a"), want{primary: fromNew, dirty: true})
}

func many(s *script) {
	keys := []journal.Key{key("a"), key("b"), {Kind: "Order", ID: "a"}}
	s.mark(fromNew, key("b"))
	tokens, err := s.j.BeginMany(ctx, "x", keys, fromOld)
	s.must(err)
	if len(tokens) != len(keys) {
		s.Fatalf("BeginMany of %d keys returns %d tokens", len(keys), len(tokens))
	}
	for i, token := range tokens {
		if token.Primary != fromNew || token.Owner != "x" {
			s.Errorf("token %d is %+v, want owner x and the primary of the key that was unclean", i, token)
		}
	}
	s.is(key("a"), want{primary: fromNew, active: 1})
	s.is(key("b"), want{primary: fromNew, active: 1, dirty: true})
	s.must(s.j.EndMany(ctx, keys, tokens, true))
	s.clean(key("a"), keys[2])
	s.is(key("b"), want{primary: fromNew, dirty: true})

	tokens, err = s.j.BeginMany(ctx, "x", keys[:1], fromOld)
	s.must(err)
	one := s.begin("y", key("a"), fromOld)
	s.must(s.j.EndMany(ctx, keys[:1], tokens, true))
	s.end(key("a"), one, true)
	s.is(key("a"), want{primary: fromOld, dirty: true})
}

func manyConflict(s *script) {
	s.mark(fromOld, key("a"))
	s.mark(fromNew, key("b"))
	for _, primary := range []phase.Store{fromOld, fromNew} {
		_, err := s.j.BeginMany(ctx, "x", []journal.Key{key("c"), key("a"), key("b")}, primary)
		s.fails("BeginMany of keys with opposite primaries", err, journal.ErrConflict)
	}
	s.clean(key("c"))
	s.is(key("a"), want{primary: fromOld, dirty: true})
	s.is(key("b"), want{primary: fromNew, dirty: true})
	token := s.mustCopy("copier", key("b"))
	s.end(key("b"), token, true)
	_, err := s.j.BeginMany(ctx, "x", []journal.Key{key("c"), key("a"), key("b")}, fromNew)
	s.must(err)
	s.is(key("c"), want{primary: fromOld, active: 1})

	s.mark(fromNew, journal.Key{Kind: "Order", Whole: true})
	_, err = s.j.BeginMany(ctx, "x", []journal.Key{key("a"), {Kind: "Order", ID: "1"}}, fromOld)
	s.fails("BeginMany of a key and a key whose kind has the opposite primary", err, journal.ErrConflict)
}

func manyEnd(s *script) {
	keys := []journal.Key{key("a"), key("b"), key("c")}
	tokens, err := s.j.BeginMany(ctx, "x", keys, fromOld)
	s.must(err)
	s.end(key("b"), tokens[1], true)
	s.fails("EndMany with one token lost", s.j.EndMany(ctx, keys, tokens, true), journal.ErrTokenLost)
	s.clean(keys...) // the others ended
	tokens, err = s.j.BeginMany(ctx, "x", keys, fromOld)
	s.must(err)
	s.must(s.j.EndMany(ctx, keys, tokens, false))
	for _, k := range keys {
		s.is(k, want{primary: fromOld, dirty: true})
	}
}

// manyKinds: a write on several kinds has a token on each of them, or on none.
func manyKinds(s *script) {
	order, item := journal.Key{Kind: "Order", Whole: true}, journal.Key{Kind: "Item", ID: "1"}
	keys := []journal.Key{whole, order, item}
	tokens, err := s.j.BeginMany(ctx, "x", keys, fromOld)
	s.must(err)
	for _, k := range keys {
		s.is(k, want{primary: fromOld, active: 1})
	}
	s.must(s.j.EndMany(ctx, keys, tokens, false))
	for _, k := range keys {
		s.is(k, want{primary: fromOld, dirty: true})
	}
	s.mark(fromNew, journal.Key{Kind: "Third", Whole: true})
	_, err = s.j.BeginMany(ctx, "x", []journal.Key{order, {Kind: "Fourth", Whole: true}, {Kind: "Third", Whole: true}}, fromOld)
	s.fails("BeginMany of kinds with opposite primaries", err, journal.ErrConflict)
	s.clean(journal.Key{Kind: "Fourth", Whole: true})
	s.is(order, want{primary: fromOld, dirty: true})
}

func wholeAdopt(s *script) {
	s.mark(fromOld, whole)
	e, ok, err := s.j.Lookup(ctx, key("a"))
	s.must(err)
	if !ok || e.Key != whole || e.Primary != fromOld {
		s.Errorf("Lookup of a key of an unclean kind: %+v, %v, want the kind's entry", e, ok)
	}
	s.clean(journal.Key{Kind: "Order", ID: "a"})
	token := s.begins("x", key("a"), fromNew, fromOld)
	s.is(key("a"), want{primary: fromOld, active: 1})
	s.end(key("a"), token, true)
	s.mark(fromNew, key("b"))
	s.is(key("b"), want{primary: fromOld, dirty: true})
	tokens, err := s.j.BeginMany(ctx, "x", []journal.Key{key("c"), key("d")}, fromNew)
	s.must(err)
	if tokens[0].Primary != fromOld || tokens[1].Primary != fromOld {
		s.Errorf("BeginMany under an unclean kind: %+v, want the kind's primary", tokens)
	}
	s.is(whole, want{primary: fromOld, dirty: true})
	s.end(whole, s.mustCopy("copier", whole), true)
	s.is(key("b"), want{primary: fromOld, dirty: true})
}

func wholeOverlap(s *script) {
	before := s.begin("x", key("a"), fromOld)
	other := s.begin("x", journal.Key{Kind: "Order", ID: "a"}, fromOld)
	all := s.begin("y", whole, fromOld)
	s.is(key("a"), want{primary: fromOld, active: 1, dirty: true})
	s.is(journal.Key{Kind: "Order", ID: "a"}, want{primary: fromOld, active: 1})
	during := s.begin("x", key("b"), fromOld)
	s.is(key("b"), want{primary: fromOld, active: 1, dirty: true})
	s.end(key("a"), before, true)
	s.end(key("b"), during, true)
	s.end(journal.Key{Kind: "Order", ID: "a"}, other, true)
	s.is(whole, want{primary: fromOld, active: 1})
	s.end(whole, all, true)
	s.clean(whole)
	s.is(key("a"), want{primary: fromOld, dirty: true})
	s.is(key("b"), want{primary: fromOld, dirty: true})

	s.mark(fromOld, whole)
	late := s.begin("x", key("c"), fromOld)
	s.is(key("c"), want{primary: fromOld, active: 1}) // the kind is dirty, but nothing is in flight on it
	token := s.mustCopy("copier", whole)
	s.is(key("c"), want{primary: fromOld, active: 1, dirty: true})
	s.end(key("c"), late, true)
	s.end(whole, token, true)
}

func wholeConflict(s *script) {
	s.mark(fromNew, key("a"))
	_, err := s.j.Begin(ctx, "x", whole, fromOld)
	s.fails("Begin of a whole kind with a key of the other primary", err, journal.ErrConflict)
	s.clean(whole)
	s.fails("MarkDirty of it", s.j.MarkDirty(ctx, []journal.Key{key("z"), whole}, fromOld), journal.ErrConflict)
	s.clean(whole, key("z"))
	_, err = s.j.BeginMany(ctx, "x", []journal.Key{{Kind: "Order", ID: "1"}, whole}, fromOld)
	s.fails("BeginMany of it", err, journal.ErrConflict)
	s.clean(journal.Key{Kind: "Order", ID: "1"})
	s.begins("x", whole, fromNew, fromNew)
	s.begins("x", journal.Key{Kind: "Order", Whole: true}, fromOld, fromOld)
}

func marks(s *script) {
	s.mark(fromNew, key("a"), key("b"))
	s.is(key("a"), want{primary: fromNew, dirty: true})
	s.is(key("b"), want{primary: fromNew, dirty: true})
	s.mark(fromOld, key("a")) // keeps its primary
	s.is(key("a"), want{primary: fromNew, dirty: true})
	token := s.begin("x", key("c"), fromOld)
	s.mark(fromNew, key("c"))
	s.is(key("c"), want{primary: fromOld, active: 1, dirty: true})
	s.end(key("c"), token, true)
	s.is(key("c"), want{primary: fromOld, dirty: true})
	s.mark(fromOld)
}
