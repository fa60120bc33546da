package console

import (
	"bytes"
	"context"
	"html/template"
	"net/http"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/phase"
)

// page is one page of the console.
type page struct {
	Name  string // its path, and its template
	Title string
	// fill adds what the page shows beside the report.
	fill func(context.Context, *Console, *view) error
}

// path is where the page is served.
func (p page) path() string {
	if p.Name == "overview" {
		return "/{$}"
	}
	return "/" + p.Name
}

// Href is where a link leads, relative to every page.
func (p page) Href() string {
	if p.Name == "overview" {
		return "./"
	}
	return p.Name
}

var pages = []page{
	{Name: "overview", Title: "Overview"},
	{Name: "kinds", Title: "Kinds", fill: fillKinds},
	{Name: "compare", Title: "Compare", fill: fillCompare},
	{Name: "fleet", Title: "Fleet"},
	{Name: "history", Title: "History", fill: fillHistory},
}

// view is what a template sees.
type view struct {
	outlook.Report
	Page    page
	Pages   []page
	Who     string
	MayAct  bool
	Now     time.Time
	Problem *problem // what became of the last request, where it was refused
	Failed  string   // why the fleet cannot be looked at
	Extra   any      // what fill adds
	Seen    string   // a fingerprint of the report: events tell what is otherwise since
}

// Phases are the chain, in order.
func (v view) Phases() []phase.Phase {
	var all []phase.Phase
	for p := phase.OldOnly; p.Valid(); p++ {
		all = append(all, p)
	}
	return all
}

// Certified is how many of the kinds that count have a valid certificate.
func (v view) Certified() (n int) {
	for _, k := range v.Kinds {
		if k.Valid {
			n++
		}
	}
	return n
}

// Counted is how many kinds a certificate is wanted of.
func (v view) Counted() (n int) {
	for _, k := range v.Kinds {
		if !k.Abandoned {
			n++
		}
	}
	return n
}

// Alive is how many instances of the service are alive.
func (v view) Alive() (n int) {
	for _, in := range v.Instances {
		if in.Live && !in.Command {
			n++
		}
	}
	return n
}

// Lost are the instances of the service whose lease ran out a moment ago.
func (v view) Lost() (names []string) {
	for _, in := range v.Instances {
		if !in.Live && !in.Command {
			names = append(names, in.ID)
		}
	}
	return names
}

// Last is the newest change. There is one.
func (v view) Last() control.Change { return v.Record.Trail[len(v.Record.Trail)-1] }

// LagText is for how long the oldest unclean key has waited.
func (v view) LagText() string {
	return time.Duration(v.Lag * float64(time.Second)).Round(time.Second).String()
}

// templates holds the templates of each page: the layout with that page's content.
var templates = func() map[string]*template.Template {
	all := make(map[string]*template.Template, len(pages))
	shared := template.Must(template.New("").Funcs(words).ParseFS(assets, "asset/layout.html", "asset/parts.html"))
	for _, p := range pages {
		all[p.Name] = template.Must(template.Must(shared.Clone()).ParseFS(assets, "asset/"+p.Name+".html"))
	}
	return all
}()

// serve shows a page.
func (c *Console) serve(p page) func(http.ResponseWriter, *http.Request, person) {
	return func(w http.ResponseWriter, r *http.Request, who person) {
		c.show(w, r, p, who, nil)
	}
}

// show renders a page as a whole before anything of it is sent.
func (c *Console) show(w http.ResponseWriter, r *http.Request, p page, who person, refused *problem) {
	ctx, cancel := context.WithTimeout(r.Context(), lookTimeout)
	defer cancel()
	v := view{Page: p, Pages: pages, Who: who.who, MayAct: who.role == Operator, Now: time.Now(), Problem: refused}
	status := http.StatusOK
	if refused != nil {
		status = refused.Status
	}
	var err error
	v.Report, err = c.looks.report(ctx)
	v.Seen = c.seen(v.Report, err)
	if err == nil && p.fill != nil {
		err = p.fill(ctx, c, &v)
	}
	if err != nil {
		c.config.Logger.Warn("the console cannot look at the fleet", "error", err)
		v.Failed, status = err.Error(), http.StatusServiceUnavailable
	}
	var body bytes.Buffer
	if err := templates[p.Name].ExecuteTemplate(&body, "layout.html", v); err != nil {
		c.config.Logger.Error("the console cannot render a page", "page", p.Name, "error", err)
		http.Error(w, "the page cannot be shown: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // whoever asked is gone
}
