// Package ledger is what a process of the crash tests leaves behind: every call it began, every answer it got, each
// written with one write(2), so that it survives a SIGKILL of the process.
package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Op is what a call does to one key.
type Op string

// The calls. PutMany is a Put of each of its keys, and Sweep a Sweep of all that it might touch.
const (
	Put     Op = "put"
	SetNote Op = "note"
	Delete  Op = "delete"
	Sweep   Op = "sweep" // deletes what has a value that leaves the remainder Wrote.Value, divided by 16
	Get     Op = "get"
)

// State is one key's entity. Values and notes are numbers that no two writes share; 0 is none.
type State struct {
	Present     bool
	Value, Note int64
}

// Outcome is what became of a call.
type Outcome string

// The outcomes.
const (
	Unknown Outcome = "unknown" // no answer, or one that may hide an effect
	Done    Outcome = "done"
	Refused Outcome = "refused" // the runtime says that nothing was done
)

// Call is a call on one key. Began and Ended are of the machine's monotonic clock, which all processes share.
type Call struct {
	Op           Op
	Key          string
	Began, Ended time.Duration // Ended is 0 where Outcome is Unknown
	Wrote        State         // what a write brings
	Outcome      Outcome
	Read         State // what a Get found
}

// Verified is what a verify pass found.
type Verified struct {
	// Proves says that parity was never void while it ran, so that no difference is to be explained by that.
	Proves                           bool
	Different, OnlyPrimary, Compared int64
}

// Now is the machine's monotonic clock.
func Now() time.Duration {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		panic(err) // Linux always has this clock
	}
	return time.Duration(now.Nano())
}

// Writer appends to the ledger of this process. It is safe for concurrent use.
type Writer struct {
	file   *os.File
	number atomic.Int64
}

// Create makes the ledger's file.
func Create(name string) (*Writer, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create ledger: %w", err)
	}
	return &Writer{file: file}, nil
}

// Begin notes a call that is about to be made, and returns its number.
func (w *Writer) Begin(op Op, key string, wrote State) (int64, error) {
	number := w.number.Add(1)
	return number, w.write("call %d %d %s %s %d %d.\n", number, Now(), op, key, wrote.Value, wrote.Note)
}

// End notes a call's answer. One whose outcome is Unknown needs none.
func (w *Writer) End(number int64, outcome Outcome, read State) error {
	return w.write("answer %d %d %s %t %d %d.\n", number, Now(), outcome, read.Present, read.Value, read.Note)
}

// Verify notes what a verify pass found.
func (w *Writer) Verify(v Verified) error {
	return w.write("verified %t %d %d %d.\n", v.Proves, v.Different, v.OnlyPrimary, v.Compared)
}

func (w *Writer) write(format string, args ...any) error {
	if _, err := fmt.Fprintf(w.file, format, args...); err != nil { // Fprintf writes once
		return fmt.Errorf("write ledger: %w", err)
	}
	return nil
}

// Book is what a ledger says.
type Book struct {
	Calls    []Call
	Verified []Verified
}

// Read reads a ledger. Its last line may be cut off.
func Read(name string) (Book, error) {
	file, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return Book{}, nil // killed before it began
	}
	if err != nil {
		return Book{}, err
	}
	defer file.Close()
	book, err := read(file)
	if err != nil {
		return Book{}, fmt.Errorf("read ledger %s: %w", name, err)
	}
	return book, nil
}

func read(from io.Reader) (Book, error) {
	var book Book
	index := make(map[int64]int)
	for lines := bufio.NewScanner(from); lines.Scan(); {
		var number int64
		var call, answer Call
		var v Verified
		line := lines.Text()
		if _, err := fmt.Sscanf(line, "call %d %d %s %s %d %d.", &number, &call.Began, &call.Op, &call.Key, &call.Wrote.Value, &call.Wrote.Note); err == nil {
			call.Wrote.Present, call.Outcome = call.Op != Delete && call.Op != Sweep, Unknown
			index[number] = len(book.Calls)
			book.Calls = append(book.Calls, call)
		} else if _, err := fmt.Sscanf(line, "answer %d %d %s %t %d %d.", &number, &answer.Ended, &answer.Outcome,
			&answer.Read.Present, &answer.Read.Value, &answer.Read.Note); err == nil {
			i, known := index[number]
			if !known {
				return book, fmt.Errorf("answer to an unknown call: %s", line)
			}
			book.Calls[i].Ended, book.Calls[i].Outcome, book.Calls[i].Read = answer.Ended, answer.Outcome, answer.Read
		} else if _, err := fmt.Sscanf(line, "verified %t %d %d %d.", &v.Proves, &v.Different, &v.OnlyPrimary, &v.Compared); err == nil {
			book.Verified = append(book.Verified, v)
		}
	}
	return book, nil
}
