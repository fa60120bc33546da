package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dualgen/dualgen/test/crash/internal/audit"
)

// level is how much a run does. It is chosen by the environment variable DUALGEN_CRASH.
type level string

const (
	quick level = ""     // less than a minute: go test
	ci    level = "ci"   // the figures of every CI run, in about ten minutes on two cores
	long  level = "long" // the figures before a release: hours
)

func levelFromEnv() (level, error) {
	switch l := level(os.Getenv("DUALGEN_CRASH")); l {
	case quick, ci, long:
		return l, nil
	default:
		return quick, fmt.Errorf("DUALGEN_CRASH=%q: want ci, long, or nothing", l)
	}
}

// pick returns the value for the level.
func pick[T any](l level, forQuick, forCI, forLong T) T {
	switch l {
	case ci:
		return forCI
	case long:
		return forLong
	}
	return forQuick
}

// tally counts what a world went through.
type tally struct {
	mu                                                  sync.Mutex
	began                                               time.Time
	kills                                               map[string]int  // by point
	gates                                               map[string]int  // that refused a step
	cells                                               map[string]bool // faults by toxic, direction, store and phase
	pauses, storeKills, faults, rounds                  int
	steps                                               []time.Duration
	acknowledged, operations, undecided, unknown, asked int
	verified                                            int64
	violations                                          int
}

func (t *tally) killed(point string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kills == nil {
		t.kills = make(map[string]int)
	}
	t.kills[point]++
}

// allKills is the number of processes that were killed.
func (t *tally) allKills() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	sum := 0
	for _, count := range t.kills {
		sum += count
	}
	return sum
}

func (t *tally) add(counter *int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*counter++
}

func (t *tally) storeKilled() { t.add(&t.storeKills) }

func (t *tally) fault(cell string) {
	t.add(&t.faults)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cells == nil {
		t.cells = make(map[string]bool)
	}
	t.cells[cell] = true
}

func (t *tally) paused() { t.add(&t.pauses) }

func (t *tally) refused(gates []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.gates == nil {
		t.gates = make(map[string]int)
	}
	t.gates[strings.Join(gates, "+")]++
}

func (t *tally) stepped(took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = append(t.steps, took)
}

// compared counts the entities that verify passes compared while they were written.
func (t *tally) compared(entities int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.verified += entities
}

func (t *tally) audited(r audit.Report) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rounds++
	t.acknowledged += r.Acknowledged
	t.operations += r.Operations
	t.undecided += r.Undecided
	t.unknown += r.Unknown
	t.asked += r.Refused
	t.violations += len(r.Lost) + len(r.Illegal)
}

// row is one line of the table of results; proof writes the same ones.
type row struct {
	Layer      string  `json:"layer"`
	Level      level   `json:"level"`
	Count      int64   `json:"count"`
	Unit       string  `json:"unit"`
	Violations int64   `json:"violations"`
	Detail     string  `json:"detail,omitempty"`
	Seconds    float64 `json:"seconds"`
}

// report prints the table, and appends it as lines of JSON to the file that DUALGEN_RESULTS names, if it names one.
func (t *tally) report(name string, l level) error {
	kills := t.allKills()
	t.mu.Lock()
	defer t.mu.Unlock()
	seconds := time.Since(t.began).Seconds()
	named := 0
	for point, count := range t.kills {
		if point != "random" {
			named += count
		}
	}
	slices.Sort(t.steps)
	rows := []row{
		{Unit: "kills of processes", Count: int64(kills), Detail: fmt.Sprintf("%d at %d named points, %d rounds, %.0f a minute",
			named, max(0, len(t.kills)-1), t.rounds, float64(kills)/seconds*60)},
		{Unit: "pauses past the lease", Count: int64(t.pauses)},
		{Unit: "kills of stores", Count: int64(t.storeKills)},
		{Unit: "network faults", Count: int64(t.faults), Detail: fmt.Sprintf("%d combinations of toxic, direction, store and phase", len(t.cells))},
		{Unit: "phase changes", Count: int64(len(t.steps)), Detail: t.latencies()},
		{Unit: "acknowledged writes", Count: int64(t.acknowledged), Detail: fmt.Sprintf("%d of unknown outcome, %d refused", t.unknown, t.asked)},
		{Unit: "entities verified under load", Count: t.verified},
		{Unit: "operations checked for linearizability", Count: int64(t.operations), Detail: fmt.Sprintf("%d histories undecided", t.undecided)},
	}
	for _, r := range rows {
		if r.Count == 0 {
			continue
		}
		r.Layer, r.Level, r.Seconds, r.Violations = "crash "+name, l, seconds, int64(t.violations)
		if err := r.write(); err != nil {
			return err
		}
	}
	fmt.Printf("crash %s: points %v\ncrash %s: refusals %v\n", name, t.kills, name, t.gates)
	return nil
}

// latencies says how long the fleet took to follow a step.
func (t *tally) latencies() string {
	if len(t.steps) == 0 {
		return ""
	}
	at := func(share float64) time.Duration {
		return t.steps[int(share*float64(len(t.steps)-1))].Round(time.Millisecond)
	}
	return fmt.Sprintf("until all live instances followed: median %v, 90%% %v, longest %v", at(0.5), at(0.9), at(1))
}

func (r row) write() error {
	fmt.Printf("%-24s %8d  %-40s %d violations  %s\n", r.Layer, r.Count, r.Unit, r.Violations, r.Detail)
	name := os.Getenv("DUALGEN_RESULTS")
	if name == "" {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644) //nolint:gosec // a report for everybody
	if err != nil {
		return err
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}
