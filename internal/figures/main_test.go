package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const results = `{"layer":"schedules","level":"ci","count":5200000,"unit":"schedules","violations":0,"detail":"14 of 14 red | controls","seconds":301.4}
{"layer":"kills","count":512,"unit":"kill -9","violations":1,"seconds":99.6}
`

const wanted = `| what | count | violations | seconds | how |
|---|--:|--:|--:|---|
| schedules | 5,200,000 schedules | 0 | 301 | 14 of 14 red / controls |
| kills | 512 kill -9 | 1 | 100 | – |
`

const sums = `- 5,200,000 schedules
- 512 kill -9

Violations: 1.
`

func TestDocumentsAreUpdated(t *testing.T) {
	dir := t.TempDir()
	file, readme, page := filepath.Join(dir, "results"), filepath.Join(dir, "README.md"), filepath.Join(dir, "testing.md")
	marked := func(mark, text string) string {
		return "above\n" + begin(mark) + "\n" + text + "\n" + end(mark) + "\nbelow\n"
	}
	require.NoError(t, os.WriteFile(file, []byte(results), 0o644))
	require.NoError(t, os.WriteFile(readme, []byte(marked(totalsMark, "old")), 0o644))
	require.NoError(t, os.WriteFile(page, []byte(marked(figuresMark, "old")+marked(totalsMark, "old")), 0o644))
	for range 2 { // the second run finds what the first wrote
		var out strings.Builder
		require.NoError(t, run([]string{file, readme, page}, &out))
		require.Equal(t, wanted, out.String())
		text, err := os.ReadFile(readme)
		require.NoError(t, err)
		require.Equal(t, marked(totalsMark, "\n"+sums), string(text))
		text, err = os.ReadFile(page)
		require.NoError(t, err)
		require.Equal(t, marked(figuresMark, "\n"+wanted)+marked(totalsMark, "\n"+sums), string(text))
	}
}

func TestTotalsAddRowsOfOneUnit(t *testing.T) {
	got := totals([]row{{Unit: "kills", Count: 900}, {Unit: "faults", Count: 7}, {Unit: "kills", Count: 200, Violations: 2}})
	require.Equal(t, "- 1,100 kills\n- 7 faults\n\nViolations: 2.\n", got)
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	empty, bad, good, open := filepath.Join(dir, "empty"), filepath.Join(dir, "bad"), filepath.Join(dir, "good"), filepath.Join(dir, "open")
	require.NoError(t, os.WriteFile(open, []byte(begin(totalsMark)), 0o644))
	require.NoError(t, os.WriteFile(empty, nil, 0o644))
	require.NoError(t, os.WriteFile(bad, []byte("{}\n{"), 0o644))
	require.NoError(t, os.WriteFile(good, []byte(results), 0o644))
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "usage"},
		{[]string{empty}, "no results"},
		{[]string{bad}, "line 2"},
		{[]string{good, empty}, "there is neither"},
		{[]string{good, open}, "there is no"},
	} {
		require.ErrorContains(t, run(c.args, &strings.Builder{}), c.want)
	}
}
