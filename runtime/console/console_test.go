package console_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/console"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// site is a console of a small migration, and a browser without JavaScript.
type site struct {
	t    *testing.T
	rig  *rig.Rig
	url  string
	role console.Role
}

func open(t *testing.T, p phase.Phase) *site {
	s := &site{t: t, rig: rig.New(t, rig.Options{Phase: p}), role: console.Operator}
	page, err := console.New(console.Config{Migration: s.rig.Migration, Recorder: console.NewRecorder(),
		Authorize: func(*http.Request) (string, console.Role) { return "anna", s.role }})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/here/", http.StripPrefix("/here", page))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL + "/here/"
	return s
}

// get returns a page.
func (s *site) get(path string) (int, string) {
	s.t.Helper()
	answer, err := http.Get(s.url + path)
	require.NoError(s.t, err)
	return read(s.t, answer)
}

func read(t *testing.T, answer *http.Response) (int, string) {
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(body)
}

var epoch = regexp.MustCompile(`name="epoch" value="(\d+)"`)

// seen is the epoch of a page.
func seen(t *testing.T, body string) string {
	found := epoch.FindStringSubmatch(body)
	require.NotNil(t, found, body)
	return found[1]
}

// press sends the form of a page, and returns the page that it leads to.
func (s *site) press(body string, fields ...string) (int, string) {
	s.t.Helper()
	form := url.Values{"epoch": {seen(s.t, body)}}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	answer, err := http.PostForm(s.url+"act", form)
	require.NoError(s.t, err)
	return read(s.t, answer)
}

// The pages say where the fleet is, escape what comes from elsewhere, and load nothing from elsewhere.
func TestPages(t *testing.T) {
	s := open(t, phase.OldPrimary)
	s.rig.Fill(phase.Old, 3)
	for _, path := range []string{"", "kinds", "compare", "fleet", "history"} {
		answer, err := http.Get(s.url + path)
		require.NoError(t, err)
		require.Contains(t, answer.Header.Get("Content-Security-Policy"), "default-src 'none'")
		status, body := read(t, answer)
		require.Equal(t, http.StatusOK, status, body)
		require.Contains(t, body, `aria-current="page"`)
		require.NotRegexp(t, `(?i)(src|href|action)="(https?:|//)| on[a-z]+=|<style|style=`, body, "the policy would not let it run")
		require.NotContains(t, body, "ZgotmplZ")
	}
	_, body := s.get("")
	require.Contains(t, body, "OldPrimary: the old store answers, the new one is filled")
	require.Contains(t, body, "backfill "+rig.Kind, "the command that leads on")
	require.NotContains(t, body, `value="advance"`, "no button for a step that is blocked")
	status, body := s.get("nothing")
	require.Equal(t, http.StatusNotFound, status, body)
}

// A key may hold anything: it draws nothing, and runs nothing.
func TestKeysAreText(t *testing.T) {
	s := open(t, phase.OldGuarded)
	key := dual.Key{Kind: rig.Kind, ID: "<script>alert(1)</script>\u202e\n"}
	_, err := s.rig.Journal.Begin(t.Context(), "somebody", key, phase.Old)
	require.NoError(t, err)
	_, body := s.get("kinds")
	require.NotContains(t, body, "<script>alert")
	require.Contains(t, body, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.NotContains(t, body, "\u202e")
}

// A step is made by the gates, and by the page that the person saw; the trail names who and why.
func TestSteps(t *testing.T) {
	s := open(t, phase.OldOnly)
	_, body := s.get("")
	status, body := s.press(body, "do", "advance", "to", "OldPrimary", "why", "ticket 7")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, body, "OldPrimary: ")
	_, body = s.get("history")
	require.Contains(t, body, "anna (console)")
	require.Contains(t, body, "ticket 7")

	_, body = s.get("")
	status, body = s.press(body, "do", "advance", "to", "OldGuarded")
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, body, `role="alert"`)
	require.Contains(t, body, "refused: OldPrimary to OldGuarded")
	require.Contains(t, body, "Remedy:")
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, phase.OldPrimary, record.Phase)
}

// Of two who press the button of the same page, one makes the step and the other is told why not.
func TestTwoBrowsers(t *testing.T) {
	s := open(t, phase.OldOnly)
	_, page := s.get("")
	answers := make(chan string, 2)
	for range 2 {
		go func() {
			answer, err := http.PostForm(s.url+"act", url.Values{"epoch": {seen(t, page)}, "do": {"advance"}, "to": {"OldPrimary"}})
			if err != nil {
				answers <- err.Error()
				return
			}
			_, body := read(t, answer)
			answers <- fmt.Sprint(answer.StatusCode, " ", body)
		}()
	}
	one, other := <-answers, <-answers
	if strings.HasPrefix(one, "409") {
		one, other = other, one
	}
	require.True(t, strings.HasPrefix(one, "200"), one)
	require.True(t, strings.HasPrefix(other, "409"), other)
	require.Contains(t, other, "nothing was changed")
	require.Contains(t, other, "by anna (console)")
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, phase.OldPrimary, record.Phase)
}

// Stop and pause keep what the other has set.
func TestStopAndPause(t *testing.T) {
	s := open(t, phase.OldPrimary)
	_, page := s.get("")
	_, page = s.press(page, "do", "stop", "why", "the disk is full")
	require.Contains(t, page, "writes are refused")
	require.Contains(t, page, `id="resume"`)
	_, page = s.press(page, "do", "resume")
	require.Contains(t, page, "writes are refused")
	_, page = s.press(page, "do", "thaw")
	require.NotContains(t, page, "writes are refused")
	status, page := s.press(page, "do", "explode")
	require.Equal(t, http.StatusBadRequest, status, page)
}

// The form and the server take reasons of the same length, and the overview shows the beginning of a long one.
func TestReasons(t *testing.T) {
	s := open(t, phase.OldPrimary)
	_, page := s.get("")
	require.Contains(t, page, `maxlength="500"`)
	status, refused := s.press(page, "do", "stop", "why", strings.Repeat("x", 501))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, refused, "nothing was changed: the reason has 501 characters")
	status, page = s.press(page, "do", "pause", "why", strings.Repeat("x", 500))
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, ": "+strings.Repeat("x", 79)+"….")
	_, page = s.get("history")
	require.Contains(t, page, strings.Repeat("x", 500))
}

// Stop works from a page that somebody else has overtaken, and what cannot be is said to have changed nothing.
func TestStopFromAnOldPage(t *testing.T) {
	s := open(t, phase.OldPrimary)
	_, old := s.get("")
	_, page := s.get("")
	_, _ = s.press(page, "do", "pause")
	status, page := s.press(old, "do", "resume")
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, page, "nothing was changed")
	status, page = s.press(old, "do", "stop")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, page, "writes are refused")
	status, page = s.press(page, "do", "back", "to", "NewPrimary")
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, page, "nothing was changed: ")
	status, page = s.get("act")
	require.Equal(t, http.StatusOK, status, "loading a refusal again leads to the overview")
	require.Contains(t, page, "OldPrimary: ")
}

// Who may look changes nothing, and who may not look sees nothing.
func TestRoles(t *testing.T) {
	s := open(t, phase.OldOnly)
	_, page := s.get("")
	s.role = console.Viewer
	_, body := s.get("")
	require.NotContains(t, body, "<form")
	status, body := s.press(page, "do", "advance", "to", "OldPrimary")
	require.Equal(t, http.StatusForbidden, status, body)
	s.role = console.Nobody
	for _, path := range []string{"", "kinds", "events"} {
		status, body = s.get(path)
		require.Equal(t, http.StatusForbidden, status)
		require.NotContains(t, body, "OldOnly")
	}
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, phase.OldOnly, record.Phase)
	_, err = console.New(console.Config{Migration: s.rig.Migration})
	require.ErrorContains(t, err, "Authorize")
}

// A form that another site makes a browser send does nothing.
func TestAnotherSite(t *testing.T) {
	s := open(t, phase.OldOnly)
	_, page := s.get("")
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		form := url.Values{"epoch": {seen(t, page)}, "do": {"stop"}}
		request, err := http.NewRequest(http.MethodPost, s.url+"act", strings.NewReader(form.Encode()))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set(header[0], header[1])
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		status, _ := read(t, answer)
		require.Equal(t, http.StatusForbidden, status, header)
	}
	record, err := s.rig.Control.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, phase.FreezeNone, record.Settings.Freeze)
}

// A fleet that cannot be looked at is no empty fleet.
func TestControlDoesNotAnswer(t *testing.T) {
	var broken bool
	r := rig.New(t, rig.Options{Phase: phase.OldPrimary, Wrap: func(c control.Control) control.Control { return breakable{c, &broken} }})
	page, err := console.New(console.Config{Migration: r.Migration, Authorize: func(*http.Request) (string, console.Role) { return "anna", console.Operator }})
	require.NoError(t, err)
	broken = true
	answer := httptest.NewRecorder()
	page.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	broken = false
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	require.Contains(t, answer.Body.String(), "The fleet cannot be looked at")
	require.Contains(t, answer.Body.String(), "no route to it")
}

type breakable struct {
	control.Control
	broken *bool
}

func (b breakable) Instances(ctx context.Context) ([]control.Instance, error) {
	if *b.broken {
		return nil, fmt.Errorf("no route to it")
	}
	return b.Control.Instances(ctx)
}
