package walk

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/quickstart/data"
)

// The ways to break the walk on purpose: a check that cannot fail proves nothing.
const (
	breakMirrorLies = "mirror-lies" // in OldGuarded the mirror acknowledges writes that it does not make
	breakCorruption = "corruption"  // a package is taken out of the new store behind the wrapper's back
	breakStale      = "stale"       // the way back begins with an old store that has what is out of date
)

var breaks = []string{breakMirrorLies, breakCorruption, breakStale}

// options are the walk's flags.
type options struct {
	index     string // file; "" for the slice that the examples carry
	limit     int    // packages; 0 for all
	directory string // "" for a temporary one
	broken    string // one of breaks, or ""
	stay      time.Duration
	kills     int // at least, beyond those of the route
}

// errUsage is returned for flags that cannot be followed; they were complained about already.
var errUsage = errors.New("usage")

func parseFlags(arguments []string, messages io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("walk", flag.ContinueOnError)
	flags.SetOutput(messages)
	flags.StringVar(&o.index, "index", "", "package index to read, plain or .gz (default: the slice that the examples carry)")
	flags.IntVar(&o.limit, "packages", 0, "use the first `n` packages (default: all)")
	flags.StringVar(&o.directory, "dir", "", "empty `directory` for the stores, the flags and the ledger, which is kept (default: a temporary one)")
	flags.DurationVar(&o.stay, "stay", 1500*time.Millisecond, "how long to stay in each phase")
	flags.IntVar(&o.kills, "kills", 0, "kill the process `n` times more, at moments that nobody chooses")
	flags.StringVar(&o.broken, "break", "", "break a rule on purpose, to see the walk fail: "+strings.Join(breaks, ", "))
	if err := flags.Parse(arguments); err != nil {
		return o, errUsage
	}
	if o.broken != "" && !slices.Contains(breaks, o.broken) {
		fmt.Fprintf(messages, "-break=%s is not known: want one of %s\n", o.broken, strings.Join(breaks, ", "))
		return o, errUsage
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(messages, "unexpected argument %s\n", flags.Arg(0))
		return o, errUsage
	}
	return o, nil
}

func (o options) records() (records []debindex.Record, err error) {
	if o.index == "" {
		records, err = debindex.ReadGzip(bytes.NewReader(data.Packages))
	} else {
		records, err = debindex.ReadFile(o.index)
	}
	if o.limit > 0 && len(records) > o.limit {
		records = records[:o.limit]
	}
	if err == nil && len(records) < writers {
		err = fmt.Errorf("the index has %d packages; the walk needs %d", len(records), writers)
	}
	return unique(records), err
}

// unique keeps the last record of each name: an index may list several versions of a package.
func unique(records []debindex.Record) []debindex.Record {
	at := make(map[string]int, len(records))
	kept := records[:0:0]
	for _, record := range records {
		if i, twice := at[record.Name]; twice {
			kept[i] = record
			continue
		}
		at[record.Name] = len(kept)
		kept = append(kept, record)
	}
	return kept
}

// Main runs the walk with the program's arguments and returns its exit status: 0 if nothing was lost and nothing
// diverged, 1 if something was or the walk failed, 2 for bad flags.
func Main[K, P any](subject Subject[K, P]) int {
	options, err := parseFlags(os.Args[1:], os.Stderr)
	if err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if directory := os.Getenv(childVariable); directory != "" {
		options.directory = directory
		err = run(ctx, subject, options, os.Stdout)
	} else {
		err = supervise(ctx, options, subject.Remove, os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
