// Package untold has stores that number what they store and tell nobody, beside an entity that stands under the number 0.
package untold

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such row")

// Account is created behind a pointer that the store does not fill in. The house's account has the number 0.
type Account struct {
	ID    int64
	Owner string
}

// Entry is saved by value: its store cannot tell its number.
type Entry struct {
	ID   int64
	Text string
}

//go:generate go tool dualgen
type Books interface {
	GetAccount(ctx context.Context, id int64) (*Account, error)
	CreateAccount(ctx context.Context, account *Account) error
	UpdateAccount(ctx context.Context, account *Account) error
	DeleteAccount(ctx context.Context, id int64) error
	ListAccounts(ctx context.Context) ([]*Account, error)

	GetEntry(ctx context.Context, id int64) (Entry, error)
	SaveEntry(ctx context.Context, entry Entry) error
	DeleteEntry(ctx context.Context, id int64) error
	ListEntries(ctx context.Context) ([]Entry, error)
}

// Ledger is a store.
type Ledger struct {
	accounts rows.Table[int64, Account]
	entries  rows.Table[int64, Entry]
	// Last is the last number that was made.
	Last int64
}

// Open puts the house's account into a ledger.
func (l *Ledger) Open() *Ledger {
	_ = l.accounts.Upsert(0, Account{Owner: "the house"})
	return l
}

func (l *Ledger) next(id int64) int64 {
	if id == 0 {
		l.Last++
		return l.Last
	}
	return id
}

func (l *Ledger) GetAccount(_ context.Context, id int64) (*Account, error) {
	account, err := l.accounts.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &account, nil
}

func (l *Ledger) CreateAccount(_ context.Context, account *Account) error {
	id := l.next(account.ID)
	return l.accounts.Insert(id, Account{ID: id, Owner: account.Owner})
}

func (l *Ledger) UpdateAccount(_ context.Context, account *Account) error {
	err := l.accounts.Change(account.ID, func(have *Account) { *have = *account })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (l *Ledger) DeleteAccount(_ context.Context, id int64) error { return l.accounts.Remove(id) }
func (l *Ledger) ListAccounts(context.Context) ([]*Account, error) {
	return rows.Pointers(l.accounts.All()), nil
}

func (l *Ledger) GetEntry(_ context.Context, id int64) (Entry, error) {
	entry, err := l.entries.Find(id)
	if err != nil {
		return entry, ErrNotFound
	}
	return entry, nil
}

func (l *Ledger) SaveEntry(_ context.Context, entry Entry) error {
	entry.ID = l.next(entry.ID)
	return l.entries.Upsert(entry.ID, entry)
}

func (l *Ledger) DeleteEntry(_ context.Context, id int64) error { return l.entries.Remove(id) }
func (l *Ledger) ListEntries(context.Context) ([]Entry, error)  { return l.entries.All(), nil }
