package crash

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// link is the network between the processes and one server.
type link struct {
	proxy *toxiproxy.Proxy
	mu    sync.Mutex
}

func newLink(t *testing.T, server string) *link {
	host := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l := &link{proxy: toxiproxy.NewProxy(host, server, "127.0.0.1:0", server)}
	require.NoError(t, host.Collection.Add(l.proxy, true))
	t.Cleanup(l.proxy.Stop)
	return l
}

func (l *link) address() string { return l.proxy.Listen }

// lead leads the link to where the server is now.
func (l *link) lead(t *testing.T, server string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.proxy.Upstream != server {
		require.NoError(t, l.proxy.Update(&toxiproxy.Proxy{Listen: l.proxy.Listen, Upstream: server, Enabled: true}))
	}
}

// toxic is one kind of fault. Delays stay below what the settle window leaves beside the statement timeout: what arrives
// later is a zombie, of which nothing is promised.
type toxic struct {
	kind       string
	attributes map[string]any
}

var toxics = []toxic{
	{"latency", map[string]any{"latency": 150, "jitter": 100}},
	{"bandwidth", map[string]any{"rate": 20}},     // KB/s
	{"slow_close", map[string]any{"delay": 300}},  // ms
	{"timeout", map[string]any{"timeout": 250}},   // swallows everything, then closes
	{"reset_peer", map[string]any{"timeout": 20}}, // ms
	{"limit_data", map[string]any{"bytes": 1500}}, // then closes, in the midst of a message
}

var directions = []string{"upstream", "downstream"}

// add makes a fault that lasts until cure.
func (l *link) add(t *testing.T, fault toxic, direction string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text, err := json.Marshal(map[string]any{"name": "fault", "type": fault.kind, "stream": direction, "attributes": fault.attributes})
	require.NoError(t, err)
	_, err = l.proxy.Toxics.AddToxicJson(strings.NewReader(string(text)))
	require.NoError(t, err)
}

// cure ends a fault.
func (l *link) cure(t *testing.T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	require.NoError(t, l.proxy.Toxics.RemoveToxic(context.Background(), "fault"))
}
