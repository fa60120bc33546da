package console_test

import (
	"bufio"
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/phase"
)

// follow opens the events of a page that has that fingerprint.
func (s *site) follow(ctx context.Context, seen string) *bufio.Scanner {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"events?seen="+seen, nil)
	require.NoError(s.t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	s.t.Cleanup(func() { answer.Body.Close() })
	require.Equal(s.t, "text/event-stream", answer.Header.Get("Content-Type"))
	return bufio.NewScanner(answer.Body)
}

// pause changes something.
func (s *site) pause(ctx context.Context) {
	_, err := control.Update(ctx, s.rig.Control, func(r *control.Record) error {
		r.Settings.Paused = true
		r.Epoch++
		return nil
	})
	if err != nil && ctx.Err() == nil {
		s.t.Error(err)
	}
}

var seenOf = regexp.MustCompile(`data-seen="(\w+)"`)

// An open page is told when something changes, and of nothing else.
func TestEvents(t *testing.T) {
	s := open(t, phase.OldPrimary)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, page := s.get("")
	lines := s.follow(ctx, seenOf.FindStringSubmatch(page)[1])
	require.True(t, lines.Scan())
	require.Equal(t, "retry: 1000", lines.Text())
	go func() {
		time.Sleep(time.Second) // a look or two at the fleet as it is
		s.pause(ctx)
	}()
	for lines.Scan() {
		if lines.Text() == "data: changed" {
			record, err := s.rig.Control.Load(ctx)
			require.NoError(t, err)
			require.True(t, record.Settings.Paused, "told before anything had changed")
			return
		}
	}
	t.Fatal(lines.Err())
}

// What changes between a page and its first look for changes is told too: that page would be old for good.
func TestEventsSincePage(t *testing.T) {
	s := open(t, phase.OldPrimary)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, page := s.get("")
	s.pause(ctx)
	time.Sleep(time.Second) // no look of before is fresh any more
	lines := s.follow(ctx, seenOf.FindStringSubmatch(page)[1])
	for lines.Scan() {
		if lines.Text() == "data: changed" {
			return
		}
	}
	t.Fatal(lines.Err())
}
