package ctl

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl/internal/dialect"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// hooks are told of what changes while watch runs.
type hooks struct {
	program string
	url     string
	last    *outlook.Report
	since   map[string]time.Time // when an instance was first seen; zero for those of the first report
}

// check refuses hooks that can never be told: nobody would notice before it matters.
func (h *hooks) check() error {
	if h.program != "" {
		if _, err := exec.LookPath(h.program); err != nil {
			return fmt.Errorf("%w: --exec: %w", errUsage, err)
		}
	}
	if h.url == "" {
		return nil
	}
	if u, err := url.Parse(h.url); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%w: --post wants an address such as https://chat.example/hook, and not %q", errUsage, h.url)
	}
	return nil
}

// event is what a hook gets: on a program's standard input, or as a request's body.
type event struct {
	What   []string       `json:"what"` // each change in a sentence
	Status outlook.Report `json:"status"`
}

// hookTimeout bounds one hook: the next look waits for it.
const hookTimeout = 30 * time.Second

// tell tells the hooks what has changed since the last report. The first report is none.
func (h *hooks) tell(ctx context.Context, now outlook.Report) error {
	if h.program == "" && h.url == "" {
		return nil
	}
	what := h.news(now, time.Now())
	if len(what) == 0 {
		return nil
	}
	body, err := dialect.Marshal(event{what, now})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	if h.program != "" {
		command := exec.CommandContext(ctx, h.program)
		command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(body), os.Stderr, os.Stderr
		command.Env = append(os.Environ(), "DUALGEN_WHAT="+strings.Join(what, "; "))
		command.WaitDelay = time.Second
		if err := command.Run(); err != nil {
			return fmt.Errorf("the hook %s: %w", h.program, err)
		}
	}
	if h.url == "" {
		return nil
	}
	return post(ctx, h.url, body)
}

// startPatience is how long an instance may take to start before anybody is told that the fleet waits for it.
const startPatience = 15 * time.Second

// news says what has changed since the last report.
func (h *hooks) news(now outlook.Report, at time.Time) []string {
	since, last := make(map[string]time.Time, len(now.Instances)), h.last
	for _, in := range now.Instances {
		first, known := h.since[in.ID]
		if !known && last != nil {
			first = at
		}
		since[in.ID] = first
	}
	h.since = since
	started := h.withoutStarting(now, at)
	h.last = &started
	if last == nil {
		return nil
	}
	return changes(*last, started)
}

// withoutStarting is a report without what waits for instances alone that have just started.
func (h *hooks) withoutStarting(r outlook.Report, at time.Time) outlook.Report {
	starts := func(id string) bool { return id != "" && at.Sub(h.since[id]) < startPatience }
	r.Forward.Blocked = slices.DeleteFunc(slices.Clone(r.Forward.Blocked), func(o control.Obstacle) bool { return starts(o.Instance) })
	r.Settled = r.Settled || !slices.ContainsFunc(r.Instances, func(in control.Instance) bool {
		return in.Live && in.Acked != r.Record.Epoch && !starts(in.ID)
	})
	return r
}

func post(ctx context.Context, address string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("the hook %s: %w", address, err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the hook: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the hook %s answered %s", address, answer.Status)
	}
	return nil
}

// changes says what is otherwise in the later report, but for figures that grow while all is well.
func changes(last, now outlook.Report) []string {
	var what []string
	add := func(changed bool, format string, args ...any) {
		if changed {
			what = append(what, fmt.Sprintf(format, args...))
		}
	}
	a, b := last.Record.Settings, now.Record.Settings
	add(last.Record.Phase != now.Record.Phase, "phase %v to %v", last.Record.Phase, now.Record.Phase)
	add(a.Freeze != b.Freeze, "freeze %v to %v", a.Freeze, b.Freeze)
	add(!a.Paused && b.Paused, "copies paused")
	add(a.Paused && !b.Paused, "copies resumed")
	add(!last.Settled && now.Settled, "all instances follow epoch %d", now.Record.Epoch)
	add(len(last.Forward.Blocked) > 0 && len(now.Forward.Blocked) == 0 && now.Forward.To != "", "nothing stands in the way of %s", now.Forward.To)
	add(len(last.Forward.Blocked) == 0 && len(now.Forward.Blocked) > 0 && now.Forward.To != "", "the step to %s is blocked", now.Forward.To)
	add(now.Unclean.Quarantined > last.Unclean.Quarantined, "%s quarantined, %s before", now.Unclean.Text(now.Unclean.Quarantined), last.Unclean.Text(last.Unclean.Quarantined))
	for _, name := range lost(last.Instances, now.Instances) {
		add(true, "the lease of instance %s ran out: its process ended without leaving, or hangs", name)
	}
	before := make(map[string]bool)
	for _, warning := range last.Warnings {
		before[head(warning)] = true
	}
	for _, warning := range now.Warnings {
		add(!before[head(warning)], "warning: %s", warning)
	}
	return append(what, kindChanges(last, now)...)
}

// lost are the instances of the service that were alive and are not.
func lost(last, now []control.Instance) (names []string) {
	for _, was := range last {
		if was.Live && !was.Command && slices.ContainsFunc(now, func(is control.Instance) bool { return is.ID == was.ID && !is.Live }) {
			names = append(names, was.ID)
		}
	}
	return names
}

// kindChanges says what became of backfills and certificates.
func kindChanges(last, now outlook.Report) (what []string) {
	before := make(map[string]outlook.Kind)
	for _, k := range last.Kinds {
		before[k.Kind] = k
	}
	for _, k := range now.Kinds {
		was := before[k.Kind]
		if k.Backfill.Complete && !was.Backfill.Complete {
			what = append(what, "backfill of "+k.Kind+" complete")
		}
		switch {
		case k.Valid && !was.Valid:
			what = append(what, k.Kind+" is proved equal in both stores")
		case !k.Valid && was.Valid:
			what = append(what, "the certificate of "+k.Kind+" counts no more: "+k.Reason)
		}
	}
	return what
}

// head is a warning without what follows its first colon, which holds figures.
func head(warning string) string {
	before, _, _ := strings.Cut(warning, ":")
	return before
}
