package verify

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// partly is a journal that does not answer one call of one of its methods, and loses its memory before another.
type partly struct {
	journal.Journal
	down   string
	at     int32
	calls  atomic.Int32
	forgot bool
}

func (p *partly) fails(method string) error {
	if p.down == method && p.calls.Add(1) == p.at {
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
	if p.forgot {
		name = fmt.Sprint(name, p.calls.Add(1))
	}
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

// A journal that does not answer a question ends the pass, whichever the question, and whichever time: what the pass would have been told is
// not known. A key is looked at again.
func TestJournalThatDoesNotAnswer(t *testing.T) {
	for method, text := range map[string]string{
		"Renew": "take a journal lease", "Expire": "expire journal leases", "BeginCopy": "claim", "End": "give up the claim", "Lookup": "",
		"Counts": "count the unclean keys", "Incarnation": "incarnation", "Seq": "sequence", "Track": "track", "Activity": "", "MarkDirty": "mark the keys",
	} {
		t.Run(method, func(t *testing.T) {
			asked := unanswered(t, method, 0, "")
			require.Positive(t, asked)
			for at := int32(1); at <= asked; at++ {
				if method == "Lookup" && at > 1 && at < asked || method == "Renew" && at > 1 {
					continue // the key is looked at again, and a sign of life may be missed
				}
				unanswered(t, method, at, text)
			}
		})
	}
}

// unanswered runs a pass over a journal that does not answer a call of a method, and returns how many there were.
func unanswered(t *testing.T, method string, at int32, text string) (asked int32) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		r.Stores[phase.New].Corrupt(rig.ID(5), nil)
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{{Kind: rig.Kind, Whole: true}}, phase.Old))
		config := small()
		config.Repair = true
		j := &partly{Journal: r.Journal, down: method, at: at}
		report, err := Run(t.Context(), over{r.Migration, j}, rig.Kind, config)
		require.False(t, report.Certified)
		if asked = j.calls.Load(); at == 0 {
			require.NoError(t, err)
			require.EqualValues(t, 1, report.Repaired)
			return
		}
		require.ErrorIs(t, err, errDown, "call %d of %d", at, asked)
		require.ErrorContains(t, err, text)
	})
	return asked
}

// A journal that lost its memory during the pass cannot say what was written.
func TestJournalThatForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		report, err := Run(t.Context(), over{r.Migration, &partly{Journal: r.Journal, forgot: true}}, rig.Kind, small())
		require.NoError(t, err)
		require.Contains(t, report.Reason, "lost its memory during the pass")
		_, stored := certificate(t, r)
		require.False(t, stored)
	})
}

// More suspects than wait are looked at while the scan goes on, however the keys are matched; what fails then ends the pass.
func TestManySuspects(t *testing.T) {
	const many = maxSuspects + 100
	for _, differ := range []string{"only old", "only new", "different"} {
		for name, order := range map[string]func(a, b string) int{"merge": nil, "hash": scattered, "sample": nil} {
			if name == "merge" && differ != "different" || name == "sample" && differ == "only new" {
				continue
			}
			t.Run(name+" "+differ, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, order}})
					for n := range many {
						old, new := rig.NewItem(rig.ID(n), 1), rig.NewItem(rig.ID(n), 2)
						if differ != "only new" {
							r.Stores[phase.Old].Corrupt(old.ID, &old)
						}
						if differ != "only old" {
							r.Stores[phase.New].Corrupt(new.ID, &new)
						}
					}
					config := Config{Rate: -1, Logger: quiet}
					if name == "sample" {
						config.Sample = 1
					}
					_, err := Run(t.Context(), over{r.Migration, &partly{Journal: r.Journal, down: "Seq", at: 1}}, rig.Kind, config)
					require.ErrorIs(t, err, errDown)
				})
			})
		}
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
				if test.again && !test.sample {
					require.Zero(t, report.Recounted, "of a kind that is written as a whole nothing can be said")
				}
				_, stored := certificate(t, r)
				require.Equal(t, test.stored, stored)
			})
		})
	}
}
