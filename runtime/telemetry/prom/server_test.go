package prom_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/telemetry"
	"github.com/dualgen/dualgen/runtime/telemetry/prom"
)

// server is the Prometheus that scripts/servers has started.
type server struct {
	t       *testing.T
	address string
	targets string // the folder that names what is scraped
}

func openServer(t *testing.T) server {
	t.Helper()
	text := os.Getenv("DUALGEN_PROMETHEUS")
	if text == "" {
		t.Fatal(`DUALGEN_PROMETHEUS is not set; eval "$(scripts/servers up prometheus)" starts a Prometheus and sets it`)
	}
	u, err := url.Parse(text)
	require.NoError(t, err)
	return server{t, "http://" + u.Host, u.Query().Get("targets")}
}

// scrape has the server scrape a registry under a job of the test's own, until the test ends.
func (s server) scrape(registry *prometheus.Registry) (job string) {
	s.t.Helper()
	target := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	s.t.Cleanup(target.Close)
	job = fmt.Sprintf("test-%d", time.Now().UnixNano())
	data, err := json.Marshal([]map[string]any{{"targets": []string{target.Listener.Addr().String()}, "labels": map[string]string{"job": job}}})
	require.NoError(s.t, err)
	file := filepath.Join(s.targets, job+".json")
	require.NoError(s.t, os.WriteFile(file, data, 0o644))
	s.t.Cleanup(func() { require.NoError(s.t, os.Remove(file)) })
	return job
}

// query asks for an instant vector, and returns how many series answered.
func (s server) query(expression string) int {
	s.t.Helper()
	response, err := http.PostForm(s.address+"/api/v1/query", url.Values{"query": {expression}})
	require.NoError(s.t, err)
	defer response.Body.Close()
	var answer struct {
		Status string
		Error  string
		Data   struct{ Result []any }
	}
	require.NoError(s.t, json.NewDecoder(response.Body).Decode(&answer))
	require.Equal(s.t, "success", answer.Status, "%s: %s", expression, answer.Error)
	return len(answer.Data.Result)
}

// until asks again and again: a busy machine scrapes late.
func (s server) until(expression string) {
	s.t.Helper()
	for s.query(expression) == 0 {
		time.Sleep(100 * time.Millisecond)
		if s.t.Context().Err() != nil {
			return
		}
	}
}

// A Prometheus scrapes a migration that was walked through every phase with failures, and every expression of the rules and of the
// dashboard is one that it understands, over metrics that there are.
func TestPrometheusScrapes(t *testing.T) {
	observer := prom.NewObserver(prom.Options{Migration: "books"})
	s := newShelf(t, observer, dual.OldPrimary)
	s.move(t, dual.OldPrimary, dual.Settings{Compare: 1})
	registry := prometheus.NewRegistry()
	registry.MustRegister(observer, prom.NewCollector(s.migration, telemetry.Config{Every: time.Millisecond}))
	s.stores[1].fail(fmt.Errorf("down"))
	for range 5 {
		_, _ = s.Get(t.Context(), 1)
		_ = s.Put(t.Context(), 1)
	}
	p := openServer(t)
	job := p.scrape(registry)
	p.until(fmt.Sprintf(`dualgen_mirror_writes_total{job=%q, outcome="failed"} == 5`, job))
	p.until(fmt.Sprintf(`histogram_quantile(0.99, dualgen_store_duration_seconds_bucket{job=%q, store="new", role="mirror", method="Books.Put"}) > 0`, job))
	p.until(fmt.Sprintf(`dualgen_phase{job=%q, migration="books"} == 2`, job))

	known := make(map[string]bool)
	for name := range gather(t, registry) {
		known[name] = true
	}
	for _, unseen := range []string{"dualgen_lease_remaining_seconds", "dualgen_certificate_age_seconds"} { // needs a fleet, a proof
		known[unseen] = true
	}
	metric := regexp.MustCompile(`dualgen_[a-z_]+`)
	expressions := append(ruleExpressions(t), dashboardExpressions(t)...)
	require.Greater(t, len(expressions), 25)
	for _, e := range expressions {
		e = strings.ReplaceAll(e, "$migration", "books")
		p.query(e)
		for _, name := range metric.FindAllString(e, -1) {
			require.True(t, known[strings.TrimSuffix(name, "_bucket")], "%s asks for %s, which is not published", e, name)
		}
	}
}

func ruleExpressions(t *testing.T) (all []string) {
	data, err := os.ReadFile("rules.yml")
	require.NoError(t, err)
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	require.NoError(t, yaml.Unmarshal(data, &file))
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			all = append(all, rule.Expr)
		}
	}
	return all
}

func dashboardExpressions(t *testing.T) (all []string) {
	data, err := os.ReadFile("dashboard.json")
	require.NoError(t, err)
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(data, &board))
	for _, panel := range board.Panels {
		require.NotEmpty(t, panel.Targets, panel.Title)
		for _, target := range panel.Targets {
			all = append(all, target.Expr)
		}
	}
	return all
}

// The rules are right by promtool, and fire and stay silent as rules_test.yml says; each rule is tried there.
func TestRules(t *testing.T) {
	for _, args := range [][]string{{"check", "rules", "rules.yml"}, {"test", "rules", "rules_test.yml"}} {
		out, err := exec.Command("promtool", args...).CombinedOutput()
		require.NoError(t, err, "promtool (scripts/servers up prometheus installs it) %v: %s", args, out)
	}
	tried, err := os.ReadFile("rules_test.yml")
	require.NoError(t, err)
	rules, err := os.ReadFile("rules.yml")
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(`alert: (\w+)`).FindAllSubmatch(rules, -1) {
		require.Contains(t, string(tried), string(match[1]), "no test of the rule")
	}
}
