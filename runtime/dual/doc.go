// Package dual runs a migration from one store to another inside a service: generated wrappers call it, and it decides by
// the phase which store answers, which stores are written, and what becomes of a write that reached only one.
//
// # Phases
//
// A migration walks a chain of six phases, one step at a time, forward or back. In each, one store is the primary: it
// alone decides what the caller gets. The other one is the mirror.
//
//	phase       reads                                    writes                 primary
//	OldOnly     old                                      old                    old
//	OldPrimary  old                                      old, mirrored to new   old
//	OldGuarded  old; an unclean key: its own primary     old, mirrored to new   old
//	NewGuarded  new; an unclean key: its own primary     new, mirrored to old   new
//	NewPrimary  new                                      new, mirrored to old   new
//	NewOnly     new                                      new                    new
//
// A key is unclean from the moment a mirrored write begins until both stores are known to agree on it; package journal
// keeps those keys. An unclean key has a primary of its own, the one under which it turned unclean, and every instance
// follows it: that is what keeps reads and writes of one key linearizable while the fleet crosses from OldGuarded to
// NewGuarded.
//
// In OldOnly, a cutoff (Settings.Cutoff) may divide the keys that have a time of their own: those before it are old's, later
// ones new's. A call on a key further ahead than the lead is refused, with ErrAhead: that is what lets the fleet learn of a
// cutoff one instance after the other.
//
// # What a write's error means
//
//   - nil: the primary has the write. The mirror has it too, or the key is unclean and will be copied.
//   - The primary's own error, as it is: what it means in that store. The key is unclean, since an error may hide an
//     effect, unless the method's NoEffect says that it hides none. A store that refuses a write for what it is (a violated
//     constraint, a malformed key) has answered: the key is compared, and copied where it differs, before the call returns.
//   - ErrUnknown: the primary took the write, but this instance's lease ran out meanwhile, or its token was taken away.
//     The write may stay or vanish, as with a commit whose answer was lost.
//   - Any other error of this package, in a *CallError: nothing was done.
//
// The mirror's errors, panics and delays never reach the caller as errors. An inline mirror write costs the caller its
// time, at most MirrorTimeout and an eighth; a mirror that hangs again and again is left alone for a while. It runs under a context that keeps the caller's values but not its end.
//
// A panic of the primary goes on through the caller, after the key was marked; a panic of the mirror is a failure.
//
// # When something is down
//
// The journal: writes in OldPrimary and NewPrimary go on without it, the mirror is attempted, and the proof that the
// stores agree is void: a verify pass is owed before the guarded phases. Should this instance die before it could store
// that in the control store either, the void is lost with it: run a verify pass after such a crash. In OldGuarded and
// NewGuarded, calls are refused with ErrJournalUnavailable. OldOnly and NewOnly need no journal.
//
// The control store: calls go on in the last phase until the lease runs out, then they are refused with ErrLeaseLost,
// for the fleet may go on without this instance; Config.OnLeaseLost changes that. A control store in this process's
// memory needs no lease.
//
// An instance that has seen no phase yet refuses calls with ErrNotReady. Use Migration.Ready as readiness check.
//
// # Events
//
// These go to Config.Logger, with the attributes "migration" and "instance" and those named here. They are stable. No
// event holds keys or values. A command does not log the phase that it finds when it begins: it does so each time that it is run.
//
//	dualgen phase changed       phase, from, epoch, mirror, compare, freeze, fallback and cutoff (where there is one)
//	dualgen epoch acknowledged  phase, epoch
//	dualgen lease lost
//	dualgen lease regained
//	dualgen mirror failed       method, kind, mirror, error, suppressed, stack (of a panic); at most one a second and method
//	dualgen mirror paused       mirror, error; when it hangs, see Config.MirrorPatience
//	dualgen journal failed      method, error, suppressed; at most one a second and method
//	dualgen control failed      error; when it changes
//	dualgen key untold          method, kind; the store did not say which key it made: verify --repair finds the entity
//	dualgen turns failed        error; keys that are written all the time are not looked for, see docs/phases.md
//	dualgen mismatch            method, kind, paths
//	dualgen canary breached     why, error; the canary is set to 0 where there is no error
package dual
