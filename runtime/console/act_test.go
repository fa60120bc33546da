package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/console"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// doubtful is a control store whose answers get lost: what it was asked to store may be stored.
type doubtful struct {
	control.Control
	lost   *bool
	stores bool
}

func (d doubtful) Swap(ctx context.Context, expected uint64, next control.Record) error {
	if !*d.lost {
		return d.Control.Swap(ctx, expected, next)
	}
	if d.stores {
		if err := d.Control.Swap(ctx, expected, next); err != nil {
			return err
		}
	}
	return errors.New("connection reset by peer")
}

// A step, or a stop, whose answer was lost may have been made: the page says that nobody knows, and never that nothing was changed.
func TestOutcomeIsNotKnown(t *testing.T) {
	for _, stores := range []bool{true, false} {
		for _, do := range []string{"back", "stop"} {
			var lost bool
			r := rig.New(t, rig.Options{Phase: phase.OldPrimary, Wrap: func(c control.Control) control.Control { return doubtful{c, &lost, stores} }})
			page, err := console.New(console.Config{Migration: r.Migration, Authorize: func(*http.Request) (string, console.Role) { return "anna", console.Operator }})
			require.NoError(t, err)
			server := httptest.NewServer(page)
			t.Cleanup(server.Close)
			answer, err := http.Get(server.URL)
			require.NoError(t, err)
			_, body := read(t, answer)
			lost = true
			answer, err = http.PostForm(server.URL+"/act", url.Values{"epoch": {seen(t, body)}, "do": {do}, "to": {"OldOnly"}})
			require.NoError(t, err)
			status, body := read(t, answer)
			lost = false
			require.Equal(t, http.StatusServiceUnavailable, status)
			require.Contains(t, body, `role="alert"`)
			require.Contains(t, body, "whether it was changed is not known: connection reset by peer")
			require.NotContains(t, body, "nothing was changed")
			record, err := r.Control.Load(t.Context())
			require.NoError(t, err)
			require.Equal(t, stores, record.Phase == phase.OldOnly || record.Settings.Paused, do)
		}
	}
}
