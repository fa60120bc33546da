// Package journal keeps the keys that may differ between the two stores.
//
// A key without an entry is clean: both stores agree on it. A write takes a token on its key before it touches a store
// and gives it up when both stores have it; a failure leaves the key dirty, and a reconciler copies it later. While a
// key is unclean, its entry says which store is its primary, and every writer and guarded reader of that key follows
// the entry, whatever phase its own instance is in: that is what keeps a cutover linearizable.
package journal

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Key names one entity, or all entities of a kind.
type Key struct {
	Kind string // the entity's kind, such as "User"
	ID   string // the entity's own key, encoded; empty where Whole
	// Whole stands for every entity of the kind. It is unclean after a write whose keys are not known.
	Whole bool
}

// String writes the key for people, in one line: "User/42", or "User/*" for the whole kind. An ID with something in it that
// does not print, or a backslash, is escaped as in a Go string.
func (k Key) String() string {
	if k.Whole {
		return k.Kind + "/*"
	}
	if strings.ContainsFunc(k.ID, unprintable) || !utf8.ValidString(k.ID) {
		quoted := strconv.Quote(k.ID)
		return k.Kind + "/" + quoted[1:len(quoted)-1]
	}
	return k.Kind + "/" + k.ID
}

func unprintable(r rune) bool { return r == '\\' || !strconv.IsPrint(r) }

// Token is one attempt's claim on a key. It is given up once, by End or Fail.
type Token struct {
	ID      uint64      // unique within the journal
	Owner   string      // the instance that holds it
	Primary phase.Store // the store that decides for this key until it is clean: adopt it

	at uint32 // where a Memory found the key, so that it need not hash it again; 0 for not known
}

// Entry is the state of an unclean key.
type Entry struct {
	Key         Key
	Primary     phase.Store   // which store is right
	Active      int           // tokens held by calls and copies in flight
	Dirty       bool          // the stores may differ once no token is active
	Idle        time.Duration // that Settled is while no token is active; 0 while one is
	Settled     time.Duration // since the last attempt of unknown outcome, by the journal's own clock
	Seq         Seq           // of the last activity
	Attempts    int           // failed copies since the last good one
	Quarantined bool          // no longer retried; blocks advancing
	Cause       string        // of the last failed copy
}

// Seq orders what happens in a journal. A completed Begin, End or MarkDirty has a greater Seq than every Seq that was
// handed out before it began.
type Seq uint64

// Counts sums up a journal. The counts of all kinds are the sum of those of each.
type Counts struct {
	Active      int    // entries with a token held
	Dirty       int    // entries that wait for a copy, quarantined ones included
	Quarantined int    // entries that are no longer retried
	Primary     [2]int // unclean entries by their primary, indexed by phase.Store
	// More says that not all were counted: there are at least so many of each. What is 0 is none all the same.
	More bool `json:",omitempty"`
}

// Text writes one of the numbers for people: "12", or "at least 12".
func (c Counts) Text(n int) string {
	if c.More && n > 0 {
		return "at least " + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// Unclean is the number of keys that are not clean.
func (c Counts) Unclean() int { return c.Primary[phase.Old] + c.Primary[phase.New] }

// Query narrows a listing of unclean keys. The zero value lists all.
type Query struct {
	Kind        string        // only this kind; empty for all
	Copyable    bool          // only dirty, without active token, not quarantined
	Quarantined bool          // only quarantined
	IdleFor     time.Duration // only entries without active token whose last attempt of unknown outcome is so long ago
	SettledFor  time.Duration // only dirty entries of which that is so, with an active token or without
	Limit       int           // at most so many; 0 for 1,000
}

// Journal is a linearizable table of unclean keys. Implementations are safe for concurrent use, and every method's
// effect is atomic. A method that returns an error may or may not have had its effect.
type Journal interface {
	// Begin takes a token on key. A clean key gets an entry with the given primary; an unclean key keeps its entry, and
	// the token carries that entry's primary. If another token is active on the key, the entry turns dirty (overlap). A
	// clean key whose whole kind is unclean gets an entry with the kind's primary.
	//
	// A whole kind overlaps each of its keys: a token on a key while one is active on its kind makes the key dirty, and a
	// token on a kind makes each key of the kind dirty that has a token. Two tokens on a whole kind do not make it dirty:
	// whoever wrote keys that it cannot name ends its token unclean. Begin of a whole kind returns ErrConflict while keys
	// of the kind are unclean with the other primary than the one the kind would get.
	Begin(ctx context.Context, owner string, key Key, primary phase.Store) (Token, error)
	// BeginMany takes a token on each key, all or none, and all with one primary: that of the entries that exist (their
	// own or their whole kind's), else the given one. It returns ErrConflict while existing entries disagree. Keys must be
	// distinct.
	BeginMany(ctx context.Context, owner string, keys []Key, primary phase.Store) ([]Token, error)
	// End gives a token up. Unless clean, the key turns dirty. An entry that is not dirty and has no active token
	// disappears. End returns ErrTokenLost if the token was not there. If the key has an entry, that is dirty then. If it
	// has none, End makes none: the token may be older than the phase, its primary no longer right, and an entry with the
	// wrong primary would copy old values over new ones. The caller marks the key once it knows the phase again.
	End(ctx context.Context, key Key, token Token, clean bool) error
	// EndMany ends each key's token; tokens[i] belongs to keys[i]. A lost one does not keep the others from ending; it
	// returns ErrTokenLost if any was lost.
	EndMany(ctx context.Context, keys []Key, tokens []Token, clean bool) error
	// Lookup returns the key's entry. If the key has none but its whole kind has, it returns the kind's.
	Lookup(ctx context.Context, key Key) (Entry, bool, error)

	// MarkDirty makes the keys dirty; those without an entry get one with the primary of their whole kind's entry, else
	// with the given one. It lifts a quarantine. For a whole kind it returns ErrConflict where Begin would, and marks none.
	MarkDirty(ctx context.Context, keys []Key, primary phase.Store) error
	// BeginCopy takes a token for a copy if the key is dirty, has no active token and the last attempt of unknown outcome is idle
	// ago (the settle window: a listing may be old by now, and another copy may have timed out since), and clears dirty, so
	// that a writer that overlaps sets it again. An attempt's outcome is unknown if its token was ended unclean or by Fail, or
	// was taken away, or if the key was marked. A call that ends clean, and two that overlap, leave nothing behind that could come
	// late, and begin no window but the key's first: a key that is written all the time settles. It returns false if there is nothing to copy now, or while a token is active on the
	// key's whole kind. Of a whole kind it overlaps the kind's keys as Begin does. A quarantined key is not copied unless
	// asked for by MarkDirty, which lifts the quarantine. A copy's End with clean forgets the failed attempts.
	BeginCopy(ctx context.Context, owner string, key Key, idle time.Duration) (Token, bool, error)
	// Fail ends a copy's token as failed: the key is dirty again, the attempt is counted and the cause kept; after
	// quarantineAfter attempts (if above 0) the key is quarantined. It returns ErrTokenLost as End does, and counts nothing
	// then.
	Fail(ctx context.Context, key Key, token Token, cause string, quarantineAfter int) error
	// Unclean lists entries, oldest activity first.
	Unclean(ctx context.Context, query Query) ([]Entry, error)
	// Counts sums up the entries of a kind, or of all kinds if kind is empty.
	Counts(ctx context.Context, kind string) (Counts, error)

	// Track makes the journal remember the keys that turn clean, until Untrack of the same name, and returns the Seq from
	// which Activity is complete. Tracking again under the same name keeps what is remembered. It survives the process
	// where the journal does.
	Track(ctx context.Context, name string) (Seq, error)
	// Untrack ends what Track began.
	Untrack(ctx context.Context, name string) error
	// Seq returns the present sequence.
	Seq(ctx context.Context) (Seq, error)
	// Activity returns the keys of a kind that had a token or were marked since then, those active now included. It is
	// complete only under Track, for a since that Track or a later Seq returned.
	Activity(ctx context.Context, kind string, since Seq) ([]Key, error)

	// Renew keeps an owner's tokens for another ttl. An owner that never renewed has no lease, and keeps its tokens.
	// A journal that finds that it was put back from a copy returns ErrForgot.
	Renew(ctx context.Context, owner string, ttl time.Duration) error
	// Expire takes away the tokens of owners whose lease ran out; their keys turn dirty. It returns how many keys. Tokens
	// that such an owner takes later without a new lease are taken away too.
	Expire(ctx context.Context) (int, error)
	// Incarnation names the journal's memory: it changes when entries may have been lost (an in-memory journal after a
	// restart). A parity certificate of another incarnation is void.
	Incarnation(ctx context.Context) (string, error)
}

// Errors that callers tell apart.
var (
	// ErrConflict: the keys of one write are unclean with different primaries. It passes once the reconciler copied them.
	ErrConflict = errors.New("dualgen: keys of one write are unclean in opposite directions")
	// ErrKeyTooLong: the journal cannot hold a key of that length. Nothing was done.
	ErrKeyTooLong = errors.New("dualgen: the key is too long for the journal")
	// ErrTokenLost: the token was taken away, because its owner's lease ran out. The write's outcome is unknown to others.
	ErrTokenLost = errors.New("dualgen: journal token was taken away: the instance's lease ran out during the call")
	// ErrForgot: the journal holds less than this process stored in it, as one does that was put back from a copy. Renew returns it
	// after it has renewed the lease; the journal's incarnation is another one then.
	ErrForgot = errors.New("dualgen: the journal lost what it held: its database was put back to an earlier state; verify before the next step")
)
