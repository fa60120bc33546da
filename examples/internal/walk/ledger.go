package walk

import (
	"bufio"
	"fmt"
	"os"
	"sync"
)

// State is what the traffic made of a package. Its content is a function of its record in the index and of its state,
// so that the ledger need not hold contents.
type State struct {
	Present bool
	Saves   int // how often it was saved after the load
	Hands   int // how often it was given another maintainer
}

// Ledger knows which states of each package a reader may see. It survives the process: every line of its file is
// written before the write it announces begins, or after the one it acknowledges was answered.
//
// Each package is written by one writer at a time; anyone may read it.
type Ledger struct {
	mu      sync.Mutex
	file    *os.File
	entries map[string]*entry

	acknowledged int
}

// entry is the history of one package: states[i] is its state number first+i.
type entry struct {
	mu     sync.Mutex
	first  int
	states []State
	// floor is the number of the oldest state that a read which begins now may see: that of the last acknowledged
	// write, or of a later one that somebody has seen already.
	floor int
}

// OpenLedger opens the ledger's file, or makes it, and reads what it says.
func OpenLedger(path string) (*Ledger, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	ledger := &Ledger{file: file, entries: map[string]*entry{}}
	if err := ledger.replay(bufio.NewScanner(file)); err != nil {
		file.Close()
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return ledger, nil
}

// replay reads the lines "begin NAME PRESENT SAVES HANDS" and "done NAME NUMBER". The last one may be cut off.
func (l *Ledger) replay(lines *bufio.Scanner) error {
	for lines.Scan() {
		var name string
		var state State
		var number int
		if _, err := fmt.Sscanf(lines.Text(), "begin %s %t %d %d.", &name, &state.Present, &state.Saves, &state.Hands); err == nil {
			l.entry(name).push(state)
		} else if _, err := fmt.Sscanf(lines.Text(), "done %s %d.", &name, &number); err == nil {
			l.entry(name).raise(number)
			l.acknowledged++
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return l.write("\n") // ends a line that was cut off
}

// Close closes the file.
func (l *Ledger) Close() error { return l.file.Close() }

// Acknowledged is the number of acknowledged writes, those of earlier processes included.
func (l *Ledger) Acknowledged() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acknowledged
}

// Names lists the packages that were ever written.
func (l *Ledger) Names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	names := make([]string, 0, len(l.entries))
	for name := range l.entries {
		names = append(names, name)
	}
	return names
}

// Begin announces a write that will bring the package into a state, and returns the state's number.
func (l *Ledger) Begin(name string, state State) (int, error) {
	number := l.entry(name).push(state)
	return number, l.write(fmt.Sprintf("begin %s %t %d %d.\n", name, state.Present, state.Saves, state.Hands))
}

// Done acknowledges the write that was to bring the package into the state of that number.
func (l *Ledger) Done(name string, number int) error {
	l.entry(name).raise(number)
	l.mu.Lock()
	l.acknowledged++
	l.mu.Unlock()
	return l.write(fmt.Sprintf("done %s %d.\n", name, number))
}

// Last returns the newest state of a package, and whether the write that made it was acknowledged.
func (l *Ledger) Last(name string) (State, bool) {
	e := l.entry(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	last := len(e.states) - 1
	return e.states[last], e.floor == e.first+last
}

// Floor returns the number of the oldest state that a read which begins now may see.
func (l *Ledger) Floor(name string) int {
	e := l.entry(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.floor
}

// Seen holds a read that began at a floor against the states that were possible until now. It returns false if none
// matches. Whatever was seen once, no later read may see what was before it.
func (l *Ledger) Seen(name string, floor int, match func(State) bool) bool {
	e := l.entry(name)
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := floor - e.first; i < len(e.states); i++ {
		if match(e.states[i]) {
			e.floor = max(e.floor, e.first+i)
			return true
		}
	}
	return false
}

// Expected returns the newest state, for messages.
func (l *Ledger) Expected(name string) State {
	state, _ := l.Last(name)
	return state
}

// entry returns a package's entry. A package begins as absent, which is state number 0.
func (l *Ledger) entry(name string) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entries[name]
	if e == nil {
		e = &entry{states: []State{{}}}
		l.entries[name] = e
	}
	return e
}

func (l *Ledger) write(line string) error {
	if _, err := l.file.WriteString(line); err != nil {
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

func (e *entry) push(state State) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.states = append(e.states, state)
	return e.first + len(e.states) - 1
}

func (e *entry) raise(number int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.floor = max(e.floor, number)
}
