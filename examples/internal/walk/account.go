package walk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Totals is what the account shows, over all processes of one walk.
type Totals struct {
	Calls        int64 // of the service, on the wrapper
	Acknowledged int64 // writes that were acknowledged, by the ledger
	Refused      int64 // calls that the primary failed; each was tried again
	Mirrored     int64 // writes that reached both stores in the call
	Failed       int64 // mirror writes that failed
	Repaired     int64 // keys that the reconciler copied
	Compared     int64 // entities compared by shadow reads and verify passes
	Lost         int64 // acknowledged writes that a read or an audit did not find
	Diverged     int64 // packages in which the two stores differed at an audit
	Kills        int64 // kill -9 of the process
}

func (t Totals) plus(o Totals) Totals {
	return Totals{
		Calls: t.Calls + o.Calls, Acknowledged: t.Acknowledged + o.Acknowledged, Refused: t.Refused + o.Refused,
		Mirrored: t.Mirrored + o.Mirrored, Failed: t.Failed + o.Failed, Repaired: t.Repaired + o.Repaired,
		Compared: t.Compared + o.Compared, Lost: t.Lost + o.Lost, Diverged: t.Diverged + o.Diverged, Kills: t.Kills + o.Kills,
	}
}

// progress is what a walk remembers from one process to the next.
type progress struct {
	Station  int       // the next one
	Crashes  int       // in that station, already
	Started  time.Time // of the walk
	Totals   Totals    // of the processes before, and of this one when it was saved
	Examples []string  // of violations
}

func loadProgress(directory string) (progress, error) {
	var p progress
	data, err := os.ReadFile(filepath.Join(directory, "progress.json"))
	if errors.Is(err, os.ErrNotExist) {
		return progress{Started: time.Now()}, nil
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, fmt.Errorf("progress of the walk: %w", err)
	}
	return p, nil
}

// save replaces the file as a whole, so that a killed process leaves the old one or the new one.
func (p progress) save(directory string) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	path := filepath.Join(directory, "progress.json")
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// account prints the walk's progress and saves it.
type account struct {
	mu        sync.Mutex
	out       io.Writer
	directory string
	progress  progress
	before    Totals // of the processes before
	current   func() Totals
	doing     string    // what the present station does
	printed   time.Time // when the last line was
}

// silence is how long the account stays silent while a station takes its time.
const silence = 3 * time.Second

const columns = "%7s  %-11s %-34s %8s %9s %7s %9s %9s %5s %9s\n"

func (a *account) head() {
	fmt.Fprintf(a.out, columns, "time", "phase", "", "calls", "mirrored", "failed", "repaired", "compared", "lost", "diverged")
}

// begin remembers what is being done.
func (a *account) begin(doing string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.doing, a.printed = doing, time.Now()
}

// continues says how far what is being done is.
func (a *account) continues(doing string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.doing = doing
}

// beat saves the totals, and prints them if nothing was printed for long.
func (a *account) beat(phase fmt.Stringer) {
	a.tick()
	a.mu.Lock()
	doing, silent := a.doing, time.Since(a.printed) > silence
	a.mu.Unlock()
	if silent && doing != "" {
		a.line(phase, "… "+doing)
	}
}

// line prints what was done, with the totals so far.
func (a *account) line(phase fmt.Stringer, text string) {
	t := a.tick()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.printed = time.Now()
	fmt.Fprintf(a.out, columns, a.elapsed(), phase, text, number(t.Calls), number(t.Mirrored), number(t.Failed), number(t.Repaired),
		number(t.Compared), number(t.Lost), number(t.Diverged))
}

// note prints a line without totals.
func (a *account) note(phase fmt.Stringer, format string, args ...any) {
	fmt.Fprintf(a.out, "%7s  %-11s %s\n", a.elapsed(), phase, fmt.Sprintf(format, args...))
}

func (a *account) elapsed() string {
	return fmt.Sprintf("%.1fs", time.Since(a.progress.Started).Seconds())
}

// kills is how often the process was killed.
func (a *account) kills() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.progress.Totals.Kills
}

// crashes is how often it was killed in this station.
func (a *account) crashes() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.progress.Crashes
}

// tick brings the totals up to date and saves them. A totals file that cannot be written shows in the next station.
func (a *account) tick() Totals {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.progress.Totals = a.before.plus(a.current())
	a.progress.save(a.directory) //nolint:errcheck // reach and crash report it
	return a.progress.Totals
}

// reach remembers that the next station is the given one.
func (a *account) reach(station int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.progress.Station, a.progress.Crashes = station, 0
	return a.progress.save(a.directory)
}

// crash remembers that the process is about to be killed.
func (a *account) crash() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.progress.Crashes++
	a.progress.Totals = a.before.plus(a.current())
	a.progress.Totals.Kills++
	a.before.Kills++
	return a.progress.save(a.directory)
}

// number writes a number with commas.
func number(n int64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
