package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/dualgen/dualgen/examples/catalog/catalog"
	"github.com/dualgen/dualgen/runtime/console"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// callTimeout bounds a request.
const callTimeout = 5 * time.Second

// serve is one instance of the service: the API, and a reconciler beside it.
func serve(ctx context.Context, address string) error {
	known, err := peopleOfEnvironment()
	if err != nil {
		return err
	}
	opened, err := open(ctx, slog.LevelInfo)
	if err != nil {
		return err
	}
	defer opened.close()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	go reconcile.Run(ctx, opened.migration, reconcile.Config{QuarantineAfter: 4})
	pages, err := opened.pages()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.TimeoutHandler(opened.handler(), callTimeout, "too slow\n"))
	mux.Handle("/migration/", http.StripPrefix("/migration", known.signIn(pages)))
	server := &http.Server{Handler: named(listener.Addr(), mux), ReadHeaderTimeout: callTimeout, BaseContext: func(net.Listener) context.Context { return ctx }}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.WithoutCancel(ctx)) // nobody is left to be told
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// pages is the console, for those who have signed in.
func (s *service) pages() (http.Handler, error) {
	return console.New(console.Config{Migration: s.migration, Recorder: s.recorder, Authorize: authorize})
}

// handler is the API.
func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		answer(w, nil, s.migration.Ready())
	})
	mux.HandleFunc("GET /packages/{name}", func(w http.ResponseWriter, r *http.Request) {
		found, err := s.packages.Get(r.Context(), keyOf(r.PathValue("name")))
		answer(w, found, err)
	})
	mux.HandleFunc("PUT /packages/{name}", func(w http.ResponseWriter, r *http.Request) {
		var p catalog.Package
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&p); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		p.Name = r.PathValue("name")
		p.ID = keyOf(p.Name)
		answer(w, nil, s.packages.Save(r.Context(), &p))
	})
	mux.HandleFunc("DELETE /packages/{name}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, nil, s.packages.Delete(r.Context(), keyOf(r.PathValue("name"))))
	})
	mux.HandleFunc("GET /sections/{section}", func(w http.ResponseWriter, r *http.Request) {
		page, err := s.packages.BySection(r.Context(), r.PathValue("section"), r.URL.Query().Get("after"), 20)
		answer(w, page, err)
	})
	return mux
}

// answer writes a call's outcome. Clients come back later after what a migration refuses.
func answer(w http.ResponseWriter, value any, err error) {
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		http.Error(w, err.Error(), http.StatusNotFound)
	case errors.Is(err, dual.ErrReadOnly), errors.Is(err, dual.ErrStopped), errors.Is(err, dual.ErrNotReady), errors.Is(err, dual.ErrLeaseLost):
		w.Header().Set("Retry-After", "1")
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadGateway)
	case value == nil:
		fmt.Fprintln(w, "done")
	default:
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(value); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

// names is the namespace of the packages' keys.
var names = uuid.MustParse("6f4f5a52-6d0c-4e0e-9a3c-2b5f6c1d9e77")

// keyOf makes a package's key from its name.
func keyOf(name string) uuid.UUID { return uuid.NewSHA1(names, []byte(name)) }
