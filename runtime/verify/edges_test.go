package verify

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var errDown = errors.New("down")

// scansTo replaces how the rig's items are listed.
func scansTo(r *rig.Rig, scan func(s *dualtest.Store[rig.Item], items []rig.Item, next string, limit int) ([]rig.Item, string)) {
	entity := rig.Entity()
	whole := entity.Scan
	entity.Scan = func(ctx context.Context, s *dualtest.Store[rig.Item], cursor string, limit int) ([]rig.Item, string, error) {
		items, next, err := whole(ctx, s, cursor, limit)
		items, next = scan(s, items, next, limit)
		return items, next, err
	}
	dual.AddEntity(r.Migration, &r.Stores, entity)
	r.Follow()
}

// A listing whose cursor stays where it is ends the pass, which would never end otherwise.
func TestScanThatDoesNotMoveOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		scansTo(r, func(_ *dualtest.Store[rig.Item], items []rig.Item, next string, _ int) ([]rig.Item, string) {
			if next != "" {
				next = "here"
			}
			return items, next
		})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorContains(t, err, "does not move on")
	})
}

// A store that lists a key twice, at the end of a page and at the beginning of the next, shows that its listing cannot be trusted: no
// certificate, though no key differs.
func TestScanThatRepeatsAKey(t *testing.T) {
	for _, position := range []phase.Store{phase.Old, phase.New} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 50)
			config := small()
			pages := [2]map[string]rig.Item{{}, {}}
			scansTo(r, func(s *dualtest.Store[rig.Item], items []rig.Item, next string, limit int) ([]rig.Item, string) {
				if s != r.Stores[position] || limit != config.Page || len(items) == 0 {
					return items, next
				}
				first := items[0]
				if last, ok := pages[0]["last"]; ok && last.ID < first.ID {
					items = append([]rig.Item{last}, items...)
				}
				pages[0]["last"] = items[len(items)-1]
				return items, next
			})
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Zero(t, report.Differed())
			require.Positive(t, report.Repeated)
			require.Positive(t, report.Mismatched)
			require.False(t, report.Certified)
		})
	}
}

// A digest tells sets of keys apart that are equally large, and does not depend on their order.
func TestDigestsTellKeysApart(t *testing.T) {
	of := func(hashes ...uint64) digest {
		d := make(digest, 1)
		for _, h := range hashes {
			d.add(h)
		}
		return d
	}
	require.Equal(t, of(1, 2, 3), of(3, 1, 2))
	require.NotEqual(t, of(1, 2, 3), of(1, 2, 4))
	require.NotEqual(t, of(1, 4), of(2, 3))
	require.NotEqual(t, of(1), of(1, 1))
}

// The second count reads pages of another size, which are not so small that it takes many times as long.
func TestRecountReadsOtherPages(t *testing.T) {
	for page := 4; page < 2000; page++ {
		require.NotEqual(t, page, recountPage(page))
		require.Greater(t, 2*recountPage(page), page)
		require.Less(t, recountPage(page), page)
	}
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 5)
		remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error { return call.Effect(ctx) }})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, 3, remove(), "the look at the order, the comparison and the count")
	})
}

// Stores in different orders are compared in as many parts as keep the entities in memory to about MaxRows.
func TestPartsKeepToTheMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, scattered}})
		fill(r, 100)
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, "hash", report.Order)
		require.GreaterOrEqual(t, report.Passes, 7, "100 entities in parts of 16")
	})
	p := &pass{hooks: hooks.Or(nil), suspects: make([]suspect, batchSize+100)}
	require.Len(t, p.takeDue(), batchSize)
	require.Len(t, p.takeDue(), 100)
}

// A second look comes once the settle window has passed since the first, and no later.
func TestSecondLookIsNotPutOff(t *testing.T) {
	took := func(differ bool) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 100)
			if differ {
				r.Stores[phase.New].Corrupt(rig.ID(3), nil)
			}
			scans := 0
			r.Faults.Add(dualtest.Rule{Store: "old", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
				if scans++; scans > 3 {
					time.Sleep(rig.Settle)
				}
				return call.Effect(ctx)
			}})
			began := time.Now()
			report, err := Run(t.Context(), r.Migration, rig.Kind, small())
			require.NoError(t, err)
			require.Equal(t, differ, report.OnlyOld == 1)
			took = time.Since(began)
		})
		return took
	}
	require.Equal(t, took(false), took(true))
}

// A sample that could not be read is none.
func TestSampleThatCannotBeRead(t *testing.T) {
	for _, method := range []string{"Scan", "Get"} {
		for _, store := range []string{"old", "new"} {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				fill(r, 20)
				config := small()
				config.Sample = 1
				report, err := Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.Equal(t, []any{"sample", 1}, []any{report.Order, report.Passes})
				r.Faults.Add(dualtest.Rule{Store: store, Method: method, Fault: dualtest.FailBefore(errDown)})
				_, err = Run(t.Context(), r.Migration, rig.Kind, config)
				require.ErrorIs(t, err, errDown)
			})
		}
	}
}

// A store that is gone for good after the pass began ends it, in whichever of its scans that is.
func TestStoreThatIsGone(t *testing.T) {
	for _, order := range []func(a, b string) int{nil, scattered} {
		for _, store := range []string{"old", "new"} {
			for first := 1; ; first++ {
				failed := 0
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, order}})
					fill(r, 20)
					remove := r.Faults.Add(dualtest.Rule{Store: store, Method: "Scan", First: first, Fault: dualtest.FailBefore(errDown)})
					report, err := Run(t.Context(), r.Migration, rig.Kind, small())
					if failed = remove(); failed == 0 {
						require.NoError(t, err)
						return
					}
					require.ErrorIs(t, err, errDown, "from call %d on", first)
					require.False(t, report.Certified)
				})
				if failed == 0 {
					require.Greater(t, first, 5)
					break
				}
			}
		}
	}
}

// partly is a journal that does not answer one of its methods.
type partly struct {
	journal.Journal
	down string
}

func (p *partly) fails(method string) error {
	if p.down == method {
		return errDown
	}
	return nil
}

func (p *partly) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	return errors.Join(p.fails("Renew"), p.Journal.Renew(ctx, owner, ttl))
}

func (p *partly) Expire(ctx context.Context) (int, error) {
	n, err := p.Journal.Expire(ctx)
	return n, errors.Join(p.fails("Expire"), err)
}

func (p *partly) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	token, ok, err := p.Journal.BeginCopy(ctx, owner, key, idle)
	return token, ok, errors.Join(p.fails("BeginCopy"), err)
}

func (p *partly) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	return errors.Join(p.fails("End"), p.Journal.End(ctx, key, token, clean))
}

func (p *partly) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	entry, ok, err := p.Journal.Lookup(ctx, key)
	return entry, ok, errors.Join(p.fails("Lookup"), err)
}

func (p *partly) Counts(ctx context.Context, kind string) (journal.Counts, error) {
	counts, err := p.Journal.Counts(ctx, kind)
	return counts, errors.Join(p.fails("Counts"), err)
}

func (p *partly) Incarnation(ctx context.Context) (string, error) {
	name, err := p.Journal.Incarnation(ctx)
	return name, errors.Join(p.fails("Incarnation"), err)
}

func (p *partly) Seq(ctx context.Context) (journal.Seq, error) {
	seq, err := p.Journal.Seq(ctx)
	return seq, errors.Join(p.fails("Seq"), err)
}

func (p *partly) Track(ctx context.Context, name string) (journal.Seq, error) {
	seq, err := p.Journal.Track(ctx, name)
	return seq, errors.Join(p.fails("Track"), err)
}

func (p *partly) Activity(ctx context.Context, kind string, since journal.Seq) ([]journal.Key, error) {
	keys, err := p.Journal.Activity(ctx, kind, since)
	return keys, errors.Join(p.fails("Activity"), err)
}

func (p *partly) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	return errors.Join(p.fails("MarkDirty"), p.Journal.MarkDirty(ctx, keys, primary))
}

// over is the rig's migration with that journal.
type over struct {
	*dual.Migration
	journal journal.Journal
}

func (o over) Journal() journal.Journal { return o.journal }

// A journal that does not answer a question ends the pass, whichever the question: what the pass would have been told is not known.
func TestJournalThatDoesNotAnswer(t *testing.T) {
	for method, text := range map[string]string{
		"": "", "Renew": "take a journal lease", "Expire": "expire journal leases", "BeginCopy": "claim", "End": "give up the claim", "Lookup": "in the journal",
		"Counts": "count the unclean keys", "Incarnation": "incarnation", "Seq": "sequence", "Track": "track", "Activity": "", "MarkDirty": "mark the keys",
	} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				fill(r, 50)
				r.Stores[phase.New].Corrupt(rig.ID(5), nil)
				require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{{Kind: rig.Kind, Whole: true}}, phase.Old))
				config := small()
				config.Repair = true
				report, err := Run(t.Context(), over{r.Migration, &partly{r.Journal, method}}, rig.Kind, config)
				require.False(t, report.Certified)
				if method == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, errDown)
				require.ErrorContains(t, err, text)
				_, certified := certificate(t, r)
				require.False(t, certified)
			})
		})
	}
}

// nameless is a migration that cannot say what its stores are.
type nameless struct{ *dual.Migration }

func (nameless) Identify(context.Context) ([2]control.Identity, error) {
	return [2]control.Identity{}, errDown
}

func TestStoresThatCannotBeIdentified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 5)
		_, err := Run(t.Context(), nameless{r.Migration}, rig.Kind, small())
		require.ErrorIs(t, err, errDown)
	})
}

// A pass that never said its end is in nobody's way once its instance is gone, and in everybody's while that lives.
func TestPassOfADeadInstance(t *testing.T) {
	for name, ttl := range map[string]time.Duration{"never there": 0, "dead": time.Second, "alive": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				fill(r, 5)
				if ttl > 0 {
					record, err := r.Control.Load(t.Context())
					require.NoError(t, err)
					require.NoError(t, r.Control.Renew(t.Context(), control.Instance{ID: "other", Acked: record.Epoch, Phase: record.Phase}, ttl))
					time.Sleep(time.Minute)
				}
				last := activity.Pass{Track: "last", Instance: "other", Started: time.Now()}
				require.NoError(t, last.Save(t.Context(), r.Control, rig.Kind))
				_, err := Run(t.Context(), r.Migration, rig.Kind, small())
				if name == "alive" {
					require.ErrorIs(t, err, ErrRunning)
					require.ErrorContains(t, err, "instance other began it")
					return
				}
				require.NoError(t, err)
			})
		})
	}
}

// A key that the journal knows by itself is left to the reconciler, also while the pass holds the claim on the whole kind.
func TestUncleanKeyUnderTheClaimOnItsKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		r.Stores[phase.New].Corrupt(rig.ID(5), nil)
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{rig.Key(rig.ID(5)), {Kind: rig.Kind, Whole: true}}, phase.Old))
		config := small()
		config.Repair = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.EqualValues(t, []int64{1, 0, 0}, []int64{report.Unclean, report.Differed(), report.Repaired})
		require.False(t, report.Whole)
	})
}

// A pass says what is to be done: repair what differs, or wait for the reconciler; and what came in between.
func TestReasonsSayWhatToDo(t *testing.T) {
	for name, test := range map[string]struct {
		differ, repair, again, sample bool
		want                          string
		stored                        bool
	}{
		"differs":      {differ: true, want: "the stores differ: verify with repair", stored: true},
		"repaired":     {differ: true, repair: true, want: "verify again when the reconciler has copied", stored: true},
		"marked again": {repair: true, again: true, want: "the whole kind is unclean: verify it with repair"},
		"sample of it": {repair: true, again: true, sample: true, want: "a sample proves nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				fill(r, 50)
				if test.differ {
					r.Stores[phase.New].Corrupt(rig.ID(5), nil)
				}
				whole := []journal.Key{{Kind: rig.Kind, Whole: true}}
				config := small()
				config.Repair = test.repair
				if test.sample {
					config.Sample = 1
				}
				if test.again {
					require.NoError(t, r.Journal.MarkDirty(t.Context(), whole, phase.Old))
					config.OnProgress = func(Progress) { require.NoError(t, r.Journal.MarkDirty(t.Context(), whole, phase.Old)) }
				}
				report, err := Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.False(t, report.Certified)
				require.Contains(t, report.Reason, test.want)
				require.Equal(t, test.again, report.Whole)
				_, stored := certificate(t, r)
				require.Equal(t, test.stored, stored)
			})
		})
	}
}
