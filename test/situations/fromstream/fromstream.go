// Package fromstream has methods that seem to read, and store what they are given to read from.
package fromstream

import (
	"bufio"
	"context"
	"errors"
	"io"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such entry")

type Entry struct{ Name string }

//go:generate go tool dualgen
type Entries interface {
	Get(ctx context.Context, name string) (Entry, error)
	Save(ctx context.Context, entry Entry) error
	Delete(ctx context.Context, name string) error
	List(ctx context.Context) ([]Entry, error)

	// LoadFrom stores an entry for each line.
	//dualgen:write
	//dualgen:key none
	LoadFrom(ctx context.Context, lines io.Reader) (int, error)
	// Scan stores the entry that src names.
	//dualgen:write
	//dualgen:key none
	Scan(src any) error
}

// Log is a store.
type Log struct{ entries rows.Table[string, Entry] }

func (l *Log) Get(_ context.Context, name string) (Entry, error) {
	entry, err := l.entries.Find(name)
	if err != nil {
		return entry, ErrNotFound
	}
	return entry, nil
}

func (l *Log) Save(_ context.Context, e Entry) error       { return l.entries.Upsert(e.Name, e) }
func (l *Log) Delete(_ context.Context, name string) error { return l.entries.Remove(name) }
func (l *Log) List(context.Context) ([]Entry, error)       { return l.entries.All(), nil }

func (l *Log) LoadFrom(ctx context.Context, lines io.Reader) (n int, err error) {
	for scanner := bufio.NewScanner(lines); scanner.Scan(); n++ {
		if err := l.Save(ctx, Entry{scanner.Text()}); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (l *Log) Scan(src any) error {
	name, ok := src.(string)
	if !ok {
		return errors.New("no text")
	}
	return l.entries.Upsert(name, Entry{name})
}
