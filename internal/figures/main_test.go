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

func TestTableReplacesTheOldOne(t *testing.T) {
	dir := t.TempDir()
	file, document := filepath.Join(dir, "results"), filepath.Join(dir, "README.md")
	require.NoError(t, os.WriteFile(file, []byte(results), 0o644))
	require.NoError(t, os.WriteFile(document, []byte("above\n"+begin+"\nold\n"+end+"\nbelow\n"), 0o644))
	for range 2 { // the second run finds what the first wrote
		var out strings.Builder
		require.NoError(t, run([]string{file, document}, &out))
		require.Equal(t, wanted, out.String())
		text, err := os.ReadFile(document)
		require.NoError(t, err)
		require.Equal(t, "above\n"+begin+"\n\n"+wanted+"\n"+end+"\nbelow\n", string(text))
	}
}

func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	empty, bad, good := filepath.Join(dir, "empty"), filepath.Join(dir, "bad"), filepath.Join(dir, "good")
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
		{[]string{good, empty}, "there is no"},
	} {
		require.ErrorContains(t, run(c.args, &strings.Builder{}), c.want)
	}
}
