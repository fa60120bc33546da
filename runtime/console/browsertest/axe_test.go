package browsertest

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// axe is the source of axe-core, which each page gets from the test: the console does not contain it.
func axe(t *testing.T) string {
	path := os.Getenv("DUALGEN_AXE")
	require.NotEmpty(t, path, `no axe-core: export DUALGEN_AXE="$(scripts/axe)"  (or run: make test)`)
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(source)
}

// violation is what axe-core finds wrong, with the elements that it is wrong in.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// violations runs axe-core over the page of the window, by all its rules but the experimental ones.
func violations(found *[]violation, passed *int, source string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if err := chromedp.Evaluate(source+"; true", new(bool)).Do(ctx); err != nil {
			return err
		}
		var text string
		await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
		err := chromedp.Evaluate(`axe.run(document).then(r => JSON.stringify({ violations: r.violations, passes: r.passes.length }))`, &text, await).Do(ctx)
		if err != nil {
			return err
		}
		var report struct {
			Violations []violation
			Passes     int
		}
		err = json.Unmarshal([]byte(text), &report)
		*found, *passed = report.Violations, report.Passes
		return err
	})
}

// crowded is a migration in which each page has everything to show that it can: a freeze, a pause, a lost instance, keys that differ and are
// quarantined, text from elsewhere, and a long history.
func crowded(t *testing.T, s *site) {
	ctx := t.Context()
	s.rig.Fill(phase.Old, 3)
	require.NoError(t, s.rig.Control.Renew(ctx, control.Instance{ID: "lost", Kinds: []string{rig.Kind}}, -1))
	var keys []journal.Key
	for i := range 60 {
		keys = append(keys, dual.Key{Kind: rig.Kind, ID: strings.Repeat("<b>key</b>", 3) + string(rune('A'+i))})
	}
	require.NoError(t, s.rig.Journal.MarkDirty(ctx, keys, phase.Old))
	token, taken, err := s.rig.Journal.BeginCopy(ctx, "copier", keys[0], 0)
	require.NoError(t, err)
	require.True(t, taken)
	require.NoError(t, s.rig.Journal.Fail(ctx, keys[0], token, "the new store refuses it: too long", 1))
	coordinator := control.NewCoordinator(s.rig.Control, s.rig.Journal)
	for i := range control.Trailed + 10 {
		_, err := coordinator.Change(ctx, func(settings *phase.Settings) {
			settings.Compare, settings.Paused, settings.Freeze = float64(i%10)/10, true, phase.FreezeWrites
		}, control.Step{By: "anna@laptop (console)", Why: strings.Repeat("why ", 125)})
		require.NoError(t, err)
	}
	s.settled()
}

// No page has anything that axe-core finds wrong, empty and full, light and dark; neither has the page of a refusal.
func TestNothingForAxe(t *testing.T) {
	source := axe(t)
	for _, full := range []bool{false, true} {
		s := open(t, phase.OldPrimary)
		if full {
			crowded(t, s)
		}
		check := func(w context.Context, name string) {
			for _, scheme := range []string{"light", "dark"} {
				var found []violation
				var passed int
				s.run(w, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
					violations(&found, &passed, source))
				require.Empty(t, found, "page %s, full %v, %s", name, full, scheme)
				require.Greater(t, passed, 15, "rules that had something to look at")
			}
		}
		w := s.window()
		for _, path := range []string{"", "kinds", "compare", "fleet", "history"} {
			s.run(w, chromedp.Navigate(s.url+path), follows)
			check(w, path)
		}
		s.run(w, chromedp.Navigate(s.url), follows, chromedp.Evaluate(`document.querySelector("form:has(#step-back) [name=to]").value = "NewOnly"`, nil),
			chromedp.Click("#step-back"), shows("nothing was changed"))
		check(w, "of a refusal")
		require.Len(t, s.problems, 1, "the status of the refusal")
		require.Contains(t, s.problems[0], "409")
	}
}

// What axe-core is run for is found: a page with a field that has no name is one.
func TestAxeFinds(t *testing.T) {
	source := axe(t)
	s := open(t, phase.OldPrimary)
	w := s.window()
	var found []violation
	s.run(w, chromedp.Navigate(s.url), follows, chromedp.Evaluate(`document.querySelector("main").insertAdjacentHTML("beforeend", "<input class=nameless>")`, nil),
		violations(&found, new(int), source))
	require.Len(t, found, 1)
	require.Equal(t, "label", found[0].ID)
}

// most is how many bytes a page has, with all that it loads.
const most = 150 << 10

// A page loads what the console serves, and no more bytes than a slow line has patience for; nothing in it asks for more than its policy allows.
func TestPagesAreLight(t *testing.T) {
	s := open(t, phase.OldPrimary)
	crowded(t, s)
	w := s.window()
	for _, path := range []string{"", "kinds", "compare", "fleet", "history"} {
		var loaded []struct {
			Name string
			Size int
		}
		s.run(w, chromedp.Navigate(s.url+path), follows,
			chromedp.Evaluate(`performance.getEntries().filter(e => e.decodedBodySize !== undefined).map(e => ({ name: e.name, size: e.decodedBodySize }))`, &loaded))
		total := 0
		for _, l := range loaded {
			require.True(t, strings.HasPrefix(l.Name, s.url), l.Name)
			total += l.Size
		}
		t.Logf("page %q: %d bytes in %d answers", path, total, len(loaded))
		require.Greater(t, total, 5<<10)
		require.LessOrEqual(t, total, most)
	}
	require.Empty(t, s.problems)
}

// The policy lets no script run that stands in a page, nor one that a handler of an element would be.
func TestNothingInlineRuns(t *testing.T) {
	s := open(t, phase.OldPrimary)
	w := s.window()
	var ran bool
	s.run(w, chromedp.Navigate(s.url), follows, chromedp.Evaluate(`
		const script = document.createElement("script"); script.textContent = "window.ran = true"; document.body.append(script);
		document.body.insertAdjacentHTML("beforeend", "<p id=evil onclick='window.ran = true'>x</p>"); document.getElementById("evil").click();
		window.ran === true`, &ran))
	require.False(t, ran)
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Contains(t, strings.Join(s.problems, " "), "Content Security Policy", "the browser says that it has refused them")
}
