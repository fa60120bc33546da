package ledger

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A ledger tells what was written, however the last line ends.
func TestReadWhatWasWritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "ledger")
	w, err := Create(name)
	require.NoError(t, err)
	wrote := State{Present: true, Value: 3, Note: 4}
	number, err := w.Begin(Put, "a", wrote)
	require.NoError(t, err)
	_, err = w.Begin(Delete, "b", State{})
	require.NoError(t, err)
	require.NoError(t, w.End(number, Done, wrote))
	require.NoError(t, w.Verify(Verified{Proves: true, Compared: 9}))
	full, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, append(full, "answer 2 77 do"...), 0o600))

	book, err := Read(name)
	require.NoError(t, err)
	require.Len(t, book.Calls, 2)
	a, b := book.Calls[0], book.Calls[1]
	assert.Equal(t, Done, a.Outcome)
	assert.Equal(t, wrote, a.Wrote)
	assert.Equal(t, wrote, a.Read)
	assert.Greater(t, a.Ended, a.Began)
	assert.Equal(t, Unknown, b.Outcome)
	assert.False(t, b.Wrote.Present)
	assert.Equal(t, []Verified{{Proves: true, Compared: 9}}, book.Verified)
}

func TestReadNothing(t *testing.T) {
	book, err := Read(filepath.Join(t.TempDir(), "none"))
	require.NoError(t, err)
	assert.Empty(t, book.Calls)
}
