package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/queue"
)

// given is a queued write that was given up, as JSON.
type given struct {
	Seq      uint64 `json:"seq"`
	Key      string `json:"key"`
	Method   string `json:"method"`
	ID       string `json:"id"`
	Attempts int    `json:"attempts"`
	Waited   string `json:"waited"`
	Problem  string `json:"problem"`
}

// queued is what queue list prints, as JSON.
type queued struct {
	Pending int64   `json:"pending"`
	Oldest  string  `json:"oldest"`
	Parked  int64   `json:"parked"`
	Given   []given `json:"given"` // at most as many as --limit says
}

func bindQueue(flags *flag.FlagSet) func(context.Context, *session) error {
	limit := flags.Int("limit", 1000, "how many entries at most")
	confirm := flags.Bool("confirm", false, "drop: accept that what the entries were to write is lost")
	return func(ctx context.Context, s *session) error {
		verb, names := listRetryDrop(s.args, confirm)
		if verb == "" || verb == "list" && len(names) > 0 {
			return fmt.Errorf("%w: queue list, queue drop --confirm SEQ..., or queue retry [SEQ...]", errUsage)
		}
		if s.queue == nil {
			return fmt.Errorf("%w: this program opens no queue: give it one by ctl.Program.Queue", errUsage)
		}
		q, err := s.queue(ctx)
		if err != nil {
			return fmt.Errorf("open the queue: %w", err)
		}
		entries, err := q.Parked(ctx, *limit)
		if err != nil {
			return fmt.Errorf("list the entries that were given up: %w", err)
		}
		if verb == "list" {
			return s.listQueue(ctx, q, entries)
		}
		if entries, err = numbered(entries, names); err != nil {
			return err
		}
		if verb == "drop" {
			return s.dropQueued(ctx, q, entries, *confirm)
		}
		return s.retryQueued(ctx, q, entries)
	}
}

func (s *session) listQueue(ctx context.Context, q queue.Queue, entries []queue.Parked) error {
	status, err := q.Status(ctx)
	if err != nil {
		return fmt.Errorf("count the queue: %w", err)
	}
	all := queued{Pending: status.Pending, Oldest: status.Oldest.Round(time.Millisecond).String(), Parked: status.Parked, Given: []given{}}
	for _, e := range entries {
		all.Given = append(all.Given, given{e.Seq, e.Key.String(), e.Method, e.ID, e.Attempts, e.Waited.Round(time.Millisecond).String(), e.Problem})
	}
	return s.print(all, func(w io.Writer) {
		for _, e := range entries {
			fmt.Fprintf(w, "%d  %v  %s, %d attempts, queued %v ago\n  %s\n", e.Seq, e.Key, outlook.Line(e.Method), e.Attempts, e.Waited.Round(time.Second), outlook.Line(e.Problem))
		}
		fmt.Fprintf(w, "%d waiting, the oldest for %v; %d given up\n", status.Pending, status.Oldest.Round(time.Second), status.Parked)
	})
}

// numbered are the entries of those sequences, or all if there are none.
func numbered(entries []queue.Parked, names []string) ([]queue.Parked, error) {
	if len(names) == 0 {
		return entries, nil
	}
	var found []queue.Parked
	for _, name := range names {
		at := slices.IndexFunc(entries, func(e queue.Parked) bool { return strconv.FormatUint(e.Seq, 10) == name })
		if at < 0 {
			return nil, fmt.Errorf("%w: %s is no entry that was given up; queue list shows those that were", errUsage, name)
		}
		found = append(found, entries[at])
	}
	return found, nil
}

// theWrites names entries and their keys.
func theWrites(entries []queue.Parked) string {
	var all []string
	for _, e := range entries {
		all = append(all, fmt.Sprintf("%d (%s of %v)", e.Seq, e.Method, e.Key))
	}
	return strings.Join(all, ", ")
}

// sequences are those of the entries, as JSON.
func sequences(entries []queue.Parked) []uint64 {
	all := []uint64{}
	for _, e := range entries {
		all = append(all, e.Seq)
	}
	return all
}

func (s *session) retryQueued(ctx context.Context, q queue.Queue, entries []queue.Parked) error {
	for _, e := range entries {
		if s.dry {
			break
		}
		if err := q.Retry(ctx, e.Seq); err != nil {
			return fmt.Errorf("retry entry %d: %w", e.Seq, err)
		}
	}
	if !s.dry && len(entries) > 0 {
		if err := s.note(ctx, fmt.Sprintf("had %d queued writes tried again that were given up", len(entries))); err != nil {
			return err
		}
	}
	return s.print(sequences(entries), func(w io.Writer) { fmt.Fprintf(w, "%d entries are tried again\n", len(entries)) })
}

// dropQueued leaves entries out. Neither store gets what they were to write, so that certificates count on.
func (s *session) dropQueued(ctx context.Context, q queue.Queue, entries []queue.Parked, confirmed bool) error {
	switch {
	case !confirmed:
		return fmt.Errorf("%w: what was answered and is to be written by %s is lost then: confirm with --confirm", errUsage, theWrites(entries))
	case s.dry:
		return s.print(sequences(entries), func(w io.Writer) { fmt.Fprintf(w, "%d entries would be dropped\n", len(entries)) })
	}
	for _, e := range entries {
		if err := q.Drop(ctx, e.Seq); err != nil {
			return fmt.Errorf("drop entry %d: %w", e.Seq, err)
		}
		if err := s.note(ctx, "dropped a queued write: "+theWrites([]queue.Parked{e})); err != nil {
			return err
		}
	}
	return s.print(sequences(entries), func(w io.Writer) {
		fmt.Fprintf(w, "%d entries dropped: what they were to write is lost, and those after them go on\n", len(entries))
	})
}
