package owner

import "errors"

// ErrForgot: a renewal found that the journal holds less than this process stored in it, as one does that was put back from a copy.
// The lease is renewed, and the journal's incarnation is another one.
var ErrForgot = errors.New("dualgen: the journal lost what it held: its database was put back to an earlier state; verify before the next step")
