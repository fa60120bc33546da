package verb

import "github.com/dualgen/dualgen/internal/plan"

// Trait is what a verb says of a write beyond its being one.
type Trait uint8

// The traits.
const (
	Plain   Trait = iota // changes something, and does not say how much of it
	Whole                // stores the whole entity, whether it is there or not
	Creates              // stores a new entity, and may refuse one that is there
	Updates              // stores an entity that is there
	Removes              // removes entities
	Takes                // removes an entity and returns it, or chooses one itself
	Revives              // brings back what a delete has hidden
)

// rule says what a method does whose name begins with certain words. The first rule that matches decides.
type rule struct {
	kind  plan.Kind
	trait Trait
	// verbs are sequences of words in lower case, separated by spaces. A sequence that begins with = is the whole name.
	verbs string
}

// rules are ordered: longer and more special verbs stand above those that they begin with. A verb that isn't listed
// decides nothing.
var rules = []rule{
	{plan.Lifecycle, Plain, "=close|=shutdown|=ping|=start|=stop|=open|=connect|=disconnect|=health|=healthcheck|=health check|=check health|=ready|=init|=initialize|=setup|=migrate"},

	// Reads that change something: the second half decides.
	{plan.Write, Plain, "get or|find or|load or|fetch or|read or|lookup or|select or"},
	{plan.Write, Takes, "get and|find and|load and|fetch and|read and|lookup and|select and|swap"},
	{plan.Write, Plain, "compare and|check and|test and"},
	{plan.Write, Plain, "get next|find next id|next id"},
	{plan.Read, Plain, "get last|get first"},
	{0, Plain, "read write|get lock|get token for|query row|read lock|read unlock|load balance"},

	{plan.Read, Plain, "get|find|fetch|lookup|look up|read|load|retrieve|select|query|show|describe|view|peek|inspect|obtain"},
	{plan.Read, Plain, "list|search|scan|iterate|iter|all|each|for each|foreach|walk|range|browse|filter|enumerate"},
	{plan.Read, Plain, "=name|=location|=version|=info|=attributes|=labels|=keys|=values|=username"},
	{plan.Read, Plain, "count|exists|exist|has|have|is|are|contains|includes|can|len|length|size|stat|stats|sum|total|num"},

	{plan.Write, Whole, "save|put|upsert|store|set|write|create or update|create or replace|insert or update|insert or replace|add or update|replace or insert|update or insert|update or create"},
	{plan.Write, Creates, "create|insert|add|register|new"},
	{plan.Write, Updates, "update|replace|overwrite"},
	{plan.Write, Removes, "delete|remove|destroy|erase|purge|drop|evict|unset|del|forget|wipe|prune|clear|clean|cleanup|garbage collect|gc|truncate|unregister|deregister"},
	{plan.Write, Takes, "pop|dequeue|take|claim|shift|consume"},
	{plan.Write, Revives, "restore|undelete|unarchive|unremove|recover|reinstate|revive|resurrect|unhide"},
	{plan.Write, Plain, "modify|edit|change|rename|move|patch|append|prepend|push|enqueue|increment|incr|inc|decrement|decr|dec|increase|decrease|mutate|adjust"},
	{plan.Write, Plain, "grant|revoke|assign|unassign|attach|detach|link|unlink|enable|disable|activate|deactivate|mark|unmark|touch|expire|archive|publish|unpublish|record|import|reset|rotate|merge|bump|toggle|promote|demote|approve|reject|suspend|resume|cancel|complete|finish|invalidate|renew|extend|associate|dissociate|disassociate|subscribe|unsubscribe|transfer|sync|apply|commit"},
}

// quantities are words that say how many are concerned and not what is done: BatchGet reads, BulkDelete removes.
var quantities = []string{"batch", "bulk", "multi", "mass", "many"}

// clauses begin the part of a name that says by what something is found: FindByNameAndEmail.
var clauses = []string{"by", "for", "with", "in", "of", "where", "from", "between"}
