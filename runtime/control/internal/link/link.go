// Package link stands between a client and a server, so that a test can break their connections.
package link

import (
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Link passes bytes on to a server until it is cut.
type Link struct {
	listener net.Listener
	mu       sync.Mutex
	open     []net.Conn
	cut      bool
}

// New opens a link to the server's address.
func New(t *testing.T, server string) *Link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := &Link{listener: listener}
	t.Cleanup(func() { _ = listener.Close(); l.Cut() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			upstream, err := net.Dial("tcp", server)
			if err != nil || !l.add(client, upstream) {
				_ = client.Close()
				continue
			}
			go func() { _, _ = io.Copy(upstream, client); _ = upstream.Close() }()
			go func() { _, _ = io.Copy(client, upstream); _ = client.Close() }()
		}
	}()
	return l
}

func (l *Link) add(conns ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut {
		return false
	}
	l.open = append(l.open, conns...)
	return true
}

// Addr is where the link listens.
func (l *Link) Addr() string { return l.listener.Addr().String() }

// Cut breaks every connection and refuses new ones.
func (l *Link) Cut() { l.set(true) }

// Mend lets connections through again.
func (l *Link) Mend() { l.set(false) }

func (l *Link) set(cut bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = cut
	for _, conn := range l.open {
		_ = conn.Close() // broken on purpose
	}
	l.open = nil
}
