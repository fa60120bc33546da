package browsertest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/console"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/verify"
)

// patience bounds what a browser is waited for: a loaded machine is slow, a page that never changes is wrong.
const patience = time.Minute

// site is a console over a small migration, and a browser that looks at it.
type site struct {
	t       *testing.T
	rig     *rig.Rig
	url     string
	browser context.Context

	mu       sync.Mutex
	problems []string // what a page has reported
}

func open(t *testing.T, p phase.Phase) *site {
	program := os.Getenv("DUALGEN_CHROMIUM")
	require.NotEmpty(t, program, `no browser: export DUALGEN_CHROMIUM="$(scripts/browser)"  (or run: make test)`)
	s := &site{t: t, rig: rig.New(t, rig.Options{Phase: p})}
	page, err := console.New(console.Config{Migration: s.rig.Migration, Recorder: console.NewRecorder(),
		Authorize: func(*http.Request) (string, console.Role) { return "anna", console.Operator }})
	require.NoError(t, err)
	server := httptest.NewServer(http.StripPrefix("/migration", page))
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	s.url = server.URL + "/migration/"
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.WSURLReadTimeout(patience))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	s.browser, stop = chromedp.NewContext(allocated)
	t.Cleanup(stop)
	require.NoError(t, chromedp.Run(s.browser))
	return s
}

// window opens one more window, whose errors count.
func (s *site) window() context.Context {
	w, stop := chromedp.NewContext(s.browser)
	s.t.Cleanup(stop)
	chromedp.ListenTarget(w, func(event any) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if !strings.Contains(e.Entry.Text, "favicon") && !strings.Contains(e.Entry.URL, "favicon") {
				s.problems = append(s.problems, e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			s.problems = append(s.problems, e.ExceptionDetails.Error())
		}
	})
	require.NoError(s.t, chromedp.Run(w)) // the window lives as long as the context that it was opened with
	return w
}

func (s *site) run(w context.Context, actions ...chromedp.Action) {
	s.t.Helper()
	in, stop := context.WithTimeout(w, patience)
	defer stop()
	if err := chromedp.Run(in, actions...); err != nil {
		var page string
		_ = chromedp.Run(w, chromedp.Evaluate(`location.href + "\n" + document.body.innerText`, &page)) // to see more
		require.NoError(s.t, err, page)
	}
}

// until waits until an expression is true in the page: that of the time, since a form leads to another.
func until(expression string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for {
			var is bool
			if err := chromedp.Evaluate(expression, &is).Do(ctx); err == nil && is {
				return nil
			}
			select {
			case <-time.After(20 * time.Millisecond):
			case <-ctx.Done():
				return fmt.Errorf("it never became true: %s", expression)
			}
		}
	})
}

// shows waits until a whole page's text has that.
func shows(text string) chromedp.Action {
	return until(`document.readyState === "complete" && document.querySelector("main").innerText.includes(` + quote(text) + `)`)
}

// has waits until a whole page has an element of that id.
func has(id string) chromedp.Action {
	return until(`document.readyState === "complete" && document.getElementById(` + quote(id) + `) !== null`)
}

// follows waits until the page follows the migration.
var follows = until(`document.getElementById("live").innerText.startsWith("It follows")`)

func quote(text string) string { return `"` + strings.ReplaceAll(text, `"`, `\"`) + `"` }

// accessible is what a reader of screens is told of a page.
type accessible struct {
	Nodes []struct {
		Role word `json:"role"`
		Name word `json:"name"`
	} `json:"nodes"`
}

type word struct {
	Value any `json:"value"`
}

// Each page loads without an error of its own policy, and what a person can use has a name that a reader of screens says.
func TestPagesInChromium(t *testing.T) {
	s := open(t, phase.OldPrimary)
	for _, path := range []string{"", "kinds", "compare", "fleet", "history"} {
		w := s.window()
		var tree accessible
		s.run(w, chromedp.Navigate(s.url+path), follows,
			chromedp.ActionFunc(func(ctx context.Context) error {
				return cdp.Execute(ctx, "Accessibility.getFullAXTree", nil, &tree)
			}))
		usable := 0
		for _, n := range tree.Nodes {
			switch n.Role.Value {
			case "button", "link", "textbox", "checkbox", "table", "region", "progressbar":
				usable++
				require.NotEmpty(t, n.Name.Value, "%s: a %s without a name", path, n.Role.Value)
			}
		}
		require.GreaterOrEqual(t, usable, 6, path)
	}
	require.Empty(t, s.problems)
}

// An open page follows the migration, and keeps what a person is typing.
func TestFollows(t *testing.T) {
	s := open(t, phase.OldOnly)
	w := s.window()
	s.run(w, chromedp.Navigate(s.url), follows)
	_, err := control.NewCoordinator(s.rig.Control, s.rig.Journal).Advance(t.Context(), control.Step{By: "somebody"})
	require.NoError(t, err)
	s.run(w, shows("OldPrimary: the old store answers"))
	s.run(w, chromedp.SendKeys(`input[name="why"]`, "ticket"))
	_, err = control.NewCoordinator(s.rig.Control, s.rig.Journal).Back(t.Context(), control.Step{By: "somebody"})
	require.NoError(t, err)
	var typed string
	s.run(w, until(`document.getElementById("live").innerText.includes("Something has changed")`),
		chromedp.Value(`input[name="why"]`, &typed))
	require.Equal(t, "ticket", typed)
	require.Empty(t, s.problems)
}

// tabTo presses the tabulator until the element of that id has the focus.
func tabTo(id string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for range 60 {
			var focused string
			if err := chromedp.Run(ctx, chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(`document.activeElement.id || document.activeElement.name || ""`, &focused)); err != nil {
				return err
			}
			if focused == id {
				return nil
			}
		}
		return context.DeadlineExceeded
	})
}

// A whole migration, to the last phase and a step back, by keyboard alone.
func TestKeyboard(t *testing.T) {
	s := open(t, phase.OldOnly)
	s.rig.Fill(phase.Old, 20)
	w := s.window()
	prove := func() {
		_, err := backfill.Run(t.Context(), s.rig.Migration, rig.Kind, backfill.Config{})
		require.NoError(t, err)
		report, err := verify.Run(t.Context(), s.rig.Migration, rig.Kind, verify.Config{})
		require.NoError(t, err)
		require.True(t, report.Certified, report.Reason)
	}
	for next := phase.OldPrimary; next <= phase.NewOnly; next++ {
		if next == phase.OldGuarded {
			prove()
		}
		s.run(w, chromedp.Navigate(s.url), has("advance"))
		if next == phase.NewOnly {
			s.run(w, tabTo("confirm"), chromedp.KeyEvent(" "))
		}
		s.run(w, tabTo("advance"), chromedp.KeyEvent(kb.Enter), shows(next.String()+": "))
		s.settled()
	}
	s.run(w, chromedp.Navigate(s.url), has("step-back"), tabTo("step-back"), chromedp.KeyEvent(kb.Enter), shows("NewPrimary: "))
	require.Empty(t, s.problems)
}

// settled waits until the instance follows the record.
func (s *site) settled() {
	require.Eventually(s.t, func() bool {
		_, err := control.Settled(s.t.Context(), s.rig.Control)
		return err == nil
	}, patience, 10*time.Millisecond)
}

// Of two windows that show the same step one makes it, and the other says who did.
func TestTwoWindows(t *testing.T) {
	s := open(t, phase.OldOnly)
	windows := []context.Context{s.window(), s.window()}
	for _, w := range windows {
		s.run(w, chromedp.Navigate(s.url), has("advance"),
			chromedp.Evaluate(`document.querySelector("form input[name=why]").value = "mine"`, nil)) // so that the page stays as it is
	}
	s.run(windows[0], chromedp.Click("#advance"), shows("OldPrimary: "))
	s.run(windows[1], chromedp.Click("#advance"), shows("nothing was changed"), shows("by anna (console)"))
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, phase.OldPrimary, record.Phase)
}
