package walk

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/runtime/dual"
)

// auditPage is how many packages an audit reads at once.
const auditPage = 200

// Audit holds a whole store against the ledger, while there is no traffic. It returns the store's packages by name.
func (t *Traffic[K, P]) Audit(ctx context.Context, store Packages[K, P], label string) (map[string]P, error) {
	found, err := t.all(ctx, store)
	if err != nil {
		return nil, fmt.Errorf("audit of %s: %w", label, err)
	}
	records := make(map[string]debindex.Record, len(t.records))
	for _, record := range t.records {
		records[record.Name] = record
	}
	for _, name := range t.ledger.Names() {
		got, present := found[name]
		if !t.ledger.Seen(name, t.ledger.Floor(name), t.subject.matches(records[name], got, present)) {
			t.counts.violation(&t.counts.Lost, "%s: %s should be %+v but is %s", label, name, t.ledger.Expected(name), show(got, present))
		}
	}
	for name := range found {
		if _, known := records[name]; !known {
			t.counts.violation(&t.counts.Lost, "%s: %s is there, and nobody wrote it", label, name)
		}
	}
	if t.subject.Route == Unlisted {
		return found, nil
	}
	count, err := store.Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("audit of %s: %w", label, err)
	}
	if count != len(found) {
		t.counts.violation(&t.counts.Lost, "%s: counts %d packages but lists %d", label, count, len(found))
	}
	return found, nil
}

// AuditBoth audits both stores, and one against the other, while there is no traffic and no key is unclean.
func (t *Traffic[K, P]) AuditBoth(ctx context.Context, stores [2]Packages[K, P]) error {
	old, err := t.Audit(ctx, stores[dual.Old], t.subject.From)
	if err != nil {
		return err
	}
	new, err := t.Audit(ctx, stores[dual.New], t.subject.To)
	if err != nil {
		return err
	}
	for name := range union(old, new) {
		a, inOld := old[name]
		b, inNew := new[name]
		if inOld != inNew || !t.subject.Equal(a, b) {
			t.counts.violation(&t.counts.Diverged, "%s: old has %s, new has %s", name, show(a, inOld), show(b, inNew))
		}
	}
	return nil
}

func union[P any](a, b map[string]P) map[string]struct{} {
	names := make(map[string]struct{}, len(a))
	for name := range a {
		names[name] = struct{}{}
	}
	for name := range b {
		names[name] = struct{}{}
	}
	return names
}

// all lists a store, section by section, or by the keys that were ever written. What is in no known section is missed here; the count
// finds it.
func (t *Traffic[K, P]) all(ctx context.Context, store Packages[K, P]) (map[string]P, error) {
	if t.subject.Route == Unlisted {
		return t.allByKey(ctx, store)
	}
	found := map[string]P{}
	for section := range t.sections() {
		for after := ""; ; {
			page, err := store.BySection(ctx, section, after, auditPage)
			if err != nil {
				return nil, err
			}
			for _, p := range page {
				after = t.subject.Name(p)
				if _, twice := found[after]; twice {
					return nil, fmt.Errorf("%s is listed twice", after)
				}
				found[after] = p
			}
			if len(page) < auditPage {
				break
			}
		}
	}
	return found, nil
}

func (t *Traffic[K, P]) allByKey(ctx context.Context, store Packages[K, P]) (map[string]P, error) {
	found := map[string]P{}
	for _, name := range t.ledger.Names() {
		p, err := store.Get(ctx, t.subject.Key(name))
		switch {
		case err == nil:
			found[name] = p
		case !errors.Is(err, t.subject.NotFound):
			return nil, err
		}
	}
	return found, nil
}

func (t *Traffic[K, P]) sections() map[string]struct{} {
	sections := map[string]struct{}{}
	for _, record := range t.records {
		sections[record.Section] = struct{}{}
	}
	return sections
}
