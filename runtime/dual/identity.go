package dual

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

// ErrOneStore: old and new are one store. A migration between a store and itself verifies perfectly.
var ErrOneStore = errors.New("dualgen: old and new are the same store")

// identifyEvery is how often an instance looks whether its stores are still what they were.
const identifyEvery = time.Minute

// Identify asks what the two stores are, and has the fleet hear of it. Without Config.Identify it knows nothing but that
// two wrapped values are one. The error is ErrOneStore if they are the same.
func (m *Migration) Identify(ctx context.Context) (stores [2]control.Identity, err error) {
	if ask := m.config.Identify; ask != nil {
		var errs [2]error
		for position := range stores {
			stores[position], errs[position] = ask(ctx, Store(position))
		}
		if err := errors.Join(errs[:]...); err != nil {
			return stores, fmt.Errorf("identify the stores: %w", err)
		}
	}
	f := m.follower
	f.mu.Lock()
	defer f.mu.Unlock()
	f.identified = m.hooks.Now()
	if f.oneValue {
		stores[Old].Store, stores[New].Store = valueTwice, valueTwice
	}
	if stores != f.stores { // the fleet hears of it, and what the record says of them is looked at again
		f.stores = stores
		f.kicked = true
		f.wake()
	}
	return stores, f.oneStore()
}

// valueTwice is what a store is called that a wrapper was given twice.
const valueTwice = "one value in the program, given for both"

// oneStore returns ErrOneStore if the stores are known to be one. The follower's mutex is held.
func (f *follower) oneStore() error {
	if f.stores[Old].Store == "" || f.stores[Old].Store != f.stores[New].Store {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrOneStore, f.stores[Old].Store)
}

// oneStoreAtStart is oneStore for who does not hold the mutex.
func (f *follower) oneStoreAtStart() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.oneStore()
}

func (f *follower) identities() [2]control.Identity {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stores
}

// wiredTwice notes that a wrapper was given one value for both stores.
func (f *follower) wiredTwice() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.oneValue = true
	f.stores[Old].Store, f.stores[New].Store = valueTwice, valueTwice
}

// identify asks in the first pass, again from time to time, and until it is known. A store that hangs does not cost the lease.
func (f *follower) identify(ctx context.Context) error {
	f.mu.Lock()
	due := f.identified.IsZero() || f.m.hooks.Now().Sub(f.identified) >= identifyEvery
	known := f.oneStore()
	f.mu.Unlock()
	if f.m.config.Identify == nil || !due {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, f.m.config.Lease/8)
	defer cancel()
	_, err := f.m.Identify(ctx)
	return err
}

// Fingerprints is a Config.Identify for stores that no function of this module knows: the words say which store each is.
// Make them from what the stores were opened with (a host and a database's name), not from constants: an instance that
// was given the two the other way round must say so. The words must stay as they are until the migration is over. What stands
// before the last @ of a data source's name, a user and a password, is left out: everybody sees the words in status.
func Fingerprints(old, new string) func(context.Context, Store) (control.Identity, error) {
	words := [2]string{withoutUser(old), withoutUser(new)}
	return func(_ context.Context, store Store) (control.Identity, error) {
		return control.Identity{Store: words[store]}, nil
	}
}

// withoutUser leaves out who opens a data source: scheme://user:password@host, or user:password@tcp(host).
func withoutUser(source string) string {
	at := strings.LastIndexByte(source, '@')
	if at < 0 {
		return source
	}
	scheme, _, ok := strings.Cut(source[:at], "://")
	if !ok {
		return source[at+1:]
	}
	return scheme + "://" + source[at+1:]
}

// sameValue reports whether the two stores are one value: one pointer, or values of one type that nothing tells apart.
func sameValue[R any](stores *[2]R) (same bool) {
	defer func() { _ = recover() }() // a value that cannot be compared, such as a struct with a map, is told apart
	return any(stores[Old]) != nil && any(stores[Old]) == any(stores[New])
}
