package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
)

// events are what the page has happen.
func (s *site) events() map[string]func() {
	return map[string]func(){
		"deploy":                       s.deploy,
		"another fleet, in OldPrimary": s.anew,
		"cut the new store":            func() { s.link.cut(s.t) },
		"mend the new store":           func() { s.link.mend(s.t) },
		"a row that the new store cannot hold": func() {
			s.put("poison", strings.Repeat("s", 70_000))
		},
		"correct the row":            func() { s.put("poison", "shells") },
		"kill an instance":           func() { s.signal(0, syscall.SIGKILL) },
		"freeze a process":           func() { s.signal(1, syscall.SIGSTOP) },
		"let it go on":               func() { s.signal(1, syscall.SIGCONT) },
		"start it anew":              func() { s.start() },
		"write one key all the time": s.write,
		"no more":                    func() { s.hot() },
	}
}

// anew ends the fleet, and brings another one to where the certificate has just been issued.
func (s *site) anew() {
	s.finish()
	s.fleet.stop()
	*s = *newSite(s.t)
	s.command("catalog-ctl init")
	s.deploy()
	for _, line := range []string{"advance --to OldPrimary", "backfill", "verify"} {
		answer := s.command("catalog-ctl " + line)
		require.NotContains(s.t, answer, "exit status", answer)
	}
}

// deploy starts three instances, and clients that use them.
func (s *site) deploy() {
	for range instances {
		s.start()
	}
	s.clients = s.fleet.command(context.Background(), append([]string{"clients"}, s.urls...)...)
	s.clients.Stdout, s.clients.Stderr = &s.seen, &s.seen
	require.NoError(s.t, s.clients.Start())
	s.t.Cleanup(func() { _ = s.clients.Process.Kill() }) // it has ended, if nothing failed
}

func (s *site) start() {
	address, err := s.fleet.serve(context.Background())
	require.NoError(s.t, err, s.logs())
	s.urls = append(s.urls, "http://"+address)
}

func (s *site) signal(instance int, signal syscall.Signal) {
	require.NoError(s.t, s.fleet.started[instance].Process.Signal(signal))
}

// put saves a package through the last instance, and wants that acknowledged.
func (s *site) put(name, section string) {
	status, text := s.send(name, section)
	require.Equal(s.t, http.StatusOK, status, text)
}

func (s *site) send(name, section string) (status int, text string) {
	request, err := http.NewRequest(http.MethodPut, s.urls[len(s.urls)-1]+"/packages/"+name,
		strings.NewReader(`{"Version": "1", "Section": "`+section+`", "Updated": "2026-11-30T00:00:00Z"}`))
	require.NoError(s.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	return response.StatusCode, string(body)
}

// write writes one package without a pause until "no more".
func (s *site) write() {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			s.send("hot", "hot")
		}
	}()
	s.hot = func() { stop(); <-ended }
}

// link is the network between the fleet and the new store.
type link struct{ proxy *toxiproxy.Proxy }

func newLink(t *testing.T, server string) *link {
	host := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l := &link{toxiproxy.NewProxy(host, server, "127.0.0.1:0", server)}
	require.NoError(t, host.Collection.Add(l.proxy, true))
	t.Cleanup(l.proxy.Stop)
	return l
}

func (l *link) address() string { return l.proxy.Listen }

// cut swallows everything.
func (l *link) cut(t *testing.T) {
	_, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(`{"name": "cut", "type": "timeout", "stream": "upstream", "attributes": {"timeout": 0}}`))
	require.NoError(t, err)
}

func (l *link) mend(t *testing.T) {
	require.NoError(t, l.proxy.Toxics.RemoveToxic(context.Background(), "cut"))
}
