package browsertest

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/phase"
)

// reason is the field for the reason beside a button.
func reason(button string) string { return `form:has(#` + button + `) input[name="why"]` }

// Enter in the field for a reason means nothing: whoever ends a word by it has not stopped the fleet. A button pressed means what it says.
func TestEnterInAReason(t *testing.T) {
	s := open(t, phase.OldPrimary)
	before, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	w := s.window()
	for _, button := range []string{"step-back", "pause", "stop"} {
		var typed string
		s.run(w, chromedp.Navigate(s.url), has(button), chromedp.SendKeys(reason(button), "the disk is full"+kb.Enter),
			chromedp.Sleep(100*time.Millisecond), // a form that was sent would be on its way
			has(button), chromedp.Value(reason(button), &typed))
		require.Equal(t, "the disk is full", typed)
	}
	s.run(w, tabTo("stop"), chromedp.KeyEvent(kb.Enter), shows("writes are refused"))
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, before.Revision+1, record.Revision, "the button alone was pressed")
	require.Equal(t, phase.FreezeWrites, record.Settings.Freeze)
	require.Equal(t, "the disk is full", record.Why)
	require.Empty(t, s.problems)
}
