package generator

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// trait is what a verb says of a write beyond its being one.
type trait uint8

const (
	plain   trait = iota // changes something, we do not know how much of it
	whole                // stores the whole entity, whether it is there or not
	creates              // stores a new entity, and may refuse one that is there
	updates              // stores an entity that is there
	removes              // removes entities
	takes                // removes an entity and returns it, or chooses one itself
)

// verbRule says what a method does whose name begins with certain words. The first rule that matches wins.
type verbRule struct {
	kind  plan.Kind
	trait trait
	// verbs are sequences of words, in lower case, separated by spaces. One that begins with = is the whole name.
	verbs string
}

// verbRules are ordered: longer and more special verbs stand above those that they begin with. What is not in it is not
// guessed.
func verbRules() []verbRule {
	return []verbRule{
		{plan.Lifecycle, plain, "=close|=shutdown|=ping|=start|=stop|=open|=connect|=disconnect|=health|=healthcheck|=health check|=check health|=ready|=init|=initialize|=setup|=migrate"},

		// Reads that change something: the second half decides.
		{plan.Write, plain, "get or|find or|load or|fetch or|read or|lookup or|select or"},
		{plan.Write, takes, "get and|find and|load and|fetch and|read and|lookup and|select and|swap"},
		{plan.Write, plain, "compare and|check and|test and"},
		{plan.Write, plain, "get next|find next id|next id"},
		{plan.Read, plain, "get last|get first"},
		{0, plain, "read write|get lock|get token for|query row and|read lock|read unlock|load balance"},

		{plan.Read, plain, "get|find|fetch|lookup|look up|read|load|retrieve|select|query|show|describe|view|peek|inspect|obtain"},
		{plan.Read, plain, "list|search|scan|iterate|iter|all|each|for each|foreach|walk|range|browse|filter|enumerate"},
		{plan.Read, plain, "=name|=location|=version|=info|=attributes|=labels|=keys|=values|=username"},
		{plan.Read, plain, "count|exists|exist|has|have|is|are|contains|includes|can|len|length|size|stat|stats|sum|total|num"},

		{plan.Write, whole, "save|put|upsert|store|set|write|create or update|create or replace|insert or update|insert or replace|add or update|replace or insert|update or insert|update or create"},
		{plan.Write, creates, "create|insert|add|register|new"},
		{plan.Write, updates, "update|replace|overwrite"},
		{plan.Write, removes, "delete|remove|destroy|erase|purge|drop|evict|unset|del|forget|wipe|prune|clear|clean|cleanup|garbage collect|gc|truncate|unregister|deregister"},
		{plan.Write, takes, "pop|dequeue|take|claim|shift|consume"},
		{plan.Write, plain, "modify|edit|change|rename|move|patch|append|prepend|push|enqueue|increment|incr|inc|decrement|decr|dec|increase|decrease|mutate|adjust"},
		{plan.Write, plain, "grant|revoke|assign|unassign|attach|detach|link|unlink|enable|disable|activate|deactivate|mark|unmark|touch|expire|archive|unarchive|restore|publish|unpublish|record|import|reset|rotate|merge|bump|bulk|batch|toggle|promote|demote|approve|reject|suspend|resume|cancel|complete|finish|invalidate|renew|extend|associate|dissociate|disassociate|subscribe|unsubscribe|transfer|sync|apply|commit"},
	}
}

// classifyVerb finds the rule for a method's name. ok is false where no rule matches, or where the name says two things.
func classifyVerb(name string) (rule verbRule, verb string, ok bool) {
	words := text.Camel(name)
	lower := make([]string, len(words))
	for i, word := range words {
		lower[i] = strings.ToLower(word)
	}
	for _, rule := range verbRules() {
		for pattern := range strings.SplitSeq(rule.verbs, "|") {
			if n := matchVerb(lower, pattern); n > 0 {
				return rule, strings.Join(words[:n], ""), rule.kind != 0 && !contradicted(rule, words[n:])
			}
		}
	}
	return verbRule{}, "", false
}

// matchVerb returns how many words of a name, which are in lower case, a pattern takes, 0 if it does not match.
func matchVerb(words []string, pattern string) int {
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

// clauses begin the part of a name that says by what something is found: FindByNameAndEmail.
var clauses = []string{"by", "for", "with", "in", "of", "where", "from", "between"}

// contradicted reports whether a read's name goes on with something that may be another verb: ListAndLock, CountThenReset.
// What stands in a clause, and a noun in the plural, is none.
func contradicted(rule verbRule, rest []string) bool {
	if rule.kind != plan.Read {
		return false
	}
	for i, word := range rest {
		if slices.Contains(clauses, strings.ToLower(word)) {
			return false
		}
		if i > 0 && slices.Contains([]string{"and", "then"}, strings.ToLower(rest[i-1])) && !strings.HasSuffix(word, "s") {
			return true
		}
	}
	return false
}
