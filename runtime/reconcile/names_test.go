package reconcile

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// noLease is a journal in which a reconciler gets no lease, and that tells the names that asked.
type noLease struct {
	*journal.Memory
	asked []string // by the reconciler; the instance's own name is another
	gives bool
}

func (n *noLease) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if !strings.Contains(owner, "/reconcile") {
		return n.Memory.Renew(ctx, owner, ttl)
	}
	n.asked = append(n.asked, owner)
	if !n.gives {
		return errDown
	}
	return n.Memory.Renew(ctx, owner, ttl)
}

// TestNoLeaseNoCopy: without a lease in the journal nothing is claimed and nothing copied. The name begins with the instance's.
func TestNoLeaseNoCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := &noLease{Memory: journal.NewMemory()}
		r := rig.New(t, rig.Options{Journal: j})
		put(r, phase.Old, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		time.Sleep(rig.Settle)
		_, err := New(r.Migration, fast()).Once(t.Context())
		require.ErrorIs(t, err, errDown)
		require.Equal(t, 1, r.Unclean())
		require.False(t, r.Equal())
		require.Len(t, j.asked, 1)
		require.Contains(t, j.asked[0], r.Migration.Instance()+"/reconcile-")
		j.gives = true
		_, err = New(r.Migration, fast()).Once(t.Context())
		require.NoError(t, err)
		require.True(t, r.Equal())
	})
}

// TestCopyBesideAWholeKind: a copy that does not arrive while a call on its whole kind runs has failed: the entry that is unclean is not
// the key's.
func TestCopyBesideAWholeKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		put(r, phase.Old, rig.NewItem("a", 1))
		dirty(t, r, phase.Old, "a")
		time.Sleep(rig.Settle)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(context.Context, *dualtest.Call) error {
			require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{{Kind: rig.Kind, Whole: true}}, phase.Old))
			return nil // says that it put the row, and has not
		}})
		pass, err := New(r.Migration, fast()).Once(t.Context())
		require.NoError(t, err)
		require.Equal(t, []int{1, 0}, []int{pass.Failed, pass.Busy}, "%+v", pass)
	})
}

// TestLostLeaseEndsTheName: a pass during which the lease ran out is followed by one under another name.
func TestLostLeaseEndsTheName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := fast()
		config.Lease = 10 * time.Second
		r, j, reconciler := crowd(t, 3, config)
		before := j.owners()
		j.noRenewals.Store(true)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Last: 1, Fault: func(ctx context.Context, call *dualtest.Call) error {
			<-ctx.Done()
			return ctx.Err()
		}})
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
		defer stop()
		reconciler.Run(ctx)
		require.Zero(t, r.Unclean())
		require.True(t, r.Equal())
		require.Greater(t, j.owners()-before, 1)
	})
}

// TestClaimIsGivenBackUntouched: a single key that was claimed when the instance was found not to be admitted is free at once.
func TestClaimIsGivenBackUntouched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, j, reconciler := crowd(t, 1, fast())
		m := &leased{Migration: r.Migration}
		reconciler.migration = m
		j.beforeClaim = func() { m.lost.Store(true) }
		_, err := reconciler.Once(t.Context())
		require.ErrorIs(t, err, errLost)
		counts, err := j.Counts(t.Context(), "")
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Dirty: 1, Primary: [2]int{1, 0}}, counts)
	})
}
