// Package proved is the record that a run of the conformance suite over real stores leaves beside its test: what was proved, law
// by law, and of which sources. The suite writes it, and dualgen check -proved holds it to what the sources are now.
package proved
