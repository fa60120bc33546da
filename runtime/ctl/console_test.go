package ctl

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// The printed address leads to the pages, nothing else does, and without --operate the page changes nothing.
func TestConsole(t *testing.T) {
	r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
	open := func(context.Context) (*dual.Migration, error) { return r.Open(nil), nil }
	ctx, cancel := context.WithCancel(t.Context())
	out, written := io.Pipe()
	ended := make(chan int)
	var errors bytes.Buffer
	go func() { ended <- Run(ctx, []string{"console"}, written, &errors, open) }()
	lines := bufio.NewScanner(out)
	require.True(t, lines.Scan())
	address := lines.Text()

	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	get := func(c *http.Client, address string) (int, string) {
		answer, err := c.Get(address)
		require.NoError(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(body)
	}
	base, _, _ := bytes.Cut([]byte(address), []byte("?"))
	status, body := get(http.DefaultClient, string(base))
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, body, "open the address that the command printed")
	status, body = get(browser, address)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "OldPrimary: ")
	require.NotContains(t, body, "<form")
	status, _ = get(browser, string(base)+"kinds")
	require.Equal(t, http.StatusOK, status)
	cancel()
	require.Equal(t, ExitDone, <-ended, errors.String())

	var text bytes.Buffer
	require.Equal(t, ExitUsage, Run(t.Context(), []string{"console", "--listen", "0.0.0.0:0"}, &text, &text, open))
	require.Contains(t, text.String(), "can be reached from other machines")
}
