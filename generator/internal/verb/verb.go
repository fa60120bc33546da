// Package verb reads the names of methods: what a method named so does, as far as its name is on a closed list of forms,
// and which words of the name speak against it.
package verb

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Reading is what a method's name says.
type Reading struct {
	Kind  plan.Kind // 0 where the name decides nothing
	Trait Trait
	Verb  string   // the words of the verb, as the name spells them: "" where there is none
	Noun  []string // the words after the verb, without a noun that stands before it
	First []string // the words of a noun that stands before the verb: User of UserCreate
	Many  bool     // a word for a quantity stands before the verb: BatchGet
	Inner bool     // the verb stands behind words that aren't known to be a noun: JobInsert
	Twice bool     // the name of a read goes on with what may be another verb: ListAndLock
}

// Known reports whether the name decides what the method does.
func (r Reading) Known() bool { return r.Kind != 0 && !r.Twice }

// Empties reports whether the verb of a removal may leave what it empties: Clear of ClearCart.
func (r Reading) Empties() bool {
	return r.Trait == Removes && slices.Contains([]string{"clear", "clean", "cleanup", "wipe", "prune", "truncate", "unset"}, strings.ToLower(r.Verb))
}

// Read reads a method's name. Nouns are the names of what the interface stores: a name may begin with one of them, as
// UserCreate does.
func Read(name string, nouns []string) Reading {
	words := text.Camel(name)
	if r, ok := read(words); ok {
		return r
	}
	if len(words) > 1 && slices.Contains(quantities, strings.ToLower(words[0])) {
		if r, ok := read(words[1:]); ok {
			r.Many = true
			return r
		}
		return Reading{Verb: words[0], Noun: words[1:], Many: true}
	}
	if n := nounAhead(words, nouns); n > 0 {
		if r, ok := read(words[n:]); ok && r.Kind != plan.Lifecycle {
			r.First = words[:n]
			return r
		}
	}
	if r, ok := inner(words); ok {
		return r
	}
	r := Reading{}
	if len(words) > 0 {
		r.Noun = words[1:]
	}
	return r
}

// inner finds the first verb that stands behind other words. What stands in a clause is none, and neither is a bare adjective.
func inner(words []string) (Reading, bool) {
	for n := 1; n < len(words); n++ {
		word := strings.ToLower(words[n])
		if slices.Contains(clauses, word) {
			return Reading{}, false
		}
		r, ok := read(words[n:])
		if ok && r.Kind != 0 && r.Kind != plan.Lifecycle && word != "new" && word != "all" && word != "is" {
			r.First, r.Inner = words[:n], true
			return r, true
		}
	}
	return Reading{}, false
}

// read matches the beginning of a name with the rules.
func read(words []string) (Reading, bool) {
	lower := make([]string, len(words))
	for i, word := range words {
		lower[i] = strings.ToLower(word)
	}
	for _, rule := range rules {
		for pattern := range strings.SplitSeq(rule.verbs, "|") {
			n := match(lower, pattern)
			if n == 0 {
				continue
			}
			return Reading{
				Kind: rule.kind, Trait: rule.trait, Verb: strings.Join(words[:n], ""), Noun: words[n:],
				Twice: rule.kind == plan.Read && contradicted(lower[n:]),
			}, true
		}
	}
	return Reading{}, false
}

// match returns how many words of a name a pattern takes, 0 where it doesn't match.
func match(words []string, pattern string) int {
	entire, exact := strings.CutPrefix(pattern, "=")
	n := 0
	for want := range strings.SplitSeq(entire, " ") {
		if n == len(words) || words[n] != want {
			return 0
		}
		n++
	}
	if exact && n != len(words) {
		return 0
	}
	return n
}

// nounAhead is how many words of a name a noun takes that the name begins with; the longest noun counts.
func nounAhead(words []string, nouns []string) int {
	longest := 0
	for _, noun := range nouns {
		n := len(text.Camel(noun))
		if n == 0 || n >= len(words) || n <= longest {
			continue
		}
		said := strings.Join(words[:n], "")
		if text.SameName(said, noun) || text.SameName(text.Singular(said), noun) {
			longest = n
		}
	}
	return longest
}

// contradicted reports whether a read's name goes on with another verb: ListAndLock, CountThenReset. A noun in the plural, a
// participle (GetRevokedAndExpired), and what stands in a clause, is none.
func contradicted(rest []string) bool {
	for i, word := range rest {
		if slices.Contains(clauses, word) {
			return false
		}
		if i > 0 && (rest[i-1] == "and" || rest[i-1] == "then") && !strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ed") {
			return true
		}
	}
	return false
}

// Writes returns the words of a read's name after its verb that are verbs of writes: Delete of QueryDelete. Words of a
// clause count too, since ForUpdate locks.
func Writes(r Reading) []string {
	var found []string
	for i, word := range r.Noun {
		lower := strings.ToLower(word)
		if i > 0 && slices.Contains(clauses, strings.ToLower(r.Noun[i-1])) && !strings.EqualFold(r.Noun[i-1], "for") {
			continue
		}
		if isWrite(lower) {
			found = append(found, word)
		}
	}
	return found
}

// isWrite reports whether a word alone is the verb of a write.
func isWrite(word string) bool {
	for _, rule := range rules {
		if rule.kind != plan.Write {
			continue
		}
		for pattern := range strings.SplitSeq(rule.verbs, "|") {
			if pattern == word {
				return true
			}
		}
	}
	return false
}
