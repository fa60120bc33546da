// Package setting is what the harness tells a process of the load.
package setting

import (
	"encoding/json"
	"fmt"
	"time"
)

// Mode is what keeps the two stores together.
type Mode string

// The modes. All but Durable are red controls.
const (
	Durable Mode = "durable" // the journal in Postgres
	Memory  Mode = "memory"  // a journal in each process's memory
	Naive   Mode = "naive"   // none: the old store is written, then the new one
)

// Kind is the entity kind of both wrappers.
const Kind = "Item"

// Times that all processes share, and the harness with them.
const (
	Lease            = 1500 * time.Millisecond
	StatementTimeout = 500 * time.Millisecond
	CallTimeout      = time.Second
	MirrorTimeout    = 800 * time.Millisecond
)

// Settings of one process.
type Settings struct {
	ID      string // of the instance
	Number  int64  // no two processes share it; begins the values that it writes
	Ledger  string // file
	Mode    Mode
	Control string // URL of the database with flag record and journal
	Old     string // URL of the old store's database
	New     string // URL of the new store's database; empty: it is in Cassandra
	Node    string // of Cassandra, host:port
	Space   string // the keyspace
	Settle  time.Duration
	Joined  bool          // writes of the old store join the journal
	Writers int           // goroutines with traffic; 0: none
	Pause   time.Duration // between two calls of a goroutine, at most
	Mover   bool          // backfills and verifies
	Hot     int           // keys that all write
	Cold    int           // keys that are seldom written
	Kill    string        // the named point at which the process kills itself; empty: nowhere
	After   int           // how often it passes that point before
}

// Args are the arguments for Parse.
func (s Settings) Args() ([]string, error) {
	text, err := json.Marshal(s)
	return []string{string(text)}, err
}

// Parse reads the settings from the command's arguments.
func Parse(args []string) (s Settings, err error) {
	if len(args) != 1 {
		return s, fmt.Errorf("want the settings as one argument, got %d", len(args))
	}
	err = json.Unmarshal([]byte(args[0]), &s)
	return s, err
}

// HotPrefix begins the keys that all write.
const HotPrefix = "hot"

// HotKey and ColdKey name keys.
func HotKey(n int) string { return fmt.Sprintf("%s%03d", HotPrefix, n) }

// ColdKey names a key that is there from the beginning.
func ColdKey(n int) string { return fmt.Sprintf("cold%04d", n) }
