package dualtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// phases are the six, in order.
var phases = []dual.Phase{dual.OldOnly, dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary, dual.NewOnly}

// trouble is what happens to the stores during one call.
type trouble struct {
	name  string
	store func(primary dual.Store) dual.Store // which store it happens to
	fault Fault                               // nil: nothing happens
}

func onPrimary(primary dual.Store) dual.Store { return primary }
func onMirror(primary dual.Store) dual.Store  { return primary.Other() }

var troubles = []trouble{
	{"no fault", onPrimary, nil},
	{"the primary fails", onPrimary, FailBefore(nil)},
	{"the primary's answer is lost", onPrimary, FailAfter(nil)},
	{"the mirror fails", onMirror, FailBefore(nil)},
	{"the mirror's answer is lost", onMirror, FailAfter(nil)},
	{"the mirror panics", onMirror, PanicBefore("injected")},
}

// Phases tests the wrapper over stubs, each method in each phase with each trouble: which stores it calls and in which
// order, what the caller is told, and which keys the journal holds afterwards.
func (s Suite[R]) Phases(t rapid.TB) {
	t.Helper()
	for _, step := range s.Steps {
		for _, phase := range phases {
			for _, trouble := range troubles {
				c := &phaseCase[R]{suite: s, step: step, phase: phase, trouble: trouble}
				if err := c.run(); err != nil {
					t.Errorf("%s in %v, %s: %v", step.info.Name, phase, trouble.name, err)
				}
			}
		}
	}
}

// phaseCase is one call in one phase with one trouble.
type phaseCase[R any] struct {
	suite   Suite[R]
	step    Step[R]
	phase   dual.Phase
	trouble trouble

	faults  Faults
	log     callLog
	ground  *ground
	wrapper R
	call    func(context.Context, R) outcome
}

func (c *phaseCase[R]) run() (err error) {
	if c.ground, err = newGround(c.phase); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.ground.close()) }()
	if c.trouble.fault != nil {
		c.faults.Add(Rule{Store: c.struck().String(), Fault: c.trouble.fault})
	}
	stub := func(store dual.Store) R {
		return c.suite.Stub(&Stub{name: store.String(), faults: &c.faults, calls: &c.log})
	}
	c.wrapper = c.suite.Wrap(stub(dual.Old), stub(dual.New), c.ground.migration)
	c.call = c.step.example()
	out := c.invoke()
	calls := c.log.take()
	return errors.Join(c.checkCalls(calls), c.checkAnswer(out), c.checkJournal(), c.checkGuard())
}

// invoke calls the wrapper. A panic that reaches the caller is its error.
func (c *phaseCase[R]) invoke() (out outcome) {
	defer func() {
		if value := recover(); value != nil {
			out = outcome{err: fmt.Errorf("panic: %v", value)}
		}
	}()
	return c.call(context.Background(), c.wrapper)
}

// example draws the step's arguments once, the same in each run.
func (s Step[R]) example() func(context.Context, R) outcome {
	return rapid.Custom(func(t *rapid.T) func(context.Context, R) outcome {
		rapid.Bool().Draw(t, "unused") // rapid wants a draw, which a method without arguments makes none of
		return s.draw(&T{T: t})
	}).Example(1)
}

func (c *phaseCase[R]) primary() dual.Store { return c.phase.Primary() }

// struck is the store that the trouble happens to.
func (c *phaseCase[R]) struck() dual.Store { return c.trouble.store(c.primary()) }

// primaryFails reports whether the primary's call returns an error.
func (c *phaseCase[R]) primaryFails() bool {
	return c.trouble.fault != nil && c.struck() == c.primary() && !c.step.errorless
}

// mirrored reports whether the step reaches the mirror in this phase.
func (c *phaseCase[R]) mirrored() bool {
	write := c.step.info.Kind == dual.KindWrite || c.step.info.Kind == dual.KindDelete
	return write && c.step.info.Mirror != dual.Skip && c.phase.Mirrored()
}

// on is a store's call of the step's own method.
func (c *phaseCase[R]) on(store dual.Store) string { return store.String() + "." + c.step.method() }

// method is the method's name without its interface's.
func (s Step[R]) method() string { return methodOf(s.info) }

func methodOf(info dual.MethodInfo) string { return info.Name[strings.LastIndex(info.Name, ".")+1:] }

// checkCalls holds the calls of the stores against the phase's.
func (c *phaseCase[R]) checkCalls(calls []string) error {
	own, mirror := c.on(c.primary()), c.on(c.primary().Other())
	if c.step.info.Kind == dual.KindLifecycle {
		return expect(slices.Sorted(slices.Values(calls)), []string{c.on(dual.New), c.on(dual.Old)})
	}
	if c.step.lists && c.mirrored() {
		var err error
		if calls, err = c.checkListing(calls); err != nil {
			return err
		}
	}
	if c.step.made && c.mirrored() {
		calls = c.withoutLooks(calls)
	}
	switch {
	case !c.mirrored() || c.primaryFails():
		return expect(calls, []string{own})
	case c.step.info.Mirror == dual.Replay && !c.step.made:
		return expect(calls, []string{own, mirror})
	case c.step.info.Mirror == dual.Replay && slices.Equal(calls, []string{own, mirror}): // its key was there before the call
		return nil
	case len(calls) == 0 || calls[0] != own:
		return fmt.Errorf("the stores were called as %v, want %s first", calls, own)
	}
	return c.checkCopy(calls[1:])
}

// withoutLooks takes the reads of the primary off the front of the calls that look what stands under a key which the store may not tell.
func (c *phaseCase[R]) withoutLooks(calls []string) []string {
	written := slices.Index(calls, c.on(c.primary()))
	if written < 0 || slices.ContainsFunc(calls[:written], func(call string) bool { return !strings.HasPrefix(call, c.primary().String()+".") }) {
		return calls
	}
	return calls[written:]
}

// checkListing takes what lists keys, which is asked of the primary alone, off the front of the calls.
func (c *phaseCase[R]) checkListing(calls []string) ([]string, error) {
	written := slices.Index(calls, c.on(c.primary()))
	if want := c.primary().String() + "." + c.step.lister; written < 0 || c.step.lister != "" && (written == 0 || calls[0] != want) {
		return nil, fmt.Errorf("the stores were called as %v, want %s for the keys, and then %s", calls, want, c.on(c.primary()))
	}
	for _, call := range calls[:written] {
		if !strings.HasPrefix(call, c.primary().String()+".") {
			return nil, fmt.Errorf("%s lists keys, which the primary alone is asked for", call)
		}
	}
	return calls[written:], nil
}

// checkCopy holds the calls after the primary's own against those of a copy: reads of the primary, then one write of the
// mirror. A write whose keys are unknown copies nothing.
func (c *phaseCase[R]) checkCopy(calls []string) error {
	written := slices.IndexFunc(calls, func(call string) bool { return strings.HasPrefix(call, c.primary().Other().String()+".") })
	if written == 0 {
		return fmt.Errorf("the mirror was written without a read of the primary: %v", calls)
	}
	return nil
}

func expect(got, want []string) error {
	if slices.Equal(got, want) {
		return nil
	}
	return fmt.Errorf("the stores were called as %v, want %v", got, want)
}

// checkAnswer holds the caller's error against the phase's rule: the primary's reaches the caller, the mirror's never.
func (c *phaseCase[R]) checkAnswer(out outcome) error {
	fails := c.primaryFails()
	if c.step.info.Kind == dual.KindLifecycle && c.trouble.fault != nil {
		fails = !c.step.errorless || isPanic(c.trouble)
	}
	if fails && !errors.Is(out.err, ErrInjected) && !isPanic(c.trouble) {
		return fmt.Errorf("the caller got %v, want the store's error", out.err)
	}
	if !fails && out.err != nil {
		return fmt.Errorf("the caller got %w, want no error", out.err)
	}
	return nil
}

// checkJournal holds the journal against the outcome: clean where both stores have the write or it touched one store
// alone, dirty where a store failed.
func (c *phaseCase[R]) checkJournal() error {
	entries, err := c.ground.unclean()
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Active > 0 {
			return fmt.Errorf("%v keeps a token after its call ended", entry.Key)
		}
	}
	failed := c.trouble.fault != nil && !(c.step.errorless && c.struck() == c.primary())
	if c.step.errorless && !isPanic(c.trouble) {
		failed = false // the stub has no way to say so
	}
	if c.step.lists && c.struck() != c.primary() {
		failed = false // the mirror is left to the reconciler
	}
	if c.mirrored() && c.step.errorless && c.trouble.fault != nil && c.step.info.Mirror == dual.Copy {
		return nil // what copies it can say so: both are right
	}
	switch {
	case !c.mirrored() && len(entries) > 0:
		return fmt.Errorf("%v is unclean after a call that no mirror hears of", entries[0].Key)
	case c.mirrored() && failed && len(entries) == 0:
		return errors.New("the journal is clean though the stores may differ")
	case c.mirrored() && !failed && !c.ground.copiedElsewhere(c.ground.journal.declared(c.step.made, c.step.lists)):
		for _, entry := range entries {
			// A write of unknown keys leaves its kind to a verify pass, one that lists them leaves those to the reconciler.
			if entry.Key.Whole == c.step.lists {
				return c.unclean(entry.Key)
			}
		}
	}
	return nil
}

// unclean says what left a key unclean that no fault has struck.
func (c *phaseCase[R]) unclean(key journal.Key) error {
	if why := c.ground.heard.why(); why != nil {
		return fmt.Errorf("%v was not mirrored, though no fault was injected: %w", key, why)
	}
	return fmt.Errorf("%v is unclean though both stores have it", key)
}

// isPanic reports whether the trouble is a panic rather than an error.
func isPanic(t trouble) bool { return strings.HasSuffix(t.name, "panics") }

// checkGuard turns the read's key unclean with the other store for its primary, and reads again: a guarded phase must
// follow the entry, another must not.
func (c *phaseCase[R]) checkGuard() error {
	if c.step.info.Kind != dual.KindRead || c.trouble.fault != nil || !c.phase.Guarded() {
		return nil
	}
	keys := c.ground.journal.lookedUp()
	if len(keys) == 0 {
		return errors.New("a guarded read did not look into the journal")
	}
	if keys[0] == (journal.Key{}) {
		return nil // a read of no entity kind
	}
	other := c.primary().Other()
	if err := c.ground.journal.MarkDirty(context.Background(), keys[:1], other); err != nil {
		return err
	}
	c.invoke()
	return expect(c.log.take(), []string{c.on(other)})
}
