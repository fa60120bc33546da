package plan

// Lack says what keeps an entity from being copied, or "": a kind that lacks something is not repaired, backfilled or verified.
func (e *Entity) Lack() string {
	switch {
	case e.Get == nil:
		return "no get"
	case e.Put == nil:
		return "no put"
	case e.Delete == nil:
		return "no delete"
	}
	return ""
}

// Untested names what the conformance suite cannot test of a repository, for explain: "laws put-then-get, … untested of Event: no put".
func (r *Repository) Untested() []string {
	var list []string
	for _, e := range r.Entities {
		switch lack := e.Lack(); {
		case lack != "":
			list = append(list, "laws put-then-get, put-over, key-kept, delete-then-get, scan-complete and mirror-reconciled untested of "+e.Name+": "+lack)
		case e.Scan == nil:
			list = append(list, "laws scan-complete and mirror-reconciled untested of "+e.Name+": no scan")
		}
	}
	for _, m := range r.Methods {
		list = append(list, m.untested()...)
	}
	for _, s := range r.Subs {
		switch {
		case s.Of == nil: // it was reported
		case s.Of.HandsOutOnly() || len(s.Of.Subs) > 0:
			list = append(list, "law hands-out-its-own untested of "+s.Method.Name+": what it hands out hands out repositories itself")
		case !s.Beside(r) || s.Of.Output.TestFile == "":
			list = append(list, "laws hands-out-its-own, commit-keeps and rollback-undoes untested of "+s.Method.Name+": the conformance test of what it hands out is not in this package")
		}
	}
	return list
}

// untested is what the suite cannot test of a method.
func (m *Method) untested() []string {
	switch {
	case m.Kind == Lifecycle:
		return []string{"laws answers-alike and wrapper-alike untested of " + m.Name + ": it is called on both stores, as the phase test tries"}
	case m.Kind == Primary || m.Mirror == Skip && m.Kind == Write:
		return []string{"laws write-within-keys, answers-alike and wrapper-alike untested of " + m.Name + ": it is never mirrored"}
	case m.Kind == Read && m.Entity != nil && m.Key.Form == KeyNone:
		return []string{"law read-of-its-entity untested of " + m.Name + ": it reads no single entity"}
	}
	return nil
}
