// Package control holds what the instances of a service agree on: the flag record with the phase, who is alive, and the
// coordinator that moves the fleet one step at a time.
package control

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Record is the flag record of one migration: what the fleet should do. It is replaced as a whole by compare-and-swap.
type Record struct {
	// Revision counts every change of the record. 0 means that there is no record yet.
	Revision uint64 `json:"revision"`
	// Epoch counts the changes of phase and settings; instances acknowledge epochs.
	Epoch    uint64         `json:"epoch"`
	Phase    phase.Phase    `json:"phase,omitempty"`
	Settings phase.Settings `json:"settings"`
	// MirroredSince is the epoch in which the fleet last entered the mirrored phases from a single-store phase. What was
	// copied or proved before it counts for nothing.
	MirroredSince uint64 `json:"mirroredSince"`
	// MirroredFrom is the store that alone was written before MirroredSince: backfills copy from it.
	MirroredFrom phase.Store `json:"mirroredFrom,omitempty"`
	// Journal is the journal's incarnation when the fleet entered the guarded phases. Crossed says that it has stepped
	// between OldGuarded and NewGuarded since: unclean keys may have either store for their primary, and a journal that
	// forgot them (another incarnation) leaves nobody who knows which.
	Journal string `json:"journal,omitempty"`
	Crossed bool   `json:"crossed,omitempty"`
	// Kinds are the entity kinds that instances ever reported; each needs a backfill and a certificate, unless it is one of
	// Abandoned. Forget takes a kind away.
	Kinds []string `json:"kinds,omitempty"`
	// Abandoned are the kinds that an operator gave up by name (Step.Abandon) since MirroredSince: nothing can copy them, and
	// what the store that is left holds of them may be lost.
	Abandoned []string `json:"abandoned,omitempty"`
	// Forgotten are the kinds that Forget took away, and that no instance has reported alive since.
	Forgotten []string `json:"forgotten,omitempty"`
	// Stores are the old and the new store that the fleet began to write both of, or that were pinned before that. An
	// instance with others refuses calls. See Pin.
	Stores [2]string `json:"stores,omitzero"`
	// Shapes are the shapes of the kinds under which the fleet entered the guarded phases. Until it is back in the phase of
	// the store it came from, or writes one store again, an instance with another shape of a kind refuses calls: what it
	// reads or writes beyond them was not proved equal.
	Shapes map[string]string `json:"shapes,omitempty"`
	// Proved are the kinds that were known, and proved equal, when reads moved to the other store than MirroredFrom. An
	// instance with another kind refuses calls until they move back: nobody has looked whether that store has its entities.
	Proved []string `json:"proved,omitempty"`
	// Backfills holds the backfill of each entity kind.
	Backfills map[string]Backfill `json:"backfills,omitempty"`
	// Builds holds, by kind, the build that came last to write and copy since MirroredSince, where not all of them knew the same fields. See Join.
	Builds map[string]Build `json:"builds,omitempty"`
	// Certificates holds each entity kind's latest proof of parity.
	Certificates map[string]Certificate `json:"certificates,omitempty"`
	// ParityVoid is set when a write ran without the journal: a verify pass is owed before the next advance. Certify
	// clears it once the certificates of all kinds began after it.
	ParityVoid bool `json:"parityVoid,omitempty"`
	// Voids counts how often parity was voided. A certificate of a smaller count is void.
	Voids uint64 `json:"voids,omitempty"`
	// Served is the time up to which keys may have been served under a longer lead than the present one: no cutoff moves
	// across them.
	Served  time.Time `json:"served,omitzero"`
	Updated time.Time `json:"updated"`
	By      string    `json:"by,omitempty"`  // who made the change, for people
	Why     string    `json:"why,omitempty"` // in the maker's words
	// Trail holds the last changes, at most Trailed, oldest first: who, when, what and why.
	Trail []Change `json:"trail,omitempty"`
}

// Backfill is how far the copy of one entity kind is.
type Backfill struct {
	Epoch    uint64      `json:"epoch"` // MirroredSince when it ran; of another value, it is void
	From     phase.Store `json:"from"`
	Copied   int64       `json:"copied"`
	Complete bool        `json:"complete"`
	Since    time.Time   `json:"since,omitzero"` // only what was stored then or later was copied; zero for all
	// Fence counts the takers of this backfill: whoever finds a greater one than his own has lost it. Holder is the
	// present taker, for people; empty after an orderly stop.
	Fence  uint64 `json:"fence,omitempty"`
	Holder string `json:"holder,omitempty"`
	// Track is the fence of the taker who began at the start of the kind. The name of what the journal remembers for the backfill
	// carries it: whoever completes one backfill does not end what is remembered for the next.
	Track uint64 `json:"track,omitempty"`
	// Ranges divide the kind among processes, each of which holds one at a time; none where one process copies the kind whole. The
	// kind is complete when all of them are done. Fence is then the plan's, and Holder one of those who hold a range.
	Ranges []Range `json:"ranges,omitempty"`
}

// Range is a part of a kind's listing that one process copies: what is listed after a key, up to where the next range begins.
type Range struct {
	After string `json:"after,omitempty"` // the ID of that key; empty for the beginning
	// Fence counts the takers of this range, as Backfill.Fence does those of a kind. Holder is the present taker; of a range that is
	// done, who completed it; empty after an orderly stop.
	Fence    uint64 `json:"fence,omitempty"`
	Holder   string `json:"holder,omitempty"`
	Done     bool   `json:"done,omitempty"`
	Copied   int64  `json:"copied,omitempty"`
	Same     int64  `json:"same,omitempty"` // of Copied: were there before
	Repeated int64  `json:"repeated,omitempty"`
	Failed   int64  `json:"failed,omitempty"`
}

// done is how many of the ranges are.
func (b Backfill) done() (n int) {
	for _, r := range b.Ranges {
		if r.Done {
			n++
		}
	}
	return n
}

// Build is what an instance's program knows of a kind.
type Build struct {
	Shape string `json:"shape"`
	Turn  uint64 `json:"turn"`         // counts how often Shape changed
	By    string `json:"by,omitempty"` // the instance that came first with it
}

// Certificate says that a verify pass found the stores equal.
type Certificate struct {
	Epoch       uint64    `json:"epoch"`       // MirroredSince when it ran; of another value, it is void
	Incarnation string    `json:"incarnation"` // of the journal
	Voids       uint64    `json:"voids"`       // of the record when the pass began; Certify sets it
	Seq         uint64    `json:"seq"`         // of the journal when the pass began
	Compared    int64     `json:"compared"`
	Differed    int64     `json:"differed"`
	Issued      time.Time `json:"issued"`
	// Schemas are those of the old and the new store when the pass began; empty where they are not known.
	Schemas [2]string `json:"schemas,omitzero"`
	// Shape is the kind's in the program that compared: the fields that it knows. Empty where generated code does not say.
	Shape string `json:"shape,omitempty"`
	// Recounted is the share of the key space, 0 to 1, that the pass's second scan could judge.
	Recounted float64 `json:"recounted"`
	// By says who ran the pass; empty where nobody said.
	By string `json:"by,omitempty"`
	// Turn is that of the kind's last build when the pass began; Certify sets it. Mixed names an instance of another build that was there
	// beside the pass: what it copies lacks fields.
	Turn  uint64 `json:"turn,omitempty"`
	Mixed string `json:"mixed,omitempty"`
	// Refuted says who found a key that differed and was clean, after the pass; empty where nobody did.
	Refuted string `json:"refuted,omitempty"`
}

// Instance is one process of the fleet, as it last reported.
type Instance struct {
	ID    string      `json:"id"`
	Acked uint64      `json:"acked"`           // the epoch whose predecessors' calls have all ended here; 0 before the first
	Phase phase.Phase `json:"phase,omitempty"` // of that epoch; 0 before the first
	// Run tells the processes apart that were given one ID, one after the other or by mistake.
	Run string `json:"run,omitempty"`
	// Command says that the process is a command beside the service: gates wait for it, since it may copy, and it does not
	// count where instances are counted.
	Command bool `json:"command,omitempty"`
	// Evicted says that the instance was evicted, and its lease has not run out.
	Evicted bool `json:"evicted,omitempty"`
	// Note says why the instance cannot follow the record, for people; empty where it can.
	Note string `json:"note,omitempty"`
	// Kinds are the entity kinds of its wrappers, sorted.
	Kinds []string `json:"kinds,omitempty"`
	// Shapes says, by kind, which fields the instance knows: dual.Entity.Shape. A kind that is missing does not say.
	Shapes map[string]string `json:"shapes,omitempty"`
	// Loose are those of Kinds that cannot be copied and listed: no backfill moves them, and no verify pass proves them.
	Loose []string `json:"loose,omitempty"`
	// Unlisted are those of Loose that can be copied by their keys all the same: reads of them may fall back.
	Unlisted []string `json:"unlisted,omitempty"`
	// Abandoned are those of Loose that a directive in the source gives up.
	Abandoned []string `json:"abandoned,omitempty"`
	// Reconciles says that it runs a reconciler.
	Reconciles bool `json:"reconciles,omitempty"`
	// Alone says that its control store lives in its process, so that no other instance can have other stores.
	Alone bool `json:"alone,omitempty"`
	// Journal is the incarnation of the journal it writes to; empty until it has reached it.
	Journal string `json:"journal,omitempty"`
	// Stores are the old and the new store, as the instance sees them; empty where it does not know.
	Stores [2]Identity `json:"stores,omitzero"`
	// KeepsLast says that it goes on in its last phase when its lease runs out, so that only its end or an eviction lets
	// the fleet go on without it.
	KeepsLast bool `json:"keepsLast,omitempty"`
	// Timed says that every method that reads or writes tells the time of its keys, so that a cutoff can divide them.
	Timed bool `json:"timed,omitempty"`
	// Live reports whether the lease still ran when the list was read, by the control store's clock. Set by Instances.
	Live bool `json:"live"`
	// Left is what is left of the lease. Negative when it ran out. Set by Instances.
	Left time.Duration `json:"left"`
}

// Same reports whether two reports of one instance say the same.
func (i Instance) Same(other Instance) bool {
	return i.ID == other.ID && i.Run == other.Run && i.Command == other.Command && i.Acked == other.Acked && i.Phase == other.Phase && i.Note == other.Note && i.Journal == other.Journal &&
		i.Stores == other.Stores && i.KeepsLast == other.KeepsLast && i.Timed == other.Timed && i.Reconciles == other.Reconciles &&
		i.Alone == other.Alone && slices.Equal(i.Kinds, other.Kinds) && slices.Equal(i.Loose, other.Loose) && slices.Equal(i.Unlisted, other.Unlisted) &&
		slices.Equal(i.Abandoned, other.Abandoned) && maps.Equal(i.Shapes, other.Shapes)
}

// Clone returns a copy of the instance that shares nothing with it.
func (i Instance) Clone() Instance {
	i.Kinds, i.Loose, i.Abandoned = slices.Clone(i.Kinds), slices.Clone(i.Loose), slices.Clone(i.Abandoned)
	i.Unlisted = slices.Clone(i.Unlisted)
	i.Shapes = maps.Clone(i.Shapes)
	return i
}

// serves reports whether it is an instance of the service whose lease runs, and is renewed.
func (i Instance) serves() bool { return i.Live && !i.Command && !i.Evicted }

// counts reports whether the instance may run calls: its lease runs, or it goes on without one.
func (i Instance) counts() bool { return i.Live || i.KeepsLast }

// has reports whether the instance counts, and has a kind.
func (i Instance) has(kind string) bool { return i.counts() && slices.Contains(i.Kinds, kind) }

// Control is where the record and the fleet live. Implementations are safe for concurrent use.
type Control interface {
	// Load returns the record; a zero Record (Revision 0) if none was ever stored.
	Load(ctx context.Context) (Record, error)
	// Swap stores next with Revision expected+1 if the stored revision is still expected; else ErrConflict.
	Swap(ctx context.Context, expected uint64, next Record) error
	// Watch returns when the stored revision is no longer the given one, or a polling interval has passed, or ctx ended.
	Watch(ctx context.Context, revision uint64) error

	// Renew registers an instance, or renews its lease for ttl from now, and stores what it reports. It returns ErrEvicted
	// if the instance was evicted; it must register under another ID then.
	Renew(ctx context.Context, instance Instance, ttl time.Duration) error
	// Leave removes an instance that stopped in an orderly way.
	Leave(ctx context.Context, id string) error
	// Evict removes an instance for good: Renew fails for it from now on. One whose lease runs is listed until that has run out or the
	// instance leaves: it may go on until then, for it has not heard of its eviction.
	Evict(ctx context.Context, id string) error
	// Instances lists those that neither left nor were evicted, by ID, those whose lease ran out included; and those that were evicted
	// while their lease runs.
	Instances(ctx context.Context) ([]Instance, error)

	// SaveCheckpoint stores data under name, durably before it returns (as far as the control store is durable).
	SaveCheckpoint(ctx context.Context, name string, data []byte) error
	// LoadCheckpoint returns what was saved, or nil.
	LoadCheckpoint(ctx context.Context, name string) ([]byte, error)
}

// Neighbours is what a Control has that keeps the records of several migrations in one place.
type Neighbours interface {
	// Neighbours returns the records of the other migrations, by their names.
	Neighbours(ctx context.Context) (map[string]Record, error)
}

// Errors that callers tell apart.
var (
	// ErrConflict: the record changed meanwhile; load it again.
	ErrConflict = errors.New("dualgen: the flag record was changed by somebody else meanwhile")
	// ErrEvicted: an operator evicted this instance.
	ErrEvicted = errors.New("dualgen: this instance was evicted from the fleet")
)
