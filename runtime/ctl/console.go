package ctl

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/dualgen/dualgen/runtime/console"
)

// consoleCookie and the port name what holds the key that whoever opened the printed address has: a browser sends the cookies of one port to
// all.
const consoleCookie = "dualgen-console-"

func bindConsole(flags *flag.FlagSet) func(context.Context, *session) error {
	listen := flags.String("listen", "127.0.0.1:0", "where to listen: an address of this machine alone")
	operate := flags.Bool("operate", false, "let the page make steps, pause and stop; without it, it shows only")
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			fmt.Fprintln(s.err, "warning:", err)
		}
		role := console.Viewer
		if *operate {
			role = console.Operator
		}
		page, err := console.New(console.Config{Migration: s.migration,
			Authorize: func(*http.Request) (string, console.Role) { return s.by, role }})
		if err != nil {
			return err
		}
		listener, err := listenHere(ctx, *listen)
		if err != nil {
			return err
		}
		key := rand.Text()
		fmt.Fprintf(s.out, "http://%s/?key=%s\n", listener.Addr(), key)
		return serve(ctx, listener, withKey(listener.Addr().(*net.TCPAddr).Port, key, page))
	}
}

// listenHere listens on this machine alone: the key goes over the wire as it is.
func listenHere(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		return nil, errors.Join(fmt.Errorf("%w: --listen %s can be reached from other machines: use 127.0.0.1 and a tunnel, or mount console.New in the service, "+
			"behind its own sign-in", errUsage, address), listener.Close())
	}
	return listener, nil
}

// serve serves until the context ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); ctx.Err() == nil {
		return fmt.Errorf("serve the console: %w", err)
	}
	return nil
}

// withKey lets in those who have opened the address with the key: other people of this machine can reach it too.
func withKey(port int, key string, next http.Handler) http.Handler {
	name := consoleCookie + strconv.Itoa(port)
	is := func(given string) bool { return subtle.ConstantTimeCompare([]byte(given), []byte(key)) == 1 }
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if is(r.URL.Query().Get("key")) {
			http.SetCookie(w, &http.Cookie{Name: name, Value: key, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		if cookie, err := r.Cookie(name); err != nil || !is(cookie.Value) {
			http.Error(w, "open the address that the command printed", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
