package console

import (
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// Role is what a person may do.
type Role uint8

// The roles. The zero value is nobody's.
const (
	Nobody   Role = iota // sees nothing
	Viewer               // sees everything, changes nothing
	Operator             // makes steps, pauses and stops
)

// Config is what a Console needs to know.
type Config struct {
	// Migration is the migration that is shown. Required.
	Migration *dual.Migration
	// Authorize says who sends a request, for the trail, and what that person may do. Required.
	Authorize func(*http.Request) (who string, role Role)
	// Recorder holds what the page "compare" shows. Defaults to nil: the page says how to give it one.
	Recorder *Recorder
	// Logger takes what goes wrong. Defaults to slog.Default().
	Logger *slog.Logger
}

// Console serves the pages. It is safe for concurrent use.
type Console struct {
	config Config
	mux    *http.ServeMux
	looks  looks
	origin *http.CrossOriginProtection
}

// lookTimeout bounds what one request asks of the control store and the journal.
const lookTimeout = 20 * time.Second

//go:embed asset
var assets embed.FS

// New returns a Console. It is an error if Migration or Authorize is missing.
func New(config Config) (*Console, error) {
	switch {
	case config.Migration == nil:
		return nil, errors.New("console: Config.Migration is missing")
	case config.Authorize == nil:
		return nil, errors.New("console: Config.Authorize is missing: say who may see the migration, and who may change it")
	}
	if config.Logger == nil {
		config.Logger = slog.Default()
	}
	c := &Console{config: config, mux: http.NewServeMux(), origin: http.NewCrossOriginProtection()}
	c.looks.lookout = outlook.Lookout{Migration: config.Migration, Control: config.Migration.Control()}
	files, err := fs.Sub(assets, "asset")
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		c.mux.Handle("GET "+p.path(), c.allow(Viewer, c.serve(p)))
	}
	c.mux.Handle("GET /events", c.allow(Viewer, c.events))
	c.mux.Handle("POST /act", c.allow(Operator, c.act))
	c.mux.Handle("GET /act", c.allow(Viewer, func(w http.ResponseWriter, _ *http.Request, _ person) { toOverview(w) })) // the address that a refusal stands under
	c.mux.Handle("GET /asset/", http.StripPrefix("/asset/", http.FileServerFS(files)))
	return c, nil
}

// policy lets a page load what the console serves, and nothing else: no inline script, no frame around it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
	if err := c.origin.Check(r); err != nil {
		http.Error(w, "refused: another site sent this request", http.StatusForbidden)
		return
	}
	c.mux.ServeHTTP(w, r)
}

// person is who sends a request.
type person struct {
	who  string
	role Role
}

// allow lets in those who have at least a role.
func (c *Console) allow(least Role, serve func(http.ResponseWriter, *http.Request, person)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var p person
		switch p.who, p.role = c.config.Authorize(r); {
		case p.role < Viewer || p.role > Operator:
			http.Error(w, "you may not see this migration", http.StatusForbidden)
		case p.role < least:
			http.Error(w, "you may see this migration, and not change it", http.StatusForbidden)
		default:
			serve(w, r, p)
		}
	})
}
