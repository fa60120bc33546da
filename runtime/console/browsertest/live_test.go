package browsertest

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// mouse presses or releases the button of the mouse in the middle of an element.
func mouse(what input.MouseType, id string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var at struct{ X, Y float64 }
		place := `(r => ({ x: r.x + r.width / 2, y: r.y + r.height / 2 }))(document.getElementById(` + quote(id) + `).getBoundingClientRect())`
		if what == input.MousePressed {
			if err := chromedp.ScrollIntoView("#" + id).Do(ctx); err != nil {
				return err
			}
		}
		if err := chromedp.Evaluate(place, &at).Do(ctx); err != nil {
			return err
		}
		return input.DispatchMouseEvent(what, at.X, at.Y).WithButton(input.Left).WithClickCount(1).Do(ctx)
	})
}

// says waits until the foot of the page has that.
func says(text string) chromedp.Action {
	return until(`document.getElementById("live").innerText.includes(` + quote(text) + `)`)
}

// marked marks the content that is there, and stays tells whether it is there still: what is loaded anew has no mark.
var marked = chromedp.Evaluate(`document.querySelector("main section").dataset.mark = "here"`, nil)

const stays = `document.querySelector("main section").dataset.mark === "here"`

// changed has somebody else change something that the page shows, without an epoch's step.
func (s *site) changed() {
	s.t.Helper()
	require.NoError(s.t, control.Note(s.t.Context(), s.rig.Control, "somebody", "evicted a", ""))
}

// A button that is held down while the page changes is the one that is released: its click is not lost, and nothing else is pressed.
func TestPressedButtonStays(t *testing.T) {
	s := open(t, phase.OldPrimary)
	w := s.window()
	s.run(w, chromedp.Navigate(s.url), follows, marked, mouse(input.MousePressed, "stop"))
	s.changed()
	s.run(w, says("It waits while something is pressed"))
	var there bool
	s.run(w, chromedp.Evaluate(stays, &there))
	require.True(t, there)
	s.run(w, mouse(input.MouseReleased, "stop"), shows("writes are refused"))
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, phase.FreezeWrites, record.Settings.Freeze)
	require.Equal(t, "anna (console)", record.By)
	require.Empty(t, s.problems)
}

// A press that became no click lets the page go on.
func TestPageGoesOnAfterAPress(t *testing.T) {
	s := open(t, phase.OldPrimary)
	w := s.window()
	s.run(w, chromedp.Navigate(s.url), follows, mouse(input.MousePressed, "where"))
	s.changed()
	s.run(w, says("It waits"), mouse(input.MouseReleased, "where"), shows("evicted a"), follows)
	require.Empty(t, s.problems)
}

// A field that a person is about to type in, and text that a person has selected, stay.
func TestFocusAndSelectionStay(t *testing.T) {
	s := open(t, phase.OldPrimary)
	for name, hold := range map[string]string{
		"focus":     `document.querySelector("form:has(#stop) [name=why]").focus()`,
		"selection": `getSelection().selectAllChildren(document.getElementById("where"))`,
	} {
		w := s.window()
		s.run(w, chromedp.Navigate(s.url), follows, marked, chromedp.Evaluate(hold, nil))
		s.changed()
		s.run(w, says("It waits"))
		var there bool
		s.run(w, chromedp.Evaluate(stays, &there))
		require.True(t, there, name)
		s.run(w, chromedp.Evaluate(`getSelection().empty(); document.activeElement.blur()`, nil), until(`!(`+stays+`)`))
	}
	require.Empty(t, s.problems)
}

// The focus stays on the button that it was on when the content is replaced.
func TestFocusedButtonStays(t *testing.T) {
	s := open(t, phase.OldPrimary)
	w := s.window()
	s.run(w, chromedp.Navigate(s.url), follows, marked, chromedp.Focus("#pause"))
	s.changed()
	var focused string
	s.run(w, until(`!(`+stays+`)`), chromedp.Evaluate(`document.activeElement.id`, &focused))
	require.Equal(t, "pause", focused)
	require.Empty(t, s.problems)
}
