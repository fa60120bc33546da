// Package notes is a small repository whose generated wrapper and tests hold the conformance suite to its word: over
// stores that are broken on purpose the suite must fail.
package notes

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// ErrNotFound says that there is no such note.
var ErrNotFound = errors.New("notes: no such note")

// Note is one note.
type Note struct {
	ID     string
	Text   string
	Tags   []string
	Pinned bool
	Edited time.Time
}

// Notes keeps notes.
type Notes interface {
	// Get returns the note with that id, or ErrNotFound.
	Get(ctx context.Context, id string) (Note, error)
	// Find returns the note with that id, if there is one.
	Find(ctx context.Context, id string) (note Note, found bool, err error)
	// Save stores a note, whether or not it was there.
	Save(ctx context.Context, note Note) error
	// Add stores a new note. It makes an id for one that has none.
	Add(ctx context.Context, note *Note) error
	// Post stores a new note under an id that it makes and returns.
	Post(ctx context.Context, text string) (id string, err error)
	// Rewrite changes a note's text, or returns ErrNotFound.
	Rewrite(ctx context.Context, id, text string) error
	// Pin pins the notes that are there, and returns how many.
	Pin(ctx context.Context, ids ...string) (int, error)
	// Delete removes a note, or returns ErrNotFound.
	Delete(ctx context.Context, id string) error
	// DeleteUnpinned removes all notes that are not pinned.
	DeleteUnpinned(ctx context.Context) error
	// DeleteEmpty removes all notes without text, and returns how many.
	DeleteEmpty(ctx context.Context) (int, error)
	// ListEmpty returns the ids of the notes without text.
	ListEmpty(ctx context.Context) ([]string, error)
	// List returns notes in the order of their ids, after the given one.
	List(ctx context.Context, after string, limit int) ([]Note, error)
	// Len counts the notes.
	Len() int
	// Close ends the use of the store.
	Close() error
}

func noteKey(id string) dual.Key { return dual.Key{Kind: "Note", ID: id} }

func parseNoteKey(key dual.Key) (string, error) { return key.ID, nil }

func cloneNote(n Note) Note {
	n.Tags = slices.Clone(n.Tags)
	return n
}

func diffNote(a, b Note) []dual.Difference {
	var differences []dual.Difference
	differ := func(same bool, path string, x, y any) {
		if !same {
			differences = append(differences, dual.Difference{Path: path, Old: x, New: y})
		}
	}
	differ(a.ID == b.ID, "ID", a.ID, b.ID)
	differ(a.Text == b.Text, "Text", a.Text, b.Text)
	differ(slices.Equal(a.Tags, b.Tags), "Tags", a.Tags, b.Tags)
	differ(a.Pinned == b.Pinned, "Pinned", a.Pinned, b.Pinned)
	differ(a.Edited.Equal(b.Edited), "Edited", a.Edited, b.Edited)
	return differences
}

func diffNotes(a, b []Note) []dual.Difference {
	if len(a) != len(b) {
		return []dual.Difference{{Path: "len", Old: len(a), New: len(b)}}
	}
	var differences []dual.Difference
	for i := range a {
		differences = append(differences, diffNote(a[i], b[i])...)
	}
	return differences
}

// Memory keeps notes in memory. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	notes map[string]Note
	bug   bug
}

// bug is a way in which a store is broken on purpose.
type bug string

const (
	none           bug = ""
	losesWrites    bug = "loses every write of a pinned note"
	wrongField     bug = "stores no tags"
	trims          bug = "trims texts"
	rounds         bug = "rounds times to the second"
	swapsResults   bug = "returns another note than the one asked for"
	keepsDeleted   bug = "deletes nothing"
	silentMiss     bug = "returns an empty note for one that is not there"
	wrongOrder     bug = "lists backwards"
	ignoresLimit   bug = "lists more than was asked for"
	foundAlways    bug = "finds what is not there"
	countsWrong    bug = "counts one too many"
	pinsFirst      bug = "pins only the first of several"
	rewritesAbsent bug = "creates what it should only change"
	listsNone      bug = "lists none of the notes that it would delete"
)

var bugs = []bug{losesWrites, wrongField, trims, rounds, swapsResults, keepsDeleted, silentMiss, wrongOrder, ignoresLimit,
	foundAlways, countsWrong, pinsFirst, rewritesAbsent, listsNone}

// NewMemory returns an empty store.
func NewMemory() *Memory { return broken(none) }

func broken(b bug) *Memory { return &Memory{notes: map[string]Note{}, bug: b} }

// Get returns a note.
func (m *Memory) Get(_ context.Context, id string) (Note, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bug == swapsResults {
		for other, note := range m.notes {
			if other != id {
				return cloneNote(note), nil
			}
		}
	}
	note, ok := m.notes[id]
	if !ok && m.bug != silentMiss {
		return Note{}, ErrNotFound
	}
	return cloneNote(note), nil
}

// Find returns a note.
func (m *Memory) Find(_ context.Context, id string) (Note, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	note, ok := m.notes[id]
	return cloneNote(note), ok || m.bug == foundAlways, nil
}

// Save stores a note.
func (m *Memory) Save(_ context.Context, note Note) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	note = cloneNote(note)
	switch m.bug {
	case losesWrites:
		if note.Pinned {
			return nil
		}
	case wrongField:
		note.Tags = nil
	case trims:
		note.Text = strings.TrimSpace(note.Text)
	case rounds:
		note.Edited = note.Edited.Truncate(time.Second)
	}
	m.notes[note.ID] = note
	return nil
}

// made counts the ids that stores have made, so that no two make the same.
var made atomic.Int64

// Add stores a new note.
func (m *Memory) Add(ctx context.Context, note *Note) error {
	if note.ID == "" {
		note.ID = "made" + strconv.FormatInt(made.Add(1), 10)
	}
	return m.Save(ctx, *note)
}

// Post stores a new note.
func (m *Memory) Post(ctx context.Context, text string) (string, error) {
	note := Note{Text: text}
	err := m.Add(ctx, &note)
	return note.ID, err
}

// Rewrite changes a note's text.
func (m *Memory) Rewrite(_ context.Context, id, text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	note, ok := m.notes[id]
	if !ok && m.bug != rewritesAbsent {
		return ErrNotFound
	}
	note.ID, note.Text = id, text
	m.notes[id] = note
	return nil
}

// Pin pins notes.
func (m *Memory) Pin(_ context.Context, ids ...string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bug == pinsFirst && len(ids) > 1 {
		ids = ids[:1]
	}
	pinned := 0
	for _, id := range ids {
		if note, ok := m.notes[id]; ok {
			note.Pinned = true
			m.notes[id] = note
			pinned++
		}
	}
	return pinned, nil
}

// Delete removes a note.
func (m *Memory) Delete(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.notes[id]; !ok {
		return ErrNotFound
	}
	if m.bug != keepsDeleted {
		delete(m.notes, id)
	}
	return nil
}

// DeleteUnpinned removes all notes that are not pinned.
func (m *Memory) DeleteUnpinned(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, note := range m.notes {
		if !note.Pinned {
			delete(m.notes, id)
		}
	}
	return nil
}

// DeleteEmpty removes all notes without text.
func (m *Memory) DeleteEmpty(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	empty := m.empty()
	for _, id := range empty {
		delete(m.notes, id)
	}
	return len(empty), nil
}

// ListEmpty returns the ids of the notes without text.
func (m *Memory) ListEmpty(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	empty := m.empty()
	if m.bug == listsNone {
		return nil, nil
	}
	return empty, nil
}

func (m *Memory) empty() []string {
	var empty []string
	for id, note := range m.notes {
		if note.Text == "" {
			empty = append(empty, id)
		}
	}
	slices.Sort(empty)
	return empty
}

// List returns notes in the order of their ids.
func (m *Memory) List(_ context.Context, after string, limit int) ([]Note, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var page []Note
	for _, note := range m.notes {
		if note.ID > after {
			page = append(page, cloneNote(note))
		}
	}
	slices.SortFunc(page, func(a, b Note) int { return strings.Compare(a.ID, b.ID) })
	if m.bug == ignoresLimit {
		limit = len(page)
	}
	page = page[:min(limit, len(page))]
	if m.bug == wrongOrder {
		slices.Reverse(page)
	}
	return page, nil
}

// Len counts the notes.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bug == countsWrong {
		return len(m.notes) + 1
	}
	return len(m.notes)
}

// Close does nothing.
func (m *Memory) Close() error { return nil }
