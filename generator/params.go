package generator

import "slices"

// sourceName is a parameter's name as the user wrote it, "" for none.
func (d *decision) sourceName(i int) string {
	if name := d.Sig.Params().At(i).Name(); name != "_" {
		return name
	}
	return ""
}

// nameOf is the name that a directive and a message call a parameter by: the user's, who does not know that the wrapper's
// gives way to another name of the package, else ours.
func (d *decision) nameOf(i int) string { return d.Params[i].Said }

// calls reports whether a directive's word means a parameter. It may be the wrapper's name, which explain shows, if the user
// calls no other parameter so.
func (d *decision) calls(i int, name string) bool {
	return d.nameOf(i) == name || d.Params[i].Name == name && !slices.Contains(d.paramNames(), name)
}

// paramCalled is the index of the parameter that a directive's word means, or -1.
func (d *decision) paramCalled(name string) int {
	for i := range d.Params {
		if d.calls(i, name) {
			return i
		}
	}
	return -1
}

// paramNames are the names of a method's parameters as the user wrote them.
func (d *decision) paramNames() []string {
	var names []string
	for _, i := range d.nonContext() {
		if name := d.sourceName(i); name != "" {
			names = append(names, name)
		}
	}
	return names
}
