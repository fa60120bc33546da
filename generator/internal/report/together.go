package report

import "path/filepath"

// together asks once, about all of them, what is asked alike about several interfaces of a package: where the first one stands.
func together(all []Diagnostic) []Diagnostic {
	var asked []Diagnostic
	of := map[int][]string{} // by the index in asked
next:
	for _, d := range all {
		for i, e := range asked {
			if sameQuestion(e, d) {
				of[i] = append(of[i], d.Of)
				asked[i].What, asked[i].Remedy = e.Ask(of[i])
				continue next
			}
		}
		of[len(asked)] = []string{d.Of}
		asked = append(asked, d)
	}
	return asked
}

// sameQuestion reports whether two diagnostics ask the same about two interfaces of a package.
func sameQuestion(a, b Diagnostic) bool {
	if a.Ask == nil || b.Ask == nil || a.Of == b.Of || filepath.Dir(a.Pos.Filename) != filepath.Dir(b.Pos.Filename) {
		return false
	}
	what, remedy := a.Ask([]string{""})
	otherWhat, otherRemedy := b.Ask([]string{""})
	return what == otherWhat && remedy == otherRemedy
}
