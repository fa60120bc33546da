// Package corpus holds dualgen against repository interfaces of other open-source projects. Each directory below wraps the
// interfaces of one project by naming them; corpus.txt in it records what every method does, checked by hand against the
// project's own documentation and code. The directories below refused hold interfaces that cannot be wrapped as they are, with
// the diagnostics that say so.
//
// What dualgen decides must equal the records. What it generates is compiled, vetted and run. It is not kept here.
package corpus
