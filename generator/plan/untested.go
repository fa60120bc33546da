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
		if m.Kind == Read && m.Entity != nil && m.Key.Form == KeyNone {
			list = append(list, "law read-of-its-entity untested of "+m.Name+": it reads no single entity")
		}
	}
	return list
}
