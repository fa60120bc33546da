package corpus

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// level says how sure dualgen is of a decision.
type level int

// The levels, the surest first.
const (
	certain level = iota // nobody is asked to look at it
	likely               // it is proposed, and somebody must look
	asked                // it is a question
)

// verdict is what dualgen decides about a method.
type verdict struct {
	name     string
	level    level
	class    string
	entities []string // nil if it is not said
	key      string
	mirror   string // replay, copy, skip or ""
	compared string // yes, no or "" if it is not said
}

// faults are the contradictions between a verdict and a label: "decided | right". kinds counts the interface's kinds of entities: what
// the only one is called is nobody's concern.
func (m *methodLabel) faults(v verdict, kinds int) []string {
	var all []string
	fault := func(what, decided string, right []string) {
		all = append(all, fmt.Sprintf("%s %s | %s", what, decided, strings.Join(right, " or ")))
	}
	if !slices.ContainsFunc(m.class, func(right string) bool { return sameClass(v.class, right) }) {
		fault("", v.class, m.class)
	}
	if v.class == "lifecycle" || v.class == "primary" {
		return all
	}
	if v.entities != nil && kinds > 1 && !slices.ContainsFunc(m.entities, func(right string) bool { return covers(v.entities, right) }) {
		fault("entity", strings.Join(v.entities, ","), m.entities)
	}
	if v.key != "" && !slices.ContainsFunc(m.key, func(right string) bool { return sameKey(v.key, right, v.class != "read") }) {
		fault("key", v.key, m.key)
	}
	if v.mirror == "replay" && !slices.Contains(m.replayable, "yes") && !slices.Contains(m.replayable, "either") {
		fault("mirror", v.mirror, []string{"no replay"})
	}
	if v.mirror == "skip" && !slices.Contains(m.mirrored, "no") {
		fault("mirror", v.mirror, []string{"mirrored"})
	}
	return all
}

// noisy reports whether results are compared that two stores need not have alike. That is no silent fault: it is reported as a
// difference.
func (m *methodLabel) noisy(v verdict) bool {
	return v.compared == "yes" && !slices.Contains(m.comparable, "yes") && !slices.Contains(m.comparable, "either")
}

// sameClass compares classes. A delete is a write: what becomes of the entity is seen when it is copied.
func sameClass(a, b string) bool {
	return a == b || a == "delete" && b == "write" || a == "write" && b == "delete"
}

// covers reports whether entities have every one of those that are right, a list with commas; * stands for any.
func covers(decided []string, right string) bool {
	if right == "*" || right == "-" && len(decided) == 0 {
		return true
	}
	for name := range strings.SplitSeq(right, ",") {
		if !slices.ContainsFunc(decided, func(d string) bool { return sameName(d, name) }) {
			return false
		}
	}
	return true
}

// sameKey compares a key with one that is right. Every entity of a kind is more than one: nothing is lost by that. A key that is
// read after a write is the one that the write was given, or better.
func sameKey(decided, right string, write bool) bool {
	if decided == "none" || strings.HasPrefix(decided, "list") && right == "none" {
		return true
	}
	if decided == "result" {
		return write && right != "none" && right != "-"
	}
	if plain, out := strings.CutPrefix(decided, "out_"); out {
		decided = plain
		right = strings.TrimPrefix(right, "out_")
	}
	plain, each := strings.CutPrefix(decided, "each_")
	plainRight, eachRight := strings.CutPrefix(right, "each_")
	if each != eachRight {
		return false
	}
	have, want := strings.Split(plain, ","), strings.Split(plainRight, ",")
	return slices.EqualFunc(have, want, samePath)
}

// samePath compares the path of a key's part with one that is right: *, *.ID or id.
func samePath(decided, right string) bool {
	decided, right = plainPath(decided), plainPath(right)
	if head, tail, found := strings.Cut(right, "."); found && (head == "*" || head == "_") {
		_, after, _ := strings.Cut(decided, ".")
		return after == tail
	}
	return right == "*" && !strings.Contains(decided, ".") || decided == right
}

// plainPath is a path in small letters, with fields for getters, without the numbers that parameters get.
func plainPath(path string) string {
	parts := strings.Split(strings.ToLower(path), ".")
	for i, part := range parts {
		if getter, ok := strings.CutSuffix(part, "()"); ok {
			part = strings.TrimPrefix(getter, "get")
		}
		parts[i] = numbers.ReplaceAllString(part, "$1")
	}
	return strings.Join(parts, ".")
}

// numbers are those of parameters that have no name.
var numbers = regexp.MustCompile(`([a-z])[0-9]+`)
