package walk

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func is(want State) func(State) bool { return func(s State) bool { return s == want } }

func write(t *testing.T, ledger *Ledger, name string, state State) {
	number, err := ledger.Begin(name, state)
	require.NoError(t, err)
	require.NoError(t, ledger.Done(name, number))
}

func TestLedgerJudgesReads(t *testing.T) {
	ledger, err := OpenLedger(filepath.Join(t.TempDir(), "ledger"))
	require.NoError(t, err)
	defer ledger.Close()
	absent, one, two, three := State{}, State{Present: true}, State{Present: true, Saves: 1}, State{Present: true, Saves: 2}

	before := ledger.Floor("a")
	write(t, ledger, "a", one)
	assert.True(t, ledger.Seen("a", before, is(absent)), "a read that began before the write may miss it")
	assert.False(t, ledger.Seen("a", ledger.Floor("a"), is(absent)), "an acknowledged write was lost")
	assert.True(t, ledger.Seen("a", ledger.Floor("a"), is(one)))
	assert.False(t, ledger.Seen("a", ledger.Floor("a"), is(two)), "nobody wrote that")

	_, err = ledger.Begin("a", two)
	require.NoError(t, err)
	_, acknowledged := ledger.Last("a")
	assert.False(t, acknowledged)
	assert.True(t, ledger.Seen("a", ledger.Floor("a"), is(one)), "a write that was not acknowledged may not have happened")
	assert.True(t, ledger.Seen("a", ledger.Floor("a"), is(two)), "or it may")
	assert.False(t, ledger.Seen("a", ledger.Floor("a"), is(one)), "what was seen once stays")

	write(t, ledger, "a", three)
	assert.False(t, ledger.Seen("a", ledger.Floor("a"), is(two)))
	assert.Equal(t, 2, ledger.Acknowledged())
}

// A ledger whose process was killed says the same; a line that was cut off counts as not written.
func TestLedgerSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger")
	first, err := OpenLedger(path)
	require.NoError(t, err)
	write(t, first, "a", State{Present: true})
	write(t, first, "a", State{Present: true, Hands: 1})
	_, err = first.Begin("b", State{Present: true, Saves: 7})
	require.NoError(t, err)
	require.NoError(t, first.Close())
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = file.WriteString("done b 1")
	require.NoError(t, err)
	require.NoError(t, file.Close())

	second, err := OpenLedger(path)
	require.NoError(t, err)
	defer second.Close()
	assert.Equal(t, 2, second.Acknowledged())
	assert.ElementsMatch(t, []string{"a", "b"}, second.Names())
	assert.False(t, second.Seen("a", second.Floor("a"), is(State{Present: true})))
	assert.True(t, second.Seen("a", second.Floor("a"), is(State{Present: true, Hands: 1})))
	state, acknowledged := second.Last("b")
	assert.Equal(t, State{Present: true, Saves: 7}, state)
	assert.False(t, acknowledged)
}
