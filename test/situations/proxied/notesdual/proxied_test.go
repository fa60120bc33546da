package notesdual

import (
	"net/http/httptest"
	"testing"

	"github.com/dualgen/dualgen/runtime/proxy"
	"github.com/dualgen/dualgen/test/situations/proxied"
	"github.com/dualgen/dualgen/test/situations/proxied/kvnotes"
	"github.com/dualgen/dualgen/test/situations/proxied/notesproxy"
	"github.com/dualgen/dualgen/test/situations/walk"
)

func TestConformance(t *testing.T) {
	walk.Sequences(t, 30)
	RunNotesConformance(t, func(*testing.T) (old, new proxied.Notes) { return kvnotes.New(), kvnotes.New() })
}

// TestProxyConformance: a client of the proxy keeps the laws that a store keeps.
func TestProxyConformance(t *testing.T) {
	walk.Sequences(t, 30)
	RunNotesProxyConformance(t, func(*testing.T) proxied.Notes { return kvnotes.New() },
		func(t *testing.T, served proxied.Notes) proxied.Notes {
			server := httptest.NewServer(notesproxy.NewNotesServer(served, proxy.Options{}))
			t.Cleanup(server.Close)
			return notesproxy.NewNotesClient(server.URL, nil)
		})
}
