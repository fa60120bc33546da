package reconcile

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// counting is a journal in memory that counts calls, and whose BeginCopies or EndMany can fail: before their effect, or after it.
type counting struct {
	*journal.Memory
	claims, ends, single atomic.Int32
	failClaims, failEnds atomic.Int32          // 1: without effect; 2: with it
	beforeEnd            func([]journal.Token) // may be nil
	leased               sync.Map              // owners
	noRenewals, noMarks  atomic.Bool
	beforeClaim          func() // may be nil
}

func (c *counting) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if _, again := c.leased.LoadOrStore(owner, true); again && c.noRenewals.Load() {
		return errDown
	}
	return c.Memory.Renew(ctx, owner, ttl)
}

func (c *counting) BeginCopies(ctx context.Context, owner string, keys []journal.Key, idle time.Duration) ([]journal.Token, error) {
	c.claims.Add(1)
	if c.beforeClaim != nil {
		c.beforeClaim()
	}
	if c.failClaims.Load() == 1 {
		return nil, errDown
	}
	tokens, err := c.Memory.BeginCopies(ctx, owner, keys, idle)
	if c.failClaims.Load() == 2 {
		return nil, errDown
	}
	if ctx.Err() != nil { // its answer gets lost
		return nil, ctx.Err()
	}
	return tokens, err
}

func (c *counting) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	c.single.Add(1)
	if c.beforeClaim != nil {
		c.beforeClaim()
	}
	token, ok, err := c.Memory.BeginCopy(ctx, owner, key, idle)
	if ctx.Err() != nil { // its answer gets lost
		return journal.Token{}, false, ctx.Err()
	}
	return token, ok, err
}

func (c *counting) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	c.ends.Add(1)
	if c.beforeEnd != nil {
		c.beforeEnd(tokens)
	}
	if c.failEnds.Load() == 1 {
		return errDown
	}
	err := c.Memory.EndMany(ctx, keys, tokens, clean)
	if c.failEnds.Load() == 2 {
		return errDown
	}
	return err
}

// crowd is a rig with dirty keys, and a reconciler that claims many at once, since copies took it no time.
func crowd(t *testing.T, keys int, config Config) (*rig.Rig, *counting, *Reconciler) {
	j := &counting{Memory: journal.NewMemory()}
	r := rig.New(t, rig.Options{Journal: j})
	for n := range keys {
		put(r, phase.Old, rig.NewItem(rig.ID(n), 1))
		dirty(t, r, phase.Old, rig.ID(n))
	}
	time.Sleep(rig.Settle)
	reconciler := New(r.Migration, config)
	reconciler.sample(1, 1)
	return r, j, reconciler
}

func TestManyAreClaimedAndEndedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 640, fast())
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Copied: 640}, pass)
		require.True(t, r.Equal())
		require.Zero(t, r.Unclean())
		require.EqualValues(t, []int32{10, 10, 0}, []int32{j.claims.Load(), j.ends.Load(), j.single.Load()})
	})
}

func TestOneOfManyFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 20, fast())
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", First: 7, Last: 7, Fault: dualtest.FailBefore(errors.New("refused"))})
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Copied: 19, Failed: 1}, pass)
		entries, err := r.Journal.Unclean(t.Context(), journal.Query{})
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.Equal(t, 1, entries[0].Attempts)
		require.Contains(t, entries[0].Cause, "refused")
	})
}

// TestOneOfManyIsLost has one of the tokens taken away while the copies run, and another writer's older value put into the mirror
// by one of them. The journal does not tell whose token it was, so that all are copied again.
func TestOneOfManyIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 20, fast())
		lost := rig.ID(3)
		j.beforeEnd = func(tokens []journal.Token) {
			j.beforeEnd = nil
			for _, token := range tokens { // as if its lease had run out, and the key been copied by another since
				_ = j.End(t.Context(), rig.Key(lost), token, true)
			}
			put(r, phase.New, rig.NewItem(lost, 7))
		}
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, Pass{Busy: 20}, pass)
		require.Equal(t, 20, r.Unclean())
		time.Sleep(rig.Settle)
		_, err = reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Zero(t, r.Unclean())
		require.True(t, r.Equal())
	})
}

// TestSlowCopiesGiveClaimsBack: once copies take longer than they did, what one worker has claimed is not kept from others.
func TestSlowCopiesGiveClaimsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.Workers = 1
		r, _, reconciler := crowd(t, 20, config)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			time.Sleep(claimsHeld)
			return call.Effect(ctx)
		}})
		pass, err := reconciler.Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, 6, pass.Copied, "one more than the claims are kept for")
		require.Zero(t, pass.Failed)
		entries, err := r.Journal.Unclean(t.Context(), journal.Query{Copyable: true})
		require.NoError(t, err)
		require.Len(t, entries, 14)
		require.Equal(t, 1, reconciler.share())
		for range 20 {
			time.Sleep(rig.Settle)
			_, err = reconciler.Once(t.Context())
			require.NoError(t, err)
		}
		require.Zero(t, r.Unclean())
		require.True(t, r.Equal())
	})
}

// TestManyTokensOfUnknownFate lets the journal fail in the middle of many copies: the tokens that are left behind must not stay.
func TestManyTokensOfUnknownFate(t *testing.T) {
	for name, set := range map[string]func(j *counting, how int32){
		"claims": func(j *counting, how int32) { j.failClaims.Store(how) },
		"ends":   func(j *counting, how int32) { j.failEnds.Store(how) },
	} {
		for how, effect := range map[int32]string{1: "without effect", 2: "with effect"} {
			t.Run(name+" "+effect, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r, j, reconciler := crowd(t, 20, fast())
					ctx, cancel := context.WithCancel(t.Context())
					done := make(chan struct{})
					set(j, how)
					go func() { defer close(done); reconciler.Run(ctx) }()
					time.Sleep(5 * time.Second)
					set(j, 0)
					time.Sleep(2 * time.Minute)
					require.Zero(t, r.Unclean())
					require.True(t, r.Equal())
					cancel()
					<-done
				})
			})
		}
	}
}

// TestCopiesEndWithTheLease: what is written after the tokens could be taken away may come after what others wrote.
func TestCopiesEndWithTheLease(t *testing.T) {
	for name, keys := range map[string]int{"one": 1, "many": 5} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				config := fast()
				config.Lease, config.Timeout = 10*time.Second, time.Hour
				r, j, reconciler := crowd(t, keys, config)
				j.noRenewals.Store(true)
				began := time.Now()
				var ended []time.Duration
				r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
					<-ctx.Done()
					ended = append(ended, time.Since(began))
					return ctx.Err()
				}})
				_, err := reconciler.Once(t.Context())
				require.NoError(t, err)
				for _, after := range ended {
					require.LessOrEqual(t, after, config.Lease)
				}
				require.NotEmpty(t, ended)
				require.Equal(t, keys, r.Unclean())
			})
		})
	}
}

// leased is a migration whose lease can run out.
type leased struct {
	Migration
	lost atomic.Bool
}

var errLost = errors.New("lease lost")

func (l *leased) Admitted() error {
	if l.lost.Load() {
		return errLost
	}
	return nil
}

// TestManyWithoutLease loses the lease between two copies of keys that were claimed together: those that are left stay as they were.
func TestManyWithoutLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _, reconciler := crowd(t, 10, fast())
		m := &leased{Migration: r.Migration}
		reconciler.migration = m
		copied := 0
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
			copied++
			m.lost.Store(copied == 4)
			return call.Effect(ctx)
		}})
		pass, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, errLost)
		require.Equal(t, Pass{Copied: 3}, pass)
		require.Equal(t, 7, r.Unclean(), "the fourth copy outlived the lease: it is made again")
	})
}
