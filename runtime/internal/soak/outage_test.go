package soak

import (
	"context"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// listed is how many keys are asked for of those that are unclean in the outage.
const listed = 32

// backlog looks at the journal while most keys are unclean: the oldest of them must not cost what all do, and no more when they were
// listed long ago.
func (f *fleet) backlog() {
	f.stopAll()
	defer f.startAll()
	f.place.age(f.t) // so that the dead are dead at both looks
	look := func() figures {
		found := f.place.measure(f.t, func(ctx context.Context, j journal.Journal) {
			_, err := j.Expire(ctx) // costs what the calls cost that the dead had begun, whatever is unclean
			require.NoError(f.t, err)
			entries, err := j.Unclean(context.WithValue(ctx, work{}, true), journal.Query{Copyable: true, Limit: listed})
			require.NoError(f.t, err)
			require.Len(f.t, entries, listed)
		})
		f.t.Logf("%s, in the outage: %v", f.place.name, found)
		return found
	}
	look() // takes away what the dead left
	fresh := look()
	f.place.ageKeys(f.t)
	old := look()
	for _, cost := range []string{rowsRead, statementsOfWork} {
		require.Less(f.t, fresh[cost], int64(10*listed), "%s to list %d of the unclean keys", cost, listed)
		require.LessOrEqual(f.t, old[cost], fresh[cost]*6/5+few, "%s, and they were listed an hour ago", cost)
	}
}

// reuseName has an instance die whose clock is five minutes ahead, and another one started under its name. It loses none of its
// tokens with those of its predecessor.
func (f *fleet) reuseName() {
	if f.place.ahead == nil {
		return
	}
	const owner = "again"
	ctx := f.t.Context()
	left, mine := journal.Key{Kind: kind, ID: "left"}, journal.Key{Kind: kind, ID: "mine"}
	before := f.place.open(f.t)
	require.NoError(f.t, before.journal.Renew(ctx, owner, time.Second))
	_, err := before.journal.Begin(ctx, owner, left, phase.Old)
	require.NoError(f.t, err)
	before.close()
	f.place.ahead(f.t, owner)
	after := f.place.open(f.t)
	defer after.close()
	require.NoError(f.t, after.journal.Renew(ctx, owner, time.Hour))
	token, err := after.journal.Begin(ctx, owner, mine, phase.Old)
	require.NoError(f.t, err)
	for tries := 0; ; tries++ {
		entry, unclean, err := after.journal.Lookup(ctx, left)
		require.NoError(f.t, err)
		if !unclean || entry.Active == 0 {
			break
		}
		require.Less(f.t, tries, 300, "nobody takes the token of an instance away that died")
		time.Sleep(time.Second)
	}
	require.NoError(f.t, after.journal.End(ctx, mine, token, true), "the instance lives")
}
